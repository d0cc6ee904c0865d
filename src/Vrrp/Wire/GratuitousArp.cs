using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>Writes the frame that tells a segment where a virtual address lives now.</summary>
/// <remarks>
/// RFC 826, RFC 5227 section 1.1. A request, broadcast, with sender and target the virtual address and the target's
/// hardware address all ones: octet for octet keepalived's.
/// </remarks>
public static class GratuitousArp
{
    /// <summary>Octets of the frame, without padding: the driver adds that.</summary>
    public const int Length = 42;

    private const int FixedOffset = 14, SenderMacOffset = 22, SenderIpOffset = 28, TargetMacOffset = 32,
        TargetIpOffset = 38;

    private const ushort Arp = 0x0806;
    private const ulong Ipv4OverEthernetRequest = 0x0001_0800_0604_0001; // hardware, protocol, their sizes, operation
    private const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    /// <summary>Writes one Ethernet frame.</summary>
    /// <param name="target">At least <see cref="Length"/> octets.</param>
    /// <param name="mac48">Where the address lives: 48 bits, the first octet on the wire is the highest.</param>
    /// <param name="vip">The virtual address, an IPv4 one.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> target, ulong mac48, VrrpAddress vip)
    {
        Span<byte> frame = target[..Length];
        EthernetHeader.Write(frame, Broadcast, mac48, Arp);
        BinaryPrimitives.WriteUInt64BigEndian(frame[FixedOffset..], Ipv4OverEthernetRequest);
        EthernetHeader.WriteMac(frame[SenderMacOffset..], mac48);
        BinaryPrimitives.WriteUInt32BigEndian(frame[SenderIpOffset..], vip.V4);
        EthernetHeader.WriteMac(frame[TargetMacOffset..], Broadcast);
        BinaryPrimitives.WriteUInt32BigEndian(frame[TargetIpOffset..], vip.V4);
        return Length;
    }

    /// <summary>Reads such a frame: an ARP request whose sender asks for its own address.</summary>
    /// <param name="frame">From the destination MAC on; may be padded.</param>
    /// <param name="mac48">Where the address lives.</param>
    /// <param name="vip">The address.</param>
    public static bool TryRead(ReadOnlySpan<byte> frame, out ulong mac48, out VrrpAddress vip)
    {
        bool isRequest = frame.Length >= Length
            && EthernetHeader.TypeOf(frame) == Arp
            && BinaryPrimitives.ReadUInt64BigEndian(frame[FixedOffset..]) == Ipv4OverEthernetRequest;
        uint sender = isRequest ? BinaryPrimitives.ReadUInt32BigEndian(frame[SenderIpOffset..]) : 0;
        bool isOurs = isRequest && sender == BinaryPrimitives.ReadUInt32BigEndian(frame[TargetIpOffset..]);
        mac48 = isOurs ? EthernetHeader.ReadMac(frame[SenderMacOffset..]) : 0;
        vip = isOurs ? sender : default(VrrpAddress);
        return isOurs;
    }
}
