using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace XdpLvs.Director.Tests.Tools;

/// <summary>A frame of a capture file.</summary>
/// <param name="Us">Time stamp, microseconds since 1970.</param>
/// <param name="Octets">What was captured.</param>
/// <param name="CutOff">How many octets more it had on the wire.</param>
internal sealed record PcapFrame(long Us, byte[] Octets, int CutOff = 0);

/// <summary>Capture files, octet by octet and without libpcap.</summary>
/// <remarks>draft-ietf-opsawg-pcap section 4 and 5; draft-ietf-opsawg-pcapng section 4.</remarks>
internal static class PcapFile
{
    internal const int Ethernet = 1, LinuxCooked = 113;

    private const uint MagicUs = 0xA1B2C3D4, MagicNs = 0xA1B23C4D;
    private const int FileHeader = 24, FrameHeader = 16;

    internal static byte[] Classic(IEnumerable<PcapFrame> frames, int linkType = Ethernet)
    {
        var file = new MemoryStream();
        Put(file, MagicUs, 0x0004_0002, 0, 0, 262_144, (uint)linkType);
        foreach (PcapFrame frame in frames)
        {
            uint length = (uint)frame.Octets.Length;
            Put(file, (uint)(frame.Us / 1_000_000), (uint)(frame.Us % 1_000_000), length, length + (uint)frame.CutOff);
            file.Write(frame.Octets);
        }

        return file.ToArray();
    }

    internal static byte[] NextGeneration(IEnumerable<PcapFrame> frames)
    {
        var file = new MemoryStream();
        Put(file, 0x0A0D0D0A, 28, 0x1A2B3C4D, 0x0000_0001, uint.MaxValue, uint.MaxValue, 28);
        Put(file, 1, 20, Ethernet, 262_144, 20);
        foreach (PcapFrame frame in frames)
        {
            int padding = -frame.Octets.Length & 3;
            uint length = (uint)frame.Octets.Length, block = (uint)(32 + frame.Octets.Length + padding);
            Put(file, 6, block, 0, (uint)(frame.Us >> 32), (uint)(frame.Us & uint.MaxValue), length, length);
            file.Write([.. frame.Octets, .. new byte[padding]]);
            Put(file, block);
        }

        return file.ToArray();
    }

    /// <summary>Reads what we wrote: pcap, micro- or nanoseconds, Ethernet.</summary>
    internal static List<PcapFrame> Read(string path)
    {
        ReadOnlySpan<byte> file = File.ReadAllBytes(path);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(file);
        if (magic is not (MagicUs or MagicNs) || BinaryPrimitives.ReadUInt32LittleEndian(file[20..]) != Ethernet)
        {
            throw new InvalidDataException($"{path} begins with {Convert.ToHexString(file[..FileHeader])}");
        }

        var frames = new List<PcapFrame>();
        for (file = file[FileHeader..]; file.Length > 0;)
        {
            long us = BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) / (magic == MagicNs ? 1000 : 1);
            us += BinaryPrimitives.ReadUInt32LittleEndian(file) * 1_000_000L;
            int length = BinaryPrimitives.ReadInt32LittleEndian(file[8..]);
            frames.Add(new PcapFrame(us, file.Slice(FrameHeader, length).ToArray()));
            file = file[(FrameHeader + length)..];
        }

        return frames;
    }

    private static void Put(MemoryStream file, params ReadOnlySpan<uint> words)
    {
        Span<byte> octets = stackalloc byte[4];
        foreach (uint word in words)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(octets, word);
            file.Write(octets);
        }
    }
}
