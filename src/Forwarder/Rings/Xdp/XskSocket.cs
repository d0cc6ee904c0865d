using System;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>What the kernel lost on one AF_XDP socket: signs of overload. Frames since the socket was made.</summary>
/// <param name="NoFrame">Arrived while the fill ring was empty.</param>
/// <param name="ReceiveRingFull">Arrived while the receive ring was full.</param>
/// <param name="TooLong">
/// Dropped by the kernel because they fit no chunk, or for another reason of its own; or merged and not to be cut.
/// </param>
public readonly record struct XskLosses(long NoFrame, long ReceiveRingFull, long TooLong);

/// <summary>An AF_XDP socket with its own frame memory, bound to one queue of one interface.</summary>
public sealed unsafe class XskSocket : IXskKick, IDisposable
{
    private const uint FrameCount = 4096, RingCapacity = 2048;
    private const int DatagramDontWait = 0x40, RawType = 3;

    private readonly FileDescriptor _socket;
    private readonly Mapping _frames;
    private readonly Mapping[] _rings = new Mapping[4];
    private readonly string _subject;
    private XskRings _layout;

    private XskSocket(string subject, uint chunkSize, MergedFrames? merged)
    {
        _subject = subject;
        _socket = Syscalls.Socket(XdpAbi.AddressFamily, RawType, 0, subject);
        _frames = Mapping.Anonymous(FrameCount * chunkSize, "AF_XDP frame memory", populate: true);
        _layout = new XskRings
        {
            Frames = _frames.Pointer,
            FrameCount = FrameCount,
            ChunkSize = chunkSize,
            Merged = merged,
        };
    }

    /// <summary>The socket, for polling and for the queue map. Owned by this object.</summary>
    public FileDescriptor Descriptor => _socket;

    /// <summary>Whether frames longer than the MTU come here, to be cut.</summary>
    public bool CutsMerged => _layout.Merged is not null;

    /// <summary>Whether the driver fills our memory itself, without a copy.</summary>
    public bool IsZeroCopy { get; private set; }

    /// <summary>Makes the socket and binds it, without a copy if the driver can.</summary>
    /// <param name="interfaceIndex">Kernel's number of the interface.</param>
    /// <param name="interfaceName">For messages.</param>
    /// <param name="queue">Receive queue, from 0.</param>
    /// <param name="geometry">Chunks that hold the interface's frames.</param>
    /// <param name="mergedMtu">Generic mode: the MTU by which merged frames are cut, where the kernel hands them over
    /// (Linux 6.6). 0: none come.</param>
    /// <param name="zeroCopy">Whether to try zero-copy first.</param>
    /// <param name="fellBack">Hears one line when zero-copy was refused.</param>
    public static XskSocket Open(
        int interfaceIndex,
        string interfaceName,
        int queue,
        UmemGeometry geometry,
        uint mergedMtu,
        bool zeroCopy,
        Action<string> fellBack)
    {
        string subject = $"AF_XDP {interfaceName} queue {queue}";
        if (mergedMtu > 0)
        {
            const ushort Mode = XdpAbi.BindCopy | XdpAbi.BindSeveral;
            var merged = new MergedFrames((int)Math.Min(mergedMtu, geometry.SegmentMax));
            (XskSocket? cutting, _) = TryOpen(subject, interfaceIndex, queue, geometry, Mode, merged);
            if (cutting is not null)
            {
                return cutting;
            }
        }

        if (zeroCopy)
        {
            (XskSocket? fast, int refused) = TryOpen(subject, interfaceIndex, queue, geometry, XdpAbi.BindZeroCopy);
            if (fast is not null)
            {
                return fast;
            }

            fellBack($"{subject}: no zero-copy ({Errno.Name(refused)}), frames are copied");
        }

        (XskSocket? copying, int errno) = TryOpen(subject, interfaceIndex, queue, geometry, XdpAbi.BindCopy);
        return copying ?? throw new LinuxException("bind", subject, errno, Hint(errno));
    }

    /// <summary>The data path's end. One thread owns it; made once.</summary>
    public XskPort OpenPort() => new(_layout, this);

    /// <inheritdoc/>
    public bool Kick()
    {
        int result = Syscalls.Send(_socket, default, DatagramDontWait);
        return result >= 0 || -result == Errno.EAGAIN; // EAGAIN: its budget is spent, there is more to take
    }

    /// <summary>The kernel's own loss counters.</summary>
    public XskLosses ReadLosses()
    {
        xdp_statistics read =
            Syscalls.GetOption<xdp_statistics>(_socket, XdpAbi.OptionLevel, XdpAbi.Statistics, _subject);
        long noFrame = (long)read.rx_fill_ring_empty_descs;
        long dropped = (long)read.rx_dropped; // where the kernel copies, one without a frame is in both
        long tooLong = IsZeroCopy ? dropped : Math.Max(0, dropped - noFrame);
        return new XskLosses(noFrame, (long)read.rx_ring_full, tooLong + (_layout.Merged?.GivenUp ?? 0));
    }

    /// <summary>Closes the socket, then gives the memory back. The port must be idle for good.</summary>
    public void Dispose()
    {
        foreach (Mapping? ring in _rings)
        {
            ring?.Dispose();
        }

        _socket.Dispose();
        _frames.Dispose();
        _layout.Merged?.Dispose();
    }

    private static (XskSocket? Socket, int Errno) TryOpen(
        string subject, int interfaceIndex, int queue, UmemGeometry geometry, ushort mode, MergedFrames? merged = null)
    {
        var socket = new XskSocket(subject, geometry.ChunkSize, merged);
        try
        {
            socket.MapRings(geometry);
            var address = new sockaddr_xdp
            {
                sxdp_family = XdpAbi.AddressFamily,
                sxdp_flags = (ushort)(mode | XdpAbi.BindUseNeedWakeup),
                sxdp_ifindex = (uint)interfaceIndex,
                sxdp_queue_id = (uint)queue,
            };
            int errno = Syscalls.TryBind(socket._socket, address);
            if (errno == 0)
            {
                uint options =
                    Syscalls.GetOption<uint>(socket._socket, XdpAbi.OptionLevel, XdpAbi.Options, subject);
                socket.IsZeroCopy = (options & XdpAbi.OptionsZeroCopy) != 0;
                return (socket, 0);
            }

            socket.Dispose();
            return (null, errno);
        }
        catch (LinuxException)
        {
            socket.Dispose();
            throw;
        }
    }

    private static string? Hint(int errno) => errno switch
    {
        Errno.EBUSY => "another program holds that queue",
        Errno.EINVAL => "the interface has no such queue",
        Errno.ENETDOWN => "the interface is down",
        _ => null,
    };

    private void MapRings(UmemGeometry geometry)
    {
        var memory = new xdp_umem_reg
        {
            addr = (ulong)_frames.Pointer,
            len = _frames.Length,
            chunk_size = geometry.ChunkSize,
        };
        int errno = Syscalls.TrySetOption(_socket, XdpAbi.OptionLevel, XdpAbi.UmemRegister, memory);
        if (errno != 0)
        {
            throw new LinuxException("setsockopt", $"{_subject} frame memory", errno, errno == Errno.ENOBUFS
                ? "the locked-memory limit (ulimit -l) is too small; give the process CAP_IPC_LOCK"
                : null);
        }

        SetCapacity(XdpAbi.FillRing, FrameCount);
        SetCapacity(XdpAbi.CompletionRing, FrameCount);
        SetCapacity(XdpAbi.RxRing, RingCapacity);
        SetCapacity(XdpAbi.TxRing, RingCapacity);
        xdp_mmap_offsets at =
            Syscalls.GetOption<xdp_mmap_offsets>(_socket, XdpAbi.OptionLevel, XdpAbi.MmapOffsets, _subject);
        _layout.Fill = MapRing<ulong>(0, at.fr, XdpAbi.PageFill, FrameCount);
        _layout.Completion = MapRing<ulong>(1, at.cr, XdpAbi.PageCompletion, FrameCount);
        _layout.Receive = MapRing<xdp_desc>(2, at.rx, XdpAbi.PageRx, RingCapacity);
        _layout.Transmit = MapRing<xdp_desc>(3, at.tx, XdpAbi.PageTx, RingCapacity);
    }

    private void SetCapacity(int ring, uint capacity) =>
        Syscalls.SetOption(_socket, XdpAbi.OptionLevel, ring, capacity, $"{_subject} ring");

    private RingMemory<T> MapRing<T>(int index, in xdp_ring_offset at, long page, uint capacity)
        where T : unmanaged
    {
        Mapping mapping = Mapping.Shared(
            _socket, page, at.desc + (capacity * (ulong)sizeof(T)), $"{_subject} ring");
        _rings[index] = mapping;
        return new RingMemory<T>
        {
            Producer = (uint*)(mapping.Pointer + at.producer),
            Consumer = (uint*)(mapping.Pointer + at.consumer),
            Flags = (uint*)(mapping.Pointer + at.flags),
            Slots = (T*)(mapping.Pointer + at.desc),
            Capacity = capacity,
        };
    }
}
