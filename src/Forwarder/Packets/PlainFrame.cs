using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>
/// The frame that nearly all others are like: untagged, IPv4 without options, TCP or UDP, no fragment. Read and
/// rewritten here in one straight run over words; whatever is different in any way is left to <see
/// cref="PacketReader"/> and
/// <see cref="PacketWriter"/>, which know all frames and would do the same.
/// </summary>
/// <remarks>One length check stands for all reads below: nothing is read beyond <see cref="SizeMin"/> octets.</remarks>
internal static class PlainFrame
{
    private const int NetworkAt = 14, TransportAt = 34, SizeMin = 42, TcpSizeMin = 54;
    private const int VersionAt = 14, LengthAt = 16, FragmentAt = 20, HopsAt = 22, ProtocolAt = 23;
    private const int AddressesAt = 26, FlagsAt = 47, TcpChecksumAt = 50, UdpChecksumAt = 40;
    private const ulong MacMask = 0xFFFF_FFFF_FFFF;
    private const ushort TypeAndVersion = 0x0800, AllOnes = 0xFFFF;

    /// <summary>Reads it. False: it is not plain, or not right, and nothing is said about it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryRead(Span<byte> frame, MacAddress own, ref Packet packet)
    {
        if (frame.Length < SizeMin)
        {
            return false;
        }

        ref byte first = ref MemoryMarshal.GetReference(frame);
        int total = Word16(ref first, LengthAt);
        ushort fragment = Word16(ref first, FragmentAt);
        byte protocol = At(ref first, ProtocolAt);
        bool isTcp = protocol == Ipv4View.ProtocolTcp;
        bool isPlain = Word64(ref first, 0) >> 16 == own.Bits
            && Word32(ref first, NetworkAt - 2) >> 8 == ((uint)TypeAndVersion << 8 | 0x45)
            && (fragment & 0xBFFF) == 0
            && (isTcp | protocol == Ipv4View.ProtocolUdp)
            && total <= Math.Min(frame.Length, ushort.MaxValue) - NetworkAt
            && total >= (isTcp ? TcpSizeMin : SizeMin) - NetworkAt
            && HasValidChecksum(ref first);
        if (!isPlain)
        {
            return false;
        }

        ulong addresses = Word64(ref first, AddressesAt);
        uint ports = Word32(ref first, TransportAt);
        packet.Sender = new MacAddress(Word64(ref first, 4) & MacMask);
        packet.Source = (uint)(addresses >> 32);
        packet.NetworkAt = NetworkAt;
        packet.TransportAt = TransportAt;
        packet.End = (ushort)(NetworkAt + total);
        packet.Protocol = protocol;
        packet.Hops = At(ref first, HopsAt);
        packet.Control = isTcp ? (TcpControl)At(ref first, FlagsAt) & TcpControl.All : TcpControl.None;
        packet.IsV4 = true;
        packet.IsPlain = true;
        packet.MayNotFragment = fragment != 0;
        packet.Flow = FlowId.ForV4(addresses, ports, protocol);
        return true;
    }

    /// <summary>Rewrites it: both MACs, one hop, nothing else.</summary>
    /// <returns>False: its transport checksum is unfinished, and nothing was changed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryRedirect(Span<byte> frame, in Packet packet, MacAddress source, MacAddress target)
    {
        if (frame.Length < SizeMin)
        {
            return false; // never: it was read
        }

        ref byte first = ref MemoryMarshal.GetReference(frame);
        int checksumAt = packet.Protocol == Ipv4View.ProtocolTcp ? TcpChecksumAt : UdpChecksumAt;
        ulong addresses = packet.Flow.Addresses;
        ulong pseudo = (addresses >> 32) + (addresses & uint.MaxValue)
            + (uint)(packet.End - TransportAt) + packet.Protocol;
        if (frame.Length < checksumAt + sizeof(ushort)
            || Word16(ref first, checksumAt) == InternetChecksum.Fold(pseudo))
        {
            return false;
        }

        // RFC 1624 for one hop fewer: the checksum grows by 0x0100, the carry comes round.
        uint hops = Word32(ref first, HopsAt);
        uint checksum = (hops & AllOnes) + 0x0100;
        checksum = (checksum & AllOnes) + (checksum >> 16);
        checksum = checksum == AllOnes ? 0 : checksum;
        Put32(ref first, HopsAt, (hops - 0x0100_0000 & 0xFFFF_0000) | checksum);
        Put64(ref first, 0, (target.Bits << 16) | (source.Bits >> 32));
        Put32(ref first, sizeof(ulong), unchecked((uint)source.Bits));
        return true;
    }

    /// <summary>RFC 1071: the sum does not care in which order a machine reads its octets.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasValidChecksum(ref byte first)
    {
        ulong sum = Native32(ref first, VersionAt) + Native32(ref first, LengthAt + 2)
            + Native32(ref first, HopsAt) + Native32(ref first, AddressesAt) + Native32(ref first, AddressesAt + 4);
        return InternetChecksum.Fold(sum) == AllOnes;
    }

    private static byte At(ref byte first, int at) => Unsafe.Add(ref first, at);

    private static ulong Native32(ref byte first, int at) => Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at));

    private static ushort Word16(ref byte first, int at) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref first, at)));

    private static uint Word32(ref byte first, int at) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, at)));

    private static ulong Word64(ref byte first, int at) =>
        BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, at)));

    private static void Put32(ref byte first, int at, uint word) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, at), BinaryPrimitives.ReverseEndianness(word));

    private static void Put64(ref byte first, int at, ulong word) =>
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, at), BinaryPrimitives.ReverseEndianness(word));
}
