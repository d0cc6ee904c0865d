using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;

namespace XdpLvs.Guest.Tests;

/// <summary>Reads what tcpdump wrote, and writes what tcpreplay reads.</summary>
/// <remarks>The pcap format of libpcap 2.4, little-endian, Ethernet.</remarks>
internal static class Capture
{
    private const uint Magic = 0xA1B2C3D4;
    private const int FileHeaderSize = 24, RecordHeaderSize = 16, CapturedOffset = 8;

    /// <summary>The frames in the order in which they passed.</summary>
    internal static List<byte[]> Frames(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < FileHeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(file) != Magic)
        {
            throw new InvalidDataException($"{path} is not a little-endian pcap file");
        }

        List<byte[]> frames = [];
        for (int at = FileHeaderSize; at < file.Length;)
        {
            int size = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + CapturedOffset));
            frames.Add(file[(at + RecordHeaderSize)..(at + RecordHeaderSize + size)]);
            at += RecordHeaderSize + size;
        }

        return frames;
    }

    /// <summary>Writes frames, all at the same moment.</summary>
    internal static void Write(string path, IEnumerable<byte[]> frames)
    {
        const int LengthMax = 0xFFFF;
        using var file = new BinaryWriter(File.Create(path)); // little-endian everywhere
        file.Write(Magic);
        file.Write(0x0004_0002); // version 2.4
        file.Write(0L); // time zone, accuracy
        file.Write(LengthMax);
        file.Write(1); // Ethernet
        foreach (byte[] frame in frames)
        {
            file.Write(0L); // when
            file.Write(frame.Length);
            file.Write(frame.Length);
            file.Write(frame);
        }
    }
}
