using System;
using System.Buffers.Binary;

namespace XdpLvs.Perf;

/// <summary>
/// UDP datagrams of many flows to one service: 64 octets on the wire without the frame check sequence, each with its
/// run, its number and the moment it was written.
/// </summary>
internal sealed class LoadFrames
{
    /// <summary>Octets of a frame.</summary>
    internal const int Length = 64;

    private const int SourceOffset = 26, ChecksumOffset = 24, PortOffset = 34;
    private const int RunOffset = 42, NumberOffset = 46, SentOffset = 50;
    private const int PortsPerClient = 16, FirstPort = 1024;
    private const uint Clients = 0x0A100000; // 10.16.0.0/12

    private readonly byte[] _template = new byte[Length];
    private readonly uint _sum;

    /// <summary>Prepares them.</summary>
    /// <param name="source">MAC address, six octets.</param>
    /// <param name="target">MAC address.</param>
    /// <param name="service">Where they go, port 80.</param>
    internal LoadFrames(ReadOnlySpan<byte> source, ReadOnlySpan<byte> target, uint service)
    {
        Span<byte> frame = _template;
        target.CopyTo(frame);
        source.CopyTo(frame[6..]);
        ReadOnlySpan<byte> header = [0x08, 0x00, 0x45, 0, 0, 50, 0, 0, 0x40, 0, 64, 17];
        header.CopyTo(frame[12..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[30..], service);
        BinaryPrimitives.WriteUInt16BigEndian(frame[36..], 80);
        BinaryPrimitives.WriteUInt16BigEndian(frame[38..], 30); // no checksum behind it: UDP over IPv4 need have none
        for (int i = 14; i < PortOffset; i += 2)
        {
            _sum += BinaryPrimitives.ReadUInt16BigEndian(frame[i..]);
        }
    }

    /// <summary>Writes one.</summary>
    /// <param name="frame"><see cref="Length"/> octets.</param>
    /// <param name="flow">Which flow; below a million there are as many as numbers.</param>
    /// <param name="run">Told apart from frames that are late from an earlier run.</param>
    /// <param name="number">Within the run.</param>
    /// <param name="sent">Nanoseconds.</param>
    internal void Write(Span<byte> frame, uint flow, uint run, uint number, long sent)
    {
        _template.CopyTo(frame);
        uint client = Clients + (flow / PortsPerClient);
        BinaryPrimitives.WriteUInt32BigEndian(frame[SourceOffset..], client);
        uint sum = _sum + (client >> 16) + (client & 0xFFFF);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame[ChecksumOffset..], (ushort)~sum);
        BinaryPrimitives.WriteUInt16BigEndian(frame[PortOffset..], (ushort)(FirstPort + (flow % PortsPerClient)));
        BinaryPrimitives.WriteUInt32BigEndian(frame[RunOffset..], run);
        BinaryPrimitives.WriteUInt32BigEndian(frame[NumberOffset..], number);
        BinaryPrimitives.WriteInt64BigEndian(frame[SentOffset..], sent);
    }

    /// <summary>Reads one that arrived. False for a frame that is none of that run's.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> frame, uint run, out uint number, out long sent)
    {
        bool ours = frame.Length == Length
            && frame[12] == 0x08 && frame[13] == 0 && frame[23] == 17
            && BinaryPrimitives.ReadUInt32BigEndian(frame[RunOffset..]) == run;
        number = ours ? BinaryPrimitives.ReadUInt32BigEndian(frame[NumberOffset..]) : 0;
        sent = ours ? BinaryPrimitives.ReadInt64BigEndian(frame[SentOffset..]) : 0;
        return ours;
    }
}
