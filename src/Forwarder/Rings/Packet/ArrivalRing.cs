using System;
using System.Buffers.Binary;
using System.Threading;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>
/// When frames arrived, by the kernel's clock: an AF_PACKET socket with a TPACKET_V2 ring. For measuring, not for
/// forwarding. One thread owns it.
/// </summary>
/// <remarks>
/// packet(7), Linux Documentation/networking/packet_mmap.rst. The kernel stamps a frame as it puts it into the ring
/// (net/packet/af_packet.c, tpacket_rcv), so it does not matter when its owner looks. The kernel goes on to see every
/// frame itself; frames that this machine sends are not received.
/// </remarks>
public sealed unsafe class ArrivalRing : IDisposable
{
    private const int SlotSize = 256, BlockSize = 256 << 10;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly FileDescriptor _socket;
    private readonly Mapping? _slots;
    private readonly string _subject;
    private readonly int _slotCount;
    private int _next;

    /// <summary>Opens it; frames arrive from now on.</summary>
    /// <param name="interfaceIndex">Where frames arrive.</param>
    /// <param name="subject">For messages.</param>
    /// <param name="slotCount">Frames it holds until they are taken: a power of two, 1,024 at least.</param>
    public ArrivalRing(int interfaceIndex, string subject, int slotCount)
    {
        _subject = "AF_PACKET " + subject;
        _slotCount = slotCount;
        _socket = Syscalls.Socket(PacketAbi.AF_PACKET, PacketAbi.SOCK_RAW, 0, _subject); // 0: deaf until bound
        try
        {
            Set(PacketAbi.PACKET_VERSION, PacketAbi.TPACKET_V2);
            Set(PacketAbi.PACKET_IGNORE_OUTGOING, 1);
            int size = SlotSize * slotCount;
            var ring = new tpacket_req
            {
                tp_block_size = BlockSize,
                tp_block_nr = (uint)(size / BlockSize),
                tp_frame_size = SlotSize,
                tp_frame_nr = (uint)slotCount,
            };
            Set(PacketAbi.PACKET_RX_RING, ring);
            _slots = Mapping.Shared(_socket, 0, (ulong)size, _subject);
            var address = new sockaddr_ll
            {
                sll_family = PacketAbi.AF_PACKET,
                sll_protocol = BinaryPrimitives.ReverseEndianness(PacketAbi.ETH_P_ALL),
                sll_ifindex = interfaceIndex,
            };
            Syscalls.Bind(_socket, address, _subject);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes the next frame if one has arrived. Never waits.</summary>
    /// <param name="target">Its first octets, from the Ethernet header on; the ring keeps 190 of a frame.</param>
    /// <param name="length">How many were put there.</param>
    /// <param name="nanoseconds">When it arrived: CLOCK_REALTIME, nanoseconds since 1970.</param>
    public bool TryTake(Span<byte> target, out int length, out long nanoseconds)
    {
        (length, nanoseconds) = (0, 0);
        var slot = (tpacket2_hdr*)(_slots!.Pointer + ((nint)_next * SlotSize));
        if ((Volatile.Read(ref slot->tp_status) & PacketAbi.TP_STATUS_USER) == 0) // acquire: the frame is there
        {
            return false;
        }

        length = Math.Min((int)slot->tp_snaplen, target.Length);
        new ReadOnlySpan<byte>((byte*)slot + slot->tp_mac, length).CopyTo(target);
        nanoseconds = (slot->tp_sec * NanosecondsPerSecond) + slot->tp_nsec;
        Volatile.Write(ref slot->tp_status, 0u); // release: TP_STATUS_KERNEL, after our last access
        _next = (_next + 1) & (_slotCount - 1);
        return true;
    }

    /// <summary>Frames that found no room, since this was last asked.</summary>
    public long TakeDrops() => Syscalls.GetOption<tpacket_stats_v3>(
        _socket, PacketAbi.SOL_PACKET, PacketAbi.PACKET_STATISTICS, _subject).tp_drops; // version 2 fills less of it

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots?.Dispose();
        _socket.Dispose();
    }

    private void Set<TValue>(int option, TValue value)
        where TValue : unmanaged =>
        Syscalls.SetOption(_socket, PacketAbi.SOL_PACKET, option, value, _subject);
}
