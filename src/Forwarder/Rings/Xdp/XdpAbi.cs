using System.Runtime.InteropServices;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>Numbers of the AF_XDP ABI. Source: linux/if_xdp.h, linux/socket.h.</summary>
internal static class XdpAbi
{
    internal const int AddressFamily = 44, OptionLevel = 283;

    internal const int MmapOffsets = 1, RxRing = 2, TxRing = 3, UmemRegister = 4, FillRing = 5, CompletionRing = 6;
    internal const int Statistics = 7, Options = 8;

    internal const ushort BindCopy = 1 << 1, BindZeroCopy = 1 << 2, BindUseNeedWakeup = 1 << 3, BindSeveral = 1 << 4;

    /// <summary>xdp_desc.options: the frame goes on in the next slot. XDP_PKT_CONTD.</summary>
    internal const uint Continues = 1;

    internal const uint RingNeedsWakeup = 1, OptionsZeroCopy = 1;

    internal const long PageRx = 0, PageTx = 0x80000000, PageFill = 0x100000000, PageCompletion = 0x180000000;
}

/// <summary>One received frame or one to send.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct xdp_desc
{
    internal ulong addr;
    internal uint len, options;
}

/// <summary>Address of an AF_XDP socket.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct sockaddr_xdp
{
    internal ushort sxdp_family, sxdp_flags;
    internal uint sxdp_ifindex, sxdp_queue_id, sxdp_shared_umem_fd;
}

/// <summary>Registers the frame memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct xdp_umem_reg
{
    internal ulong addr, len;
    internal uint chunk_size, headroom, flags, tx_metadata_len;
}

/// <summary>Where a ring's indices and slots lie inside its mapping.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct xdp_ring_offset
{
    internal ulong producer, consumer, desc, flags;
}

/// <summary>The four rings' layouts.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct xdp_mmap_offsets
{
    internal xdp_ring_offset rx, tx, fr, cr;
}

/// <summary>What the kernel lost on this socket.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct xdp_statistics
{
    internal ulong rx_dropped, rx_invalid_descs, tx_invalid_descs;
    internal ulong rx_ring_full, rx_fill_ring_empty_descs, tx_ring_empty_descs;
}
