using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>The checksum of IPv4 and VRRPv2: RFC 1071.</summary>
internal static class InternetChecksum
{
    /// <summary>
    /// One's complement of the one's complement sum of the octets, host order. Zero if they contain a right checksum.
    /// </summary>
    public static ushort Of(ReadOnlySpan<byte> octets)
    {
        uint sum = 0; // 65,535 octets at most: 2^15 words of 2^16 fit
        for (; octets.Length >= 2; octets = octets[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        }

        sum += octets.Length == 1 ? (uint)octets[0] << 8 : 0;
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum += sum >> 16;
        return (ushort)(~sum & 0xFFFF);
    }
}
