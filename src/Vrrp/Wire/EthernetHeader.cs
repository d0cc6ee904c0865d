using System;
using System.Buffers.Binary;

namespace XdpLvs.Vrrp;

/// <summary>The fourteen octets before an announcement: IEEE 802.3 clause 3, no tag.</summary>
internal static class EthernetHeader
{
    public const int Size = 14;

    public const int MacSize = 6;

    private const int TargetOffset = 0, SourceOffset = 6, TypeOffset = 12;

    public static void Write(Span<byte> frame, ulong target48, ulong source48, ushort type)
    {
        WriteMac(frame[TargetOffset..], target48);
        WriteMac(frame[SourceOffset..], source48);
        BinaryPrimitives.WriteUInt16BigEndian(frame[TypeOffset..], type);
    }

    public static ushort TypeOf(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16BigEndian(frame[TypeOffset..]);

    public static void WriteMac(Span<byte> target, ulong mac48)
    {
        BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)((mac48 >> 32) & 0xFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(target[2..], (uint)(mac48 & 0xFFFF_FFFF));
    }

    public static ulong ReadMac(ReadOnlySpan<byte> octets) =>
        ((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32) | BinaryPrimitives.ReadUInt32BigEndian(octets[2..]);
}
