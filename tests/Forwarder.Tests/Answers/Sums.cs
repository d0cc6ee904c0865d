using System;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>The checksums as their RFCs spell them, without the code under test.</summary>
internal static class Sums
{
    /// <summary>RFC 1071, 16 bits at a time, folded, not complemented.</summary>
    internal static int Internet(ReadOnlySpan<byte> octets, int sum = 0)
    {
        for (int i = 0; i < octets.Length; i += 2)
        {
            sum += (octets[i] << 8) | (i + 1 < octets.Length ? octets[i + 1] : 0);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    /// <summary>With the pseudo-header of either family: RFC 9293 section 3.1, RFC 8200 section 8.1.</summary>
    internal static int Transport(IpAddress source, IpAddress target, byte protocol, ReadOnlySpan<byte> message)
    {
        int size = source.IsV4 ? 4 : 16;
        Span<byte> pseudo = stackalloc byte[(2 * size) + 4];
        source.CopyTo(pseudo);
        target.CopyTo(pseudo[size..]);
        pseudo[^3] = protocol;
        return Internet(message, Internet(pseudo, message.Length));
    }

    /// <summary>CRC-32C bit by bit: RFC 9260 appendix A, the polynomial reflected.</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        foreach (byte octet in octets)
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
