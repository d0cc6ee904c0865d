using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Writes the frame that tells a segment where a virtual IPv6 address lives now.</summary>
/// <remarks>
/// RFC 4861 section 4.4, RFC 9568 section 6.4.1: unsolicited, to all nodes, with the override flag and the target's
/// link-layer address; the router flag says whether this host forwards IPv6. Octet for octet keepalived's.
/// </remarks>
public static class NeighbourAdvertisement
{
    /// <summary>Octets of the frame.</summary>
    public const int Length = EthernetHeader.Size + Ipv6View.HeaderSize + MessageSize;

    private const int MessageSize = 32, ChecksumOffset = 2, FlagsOffset = 4, TargetOffset = 8, OptionOffset = 24;
    private const byte Icmpv6 = 58, Type = 136, HopLimit = 255, Router = 0x80, Override = 0x20;
    private const byte TargetLinkLayerAddress = 2, OptionUnits = 1;
    private const ushort Ipv6 = 0x86DD;
    private const ulong AllNodesMac = 0x3333_0000_0001;

    private static readonly VrrpAddress AllNodes = new(0xFF02_0000_0000_0000, 1);

    /// <summary>Writes one Ethernet frame.</summary>
    /// <param name="target">At least <see cref="Length"/> octets.</param>
    /// <param name="mac48">Where the address lives: 48 bits, the first octet on the wire is the highest.</param>
    /// <param name="vip">The virtual address: also the packet's source.</param>
    /// <param name="isRouter">Whether this host forwards IPv6.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> target, ulong mac48, VrrpAddress vip, bool isRouter)
    {
        Span<byte> frame = target[..Length];
        EthernetHeader.Write(frame, AllNodesMac, mac48, Ipv6);
        Ipv6Header.Write(frame[EthernetHeader.Size..], 0, MessageSize, Icmpv6, HopLimit, vip, AllNodes);
        Span<byte> message = frame[^MessageSize..];
        message.Clear();
        message[0] = Type;
        message[FlagsOffset] = (byte)(Override | (isRouter ? Router : 0));
        vip.Write(message[TargetOffset..]);
        message[OptionOffset] = TargetLinkLayerAddress;
        message[OptionOffset + 1] = OptionUnits;
        EthernetHeader.WriteMac(message[(OptionOffset + 2)..], mac48);
        BinaryPrimitives.WriteUInt16BigEndian(
            message[ChecksumOffset..], InternetChecksum.Of(message, vip, AllNodes, Icmpv6));
        return Length;
    }

    /// <summary>Reads such a frame: exactly this form, with a right checksum.</summary>
    /// <param name="frame">From the destination MAC on.</param>
    /// <param name="mac48">Where the address lives.</param>
    /// <param name="vip">The address.</param>
    /// <param name="isRouter">Whether the sender forwards IPv6.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ulong mac48, out VrrpAddress vip, out bool isRouter)
    {
        (mac48, vip, isRouter) = (0, default, false);
        if (frame.Length < Length
            || EthernetHeader.TypeOf(frame) != Ipv6
            || !Ipv6View.TryOpen(frame[EthernetHeader.Size..], out Ipv6View ip)
            || ip is not { NextHeader: Icmpv6, HopLimit: HopLimit, Payload.Length: MessageSize })
        {
            return false;
        }

        ReadOnlySpan<byte> message = ip.Payload;
        if (message[0] != Type
            || message[OptionOffset] != TargetLinkLayerAddress
            || InternetChecksum.Of(message, ip.Source, ip.Destination, Icmpv6) != 0)
        {
            return false;
        }

        mac48 = EthernetHeader.ReadMac(message[(OptionOffset + 2)..]);
        vip = VrrpAddress.Read(message.Slice(TargetOffset, VrrpAddress.SizeV6));
        isRouter = (message[FlagsOffset] & Router) != 0;
        return true;
    }
}
