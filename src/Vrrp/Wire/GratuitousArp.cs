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

    private const int TargetOffset = 0, SourceOffset = 6, EtherTypeOffset = 12, HardwareTypeOffset = 14,
        ProtocolTypeOffset = 16, HardwareSizeOffset = 18, ProtocolSizeOffset = 19, OperationOffset = 20,
        SenderMacOffset = 22, SenderIpOffset = 28, TargetMacOffset = 32, TargetIpOffset = 38;

    private const ushort Arp = 0x0806, Ethernet = 1, Ipv4 = 0x0800, Request = 1;
    private const int MacSize = 6, Ipv4Size = 4;
    private const ulong Broadcast = 0xFFFF_FFFF_FFFF;

    /// <summary>Writes one Ethernet frame.</summary>
    /// <param name="target">At least <see cref="Length"/> octets.</param>
    /// <param name="mac48">Where the address lives: 48 bits, the first octet on the wire is the highest.</param>
    /// <param name="vip">The virtual address, host order.</param>
    /// <returns>Octets written.</returns>
    public static int Write(Span<byte> target, ulong mac48, uint vip)
    {
        Span<byte> frame = target[..Length];
        WriteMac(frame[TargetOffset..], Broadcast);
        WriteMac(frame[SourceOffset..], mac48);
        BinaryPrimitives.WriteUInt16BigEndian(frame[EtherTypeOffset..], Arp);
        BinaryPrimitives.WriteUInt16BigEndian(frame[HardwareTypeOffset..], Ethernet);
        BinaryPrimitives.WriteUInt16BigEndian(frame[ProtocolTypeOffset..], Ipv4);
        frame[HardwareSizeOffset] = MacSize;
        frame[ProtocolSizeOffset] = Ipv4Size;
        BinaryPrimitives.WriteUInt16BigEndian(frame[OperationOffset..], Request);
        WriteMac(frame[SenderMacOffset..], mac48);
        BinaryPrimitives.WriteUInt32BigEndian(frame[SenderIpOffset..], vip);
        WriteMac(frame[TargetMacOffset..], Broadcast);
        BinaryPrimitives.WriteUInt32BigEndian(frame[TargetIpOffset..], vip);
        return Length;
    }

    private static void WriteMac(Span<byte> target, ulong mac48)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)((mac48 >> 32) & 0xFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)(mac48 & 0xFFFF_FFFF));
    }
}
