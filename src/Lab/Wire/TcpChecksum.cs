using System;
using System.Buffers.Binary;

namespace XdpLvs.Lab.Wire;

/// <summary>What a TCP segment's checksum field says.</summary>
public enum TcpChecksumState
{
    /// <summary>Neither right nor a pseudo-header sum.</summary>
    Wrong,

    /// <summary>The pseudo-header's sum only: a virtual card left the rest to hardware that is not there.</summary>
    Partial,

    /// <summary>Complete and right: RFC 9293 section 3.1.</summary>
    Right,
}

/// <summary>Judges the checksum of a captured TCP segment. Independent of the forwarder's own arithmetic.</summary>
public static class TcpChecksum
{
    private const int FieldOffset = 16;

    /// <summary>Looks at the field and at everything it should cover.</summary>
    public static TcpChecksumState Judge(CapturedFrame frame)
    {
        if (!frame.IsTcp)
        {
            return TcpChecksumState.Wrong;
        }

        ReadOnlySpan<byte> segment = frame.Octets[frame.Layer4..frame.Length];
        ReadOnlySpan<byte> addresses = frame.Octets.Slice(CapturedFrame.EthernetSize + 12, 8);
        uint pseudo = Sum(addresses) + 6 + (uint)segment.Length;
        if (Fold(pseudo + Sum(segment)) == 0xffff)
        {
            return TcpChecksumState.Right;
        }

        uint field = BinaryPrimitives.ReadUInt16BigEndian(segment[FieldOffset..]);
        return field == Fold(pseudo) ? TcpChecksumState.Partial : TcpChecksumState.Wrong;
    }

    /// <summary>The checksum of an IPv4 header is right when its own sum says so: RFC 791 section 3.1.</summary>
    public static bool IsIpv4HeaderRight(CapturedFrame frame) =>
        Fold(Sum(frame.Octets[CapturedFrame.EthernetSize..frame.Layer4])) == 0xffff;

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i++)
        {
            sum += (uint)octets[i] << (i % 2 == 0 ? 8 : 0);
        }

        return sum;
    }

    private static uint Fold(uint sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return sum;
    }
}
