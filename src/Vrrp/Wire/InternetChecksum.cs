using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>The checksum of IPv4, VRRP, ICMPv6 and IGMP: RFC 1071.</summary>
internal static class InternetChecksum
{
    /// <summary>
    /// One's complement of the one's complement sum of the octets, host order. Zero if they contain a right checksum.
    /// </summary>
    public static ushort Of(ReadOnlySpan<byte> octets) => Fold(Sum(octets));

    /// <summary>The same over a pseudo-header before the octets.</summary>
    /// <remarks>
    /// RFC 8200 section 8.1 for IPv6. For VRRPv3 on IPv4 what RFC 5798 section 5.2.8 was read to mean: source,
    /// destination, a zero, the protocol, and the length in 16 bits.
    /// </remarks>
    public static ushort Of(
        ReadOnlySpan<byte> octets, VrrpAddress source, VrrpAddress destination, byte protocol) =>
        Fold(Sum(octets) + Sum(source) + Sum(destination) + protocol + (uint)octets.Length);

    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0; // 65,535 octets at most: 2^15 words of 2^16 fit
        for (; octets.Length >= 2; octets = octets[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        }

        return sum + (octets.Length == 1 ? (uint)octets[0] << 8 : 0);
    }

    private static uint Sum(VrrpAddress address) =>
        address.IsV4 ? Halves(address.V4) : Words(address.High) + Words(address.Low);

    private static uint Words(ulong value) => Halves((uint)(value >> 32)) + Halves((uint)(value & uint.MaxValue));

    private static uint Halves(uint value) => (value >> 16) + (value & 0xFFFF);

    private static ushort Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum += sum >> 16;
        return (ushort)(~sum & 0xFFFF);
    }
}
