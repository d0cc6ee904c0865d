using System;
using System.Diagnostics;
using System.Numerics;
using System.Threading;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>The sending half of AF_PACKET: a socket with a TPACKET_V2 ring. One thread owns it.</summary>
/// <remarks>
/// packet(7), Linux Documentation/networking/packet_mmap.rst. Frames pass the queueing discipline by.
/// </remarks>
public sealed unsafe class TransmitRing : IDisposable
{
    private const int BlockSizeMin = 256 << 10;

    private readonly FileDescriptor _socket;
    private readonly Mapping? _slots;
    private readonly string _subject;
    private readonly int _slotSize, _slotCount;
    private int _next;

    /// <summary>Opens it.</summary>
    /// <param name="interfaceIndex">Where frames go.</param>
    /// <param name="subject">For messages.</param>
    /// <param name="frameLengthMax">Octets of the longest frame, tags included.</param>
    /// <param name="slotCount">A power of two.</param>
    public TransmitRing(int interfaceIndex, string subject, int frameLengthMax, int slotCount)
    {
        _subject = subject;
        _slotCount = slotCount;
        _slotSize = (int)BitOperations.RoundUpToPowerOf2((uint)(PacketAbi.TransmitDataOffset + frameLengthMax));
        _socket = Syscalls.Socket(PacketAbi.AF_PACKET, PacketAbi.SOCK_RAW, 0, subject);
        try
        {
            _slots = Open();
            Syscalls.Bind(
                _socket, new sockaddr_ll { sll_family = PacketAbi.AF_PACKET, sll_ifindex = interfaceIndex }, subject);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Copies a frame to the next slot. False if the kernel still has that slot, also after a kick.</summary>
    public bool TryPush(ReadOnlySpan<byte> frame)
    {
        var slot = (tpacket2_hdr*)(_slots!.Pointer + ((nint)_next * _slotSize));
        if (IsTaken(slot))
        {
            _ = Kick();
            if (IsTaken(slot))
            {
                return false;
            }
        }

        Debug.Assert(frame.Length <= _slotSize - PacketAbi.TransmitDataOffset, "longer than a slot");
        frame.CopyTo(new Span<byte>((byte*)slot + PacketAbi.TransmitDataOffset, frame.Length));
        slot->tp_len = (uint)frame.Length;
        Volatile.Write(ref slot->tp_status, PacketAbi.TP_STATUS_SEND_REQUEST); // release: the octets first
        _next = (_next + 1) & (_slotCount - 1);
        return true;
    }

    /// <summary>Has the kernel send every slot that asks for it. Never blocks.</summary>
    /// <returns>False if it stopped before the end and should be asked again soon.</returns>
    public bool Kick()
    {
        int result = Syscalls.Send(_socket, default, PacketAbi.MSG_DONTWAIT);
        return -result is not (Errno.EAGAIN or Errno.ENOBUFS or Errno.EINTR);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _slots?.Dispose();
        _socket.Dispose();
    }

    private static bool IsTaken(tpacket2_hdr* slot) =>
        Volatile.Read(ref slot->tp_status) != PacketAbi.TP_STATUS_AVAILABLE;

    private Mapping Open()
    {
        Set(PacketAbi.PACKET_VERSION, PacketAbi.TPACKET_V2);
        Set(PacketAbi.PACKET_QDISC_BYPASS, 1);
        Set(PacketAbi.PACKET_LOSS, 1); // a frame the kernel refuses must not stop those behind it
        int size = _slotSize * _slotCount, blockSize = Math.Min(Math.Max(BlockSizeMin, _slotSize), size);
        var ring = new tpacket_req
        {
            tp_block_size = (uint)blockSize,
            tp_block_nr = (uint)(size / blockSize),
            tp_frame_size = (uint)_slotSize,
            tp_frame_nr = (uint)_slotCount,
        };
        Set(PacketAbi.PACKET_TX_RING, ring);
        return Mapping.Shared(_socket, 0, (ulong)size, _subject);
    }

    private void Set<TValue>(int option, TValue value)
        where TValue : unmanaged =>
        Syscalls.SetOption(_socket, PacketAbi.SOL_PACKET, option, value, _subject);
}
