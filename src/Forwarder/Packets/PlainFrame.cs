using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>
/// The frame that nearly all others are like: untagged, IPv4 without options, a datagram or an acknowledging segment,
/// no fragment, nothing left to finish in it. It has a straight way of its own, over words: read, found as a connection
/// that stays what it is, rewritten. Whatever is different in any way is left to <see cref="PacketReader"/> and what
/// comes after it, which know all frames and would do the same with this one. The XDP program takes the same frames.
/// </summary>
/// <remarks>
/// Small, so that a batch of them stays near. One length check stands for all reads below: nothing is read beyond
/// <see cref="SizeMin"/> octets of UDP, <see cref="TcpSizeMin"/> of TCP.
/// </remarks>
internal struct PlainFrame
{
    private const int NetworkAt = 14, TransportAt = 34, SizeMin = 42, TcpSizeMin = 54;
    private const int VersionAt = 14, LengthAt = 16, FragmentAt = 20, HopsAt = 22, ProtocolAt = 23;
    private const int AddressesAt = 26, FlagsAt = 47, TcpChecksumAt = 50, UdpChecksumAt = 40;
    private const ulong MacMask = 0xFFFF_FFFF_FFFF;
    private const ushort TypeAndVersion = 0x0800, AllOnes = 0xFFFF;

    /// <summary>Of the flow: client and service; see <see cref="FlowId.Addresses"/>.</summary>
    internal ulong Addresses { get; private set; }

    /// <summary>What the word of its slot must be but for the real server: ports, protocol, and the state in which a
    /// connection with such a frame stays.</summary>
    internal ulong Word { get; private set; }

    /// <summary>Where the search for the flow begins; see <see cref="FlowTables.LocatePlain"/>.</summary>
    internal int Place { get; set; }

    /// <summary>Octets of the IP packet; 0 for a frame that is not plain.</summary>
    internal ushort Size { get; private set; }

    /// <summary>Whether it is TCP; else UDP.</summary>
    internal bool IsTcp { get; private set; }

    /// <summary>Its flow.</summary>
    internal readonly FlowId Flow => FlowId.FromSlot(Addresses, 0, 0, 0, Word);

    /// <summary>Reads it. False: it is not plain, or not right, and nothing is said about it.</summary>
    /// <param name="frame">From its destination MAC to its last octet.</param>
    /// <param name="table">Whose frames are ours, and who is a director.</param>
    /// <param name="plain">What was read; of size 0 when it is not plain.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool TryRead(ReadOnlySpan<byte> frame, ForwardingTable table, ref PlainFrame plain)
    {
        plain.Size = 0;
        if (frame.Length < SizeMin)
        {
            return false;
        }

        ref byte first = ref MemoryMarshal.GetReference(frame);
        int total = Word16(ref first, LengthAt);
        uint hops = Word32(ref first, HopsAt); // and protocol, and checksum
        byte protocol = (byte)(hops >> 16);
        bool isTcp = protocol == Ipv4View.ProtocolTcp;
        bool isPlain = Word64(ref first, 0) >> 16 == table.LocalMac.Bits
            && Word32(ref first, NetworkAt - 2) >> 8 == ((uint)TypeAndVersion << 8 | 0x45)
            && (Word16(ref first, FragmentAt) & 0xBFFF) == 0
            && (isTcp | protocol == Ipv4View.ProtocolUdp)
            && total <= Math.Min(frame.Length, ushort.MaxValue) - NetworkAt
            && total >= (isTcp ? TcpSizeMin : SizeMin) - NetworkAt
            && hops >> 24 > 1
            && (!isTcp || (TcpControl)(At(ref first, FlagsAt) & (byte)TcpControl.All) == TcpControl.Ack)
            && HasValidChecksum(ref first);
        ulong addresses = Word64(ref first, AddressesAt);
        if (!isPlain
            || IsUnfinished(ref first, addresses, total, protocol, isTcp)
            || table.IsDirector(Word64(ref first, 4) & MacMask))
        {
            return false;
        }

        FlowState state = isTcp ? FlowState.Established : FlowState.Udp;
        plain.Addresses = addresses;
        plain.Word = FlowWord.OfV4(Word32(ref first, TransportAt), protocol, state);
        plain.Size = (ushort)total;
        plain.IsTcp = isTcp;
        return true;
    }

    /// <summary>Rewrites a frame that was plain: both MACs, one hop, nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Redirect(Span<byte> frame, in PlainTarget target)
    {
        if (frame.Length < SizeMin)
        {
            return; // never: it was read
        }

        // RFC 1624 for one hop fewer: the checksum grows by 0x0100, the carry comes round.
        ref byte first = ref MemoryMarshal.GetReference(frame);
        uint hops = Word32(ref first, HopsAt);
        uint checksum = (hops & AllOnes) + 0x0100;
        checksum = (checksum & AllOnes) + (checksum >> 16);
        checksum = checksum == AllOnes ? 0 : checksum;
        Put32(ref first, HopsAt, (hops - 0x0100_0000 & 0xFFFF_0000) | checksum);
        Unsafe.WriteUnaligned(ref first, target.Macs);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref first, sizeof(ulong)), target.MacsEnd);
    }

    /// <summary>Whether a virtual NIC left the transport checksum to hardware: the pseudo header's sum stands there.
    /// </summary>
    private static bool IsUnfinished(ref byte first, ulong addresses, int total, byte protocol, bool isTcp)
    {
        ulong pseudo = (addresses >> 32) + (addresses & uint.MaxValue)
            + (uint)(total + NetworkAt - TransportAt) + protocol;
        return Word16(ref first, isTcp ? TcpChecksumAt : UdpChecksumAt) == InternetChecksum.Fold(pseudo);
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
}
