using System;
using System.Buffers.Binary;
using Tmds.Linux;

namespace XdpLvs.Linux.Sockets;

/// <summary>A frame taken from an interface.</summary>
/// <param name="Length">Octets put into the caller's buffer.</param>
/// <param name="PacketType">PACKET_ number of packet(7): 0 us, 1 broadcast, 2 multicast, 3 others, 4 outgoing.</param>
public readonly record struct TappedFrame(int Length, byte PacketType)
{
    /// <summary>This machine sent it.</summary>
    public bool IsOutgoing => PacketType == SocketsAbi.PACKET_OUTGOING;
}

/// <summary>An AF_PACKET socket on one interface: sends Ethernet frames, and can watch those that pass.</summary>
/// <remarks>packet(7). The kernel takes 802.1Q tags off before a frame gets here. No frame allocates.</remarks>
public sealed unsafe class FrameSocket : IDisposable
{
    private readonly string _subject;

    /// <summary>Opens the socket.</summary>
    /// <param name="linkIndex">The interface.</param>
    /// <param name="receive">False: for sending only, nothing is queued.</param>
    /// <param name="promiscuous">Also frames for other stations.</param>
    public FrameSocket(int linkIndex, bool receive = true, bool promiscuous = false)
    {
        _subject = $"AF_PACKET link {linkIndex}";

        // Protocol 0 until bound: otherwise frames of all interfaces would be queued in between.
        Descriptor = Syscalls.Socket(SocketsAbi.AF_PACKET, LibC.SOCK_RAW | LibC.SOCK_NONBLOCK, 0, _subject);
        try
        {
            var address = new SockaddrLl
            {
                sll_family = SocketsAbi.AF_PACKET,
                sll_protocol = receive ? BinaryPrimitives.ReverseEndianness(SocketsAbi.ETH_P_ALL) : (ushort)0,
                sll_ifindex = linkIndex,
            };
            Syscalls.Bind(Descriptor, address, _subject);
            if (promiscuous)
            {
                var membership = new PacketMreq { mr_ifindex = linkIndex, mr_type = SocketsAbi.PACKET_MR_PROMISC };
                Syscalls.SetOption(
                    Descriptor, SocketsAbi.SOL_PACKET, SocketsAbi.PACKET_ADD_MEMBERSHIP, membership, _subject);
            }
        }
        catch
        {
            Descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Readable when a frame waits. Owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Sends one frame, from the destination MAC on.</summary>
    /// <returns>0, or a positive errno: ENETDOWN, ENXIO (the interface is gone), ENOBUFS, EAGAIN.</returns>
    public int Send(ReadOnlySpan<byte> frame)
    {
        int sent = Syscalls.Send(Descriptor, frame);
        return sent < 0 ? -sent : 0;
    }

    /// <summary>Takes a frame, waiting for one if need be. False on time-out and while the link is down.</summary>
    /// <param name="target">Where to put it. A frame that is longer is cut.</param>
    /// <param name="timeoutMicroseconds">0 does not wait, a negative number waits for ever.</param>
    /// <param name="frame">Its length and direction.</param>
    public bool TryReceive(Span<byte> target, long timeoutMicroseconds, out TappedFrame frame)
    {
        if (TryTake(target, out frame))
        {
            return true;
        }

        Span<PollSlot> slots = [new PollSlot { Descriptor = Descriptor.Number, Wanted = PollSlot.In }];
        return timeoutMicroseconds != 0
            && Syscalls.Poll(slots, timeoutMicroseconds) > 0
            && TryTake(target, out frame);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private bool TryTake(Span<byte> target, out TappedFrame frame)
    {
        SockaddrLl sender = default;
        socklen_t senderLength = (socklen_t)(uint)sizeof(SockaddrLl);
        int length;
        fixed (byte* pointer = target)
        {
            length = (int)(ssize_t)LibC.recvfrom(
                Descriptor.Number, pointer, (size_t)(uint)target.Length, 0, (sockaddr*)&sender, &senderLength);
        }

        if (length < 0 && LibC.errno is not (Errno.EAGAIN or Errno.EINTR or Errno.ENETDOWN))
        {
            throw new LinuxException("recvfrom", _subject, LibC.errno);
        }

        frame = length < 0 ? default : new TappedFrame(length, sender.sll_pkttype);
        return length >= 0;
    }
}
