using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Writes the header of an IPv6 packet: RFC 8200 section 3.</summary>
/// <remarks>Also for packets that came without one: a raw IPv6 socket tells these values beside the message.</remarks>
public static class Ipv6Header
{
    /// <summary>CS6, what routers say to each other; the Traffic Class of keepalived's adverts.</summary>
    public const byte InternetworkControl = 0xC0;

    /// <summary>Writes <see cref="Ipv6View.HeaderSize"/> octets.</summary>
    /// <param name="target">At least so many.</param>
    /// <param name="trafficClass">RFC 2474.</param>
    /// <param name="payloadLength">Octets that follow.</param>
    /// <param name="nextHeader">Protocol of what follows.</param>
    /// <param name="hopLimit">Routers that may forward it, and one.</param>
    /// <param name="source">An IPv6 address.</param>
    /// <param name="destination">An IPv6 address.</param>
    public static void Write(
        Span<byte> target,
        byte trafficClass,
        int payloadLength,
        byte nextHeader,
        byte hopLimit,
        VrrpAddress source,
        VrrpAddress destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(target, (6u << 28) | ((uint)trafficClass << 20));
        BinaryPrimitives.WriteUInt16BigEndian(target[Ipv6View.PayloadLengthOffset..], (ushort)payloadLength);
        target[Ipv6View.NextHeaderOffset] = nextHeader;
        target[Ipv6View.HopLimitOffset] = hopLimit;
        source.Write(target[Ipv6View.SourceOffset..]);
        destination.Write(target[Ipv6View.DestinationOffset..]);
    }
}
