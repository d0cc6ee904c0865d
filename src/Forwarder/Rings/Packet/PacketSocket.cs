using System;
using System.Buffers.Binary;
using System.Threading;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>Frames that arrived and that the forwarder never saw, since the socket was made.</summary>
/// <param name="RingFull">Dropped by the kernel because every block was ours: overload.</param>
/// <param name="Oversized">
/// Longer than the interface's MTU, and no segments that could be cut; or cut by the kernel. Given up here.
/// </param>
public readonly record struct PacketLosses(long RingFull, long Oversized);

/// <summary>How large the rings are.</summary>
/// <param name="BlockSize">Octets of a receive block, a power of two and a multiple of the page.</param>
/// <param name="BlockCount">Receive blocks.</param>
/// <param name="SlotCount">Transmit slots, a power of two.</param>
internal readonly record struct PacketGeometry(int BlockSize, int BlockCount, int SlotCount)
{
    /// <summary>16 MiB to receive; as many slots as AF_XDP's ring has.</summary>
    public static readonly PacketGeometry Usual = new(256 << 10, 64, 2048);
}

/// <summary>AF_PACKET rings on one interface: TPACKET_V3 to receive, a <see cref="TransmitRing"/> to send.</summary>
/// <remarks>
/// packet(7), Linux Documentation/networking/packet_mmap.rst. The kernel goes on to see every frame itself; see
/// IngressDropRule for what to do about that. Frames that this machine sends are not received.
/// </remarks>
public sealed unsafe class PacketSocket : IDisposable
{
    private const uint RetireBlockMs = 1; // the smallest there is; a block that fills comes at once
    private const int SpareCount = 512; // a batch of answers or segments, and the fragments that wait for their first
    private const int EthernetHeaderSize = 14, TagSize = 4;

    private readonly FileDescriptor _receive;
    private readonly Mapping? _blocks;
    private readonly Mapping? _spare;
    private readonly string _subject;
    private readonly PacketGeometry _geometry;
    private readonly int _frameLengthMax;
    private long _ringFull;
    private long _oversized;

    private PacketSocket(int interfaceIndex, string interfaceName, int mtu, int filterProgram, PacketGeometry geometry)
    {
        _subject = "AF_PACKET " + interfaceName;
        _geometry = geometry;
        _frameLengthMax = mtu + EthernetHeaderSize;
        _receive = Syscalls.Socket(PacketAbi.AF_PACKET, PacketAbi.SOCK_RAW, 0, _subject); // 0: deaf until bound
        try
        {
            _blocks = OpenReceiveRing(filterProgram);
            Sender = new TransmitRing(
                interfaceIndex, _subject, TaggedLengthMax, geometry.SlotCount);
            _spare = Mapping.Anonymous((ulong)(SpareCount * TaggedLengthMax), _subject);

            // ETH_P_ALL and not ETH_P_IP: only the former comes before the ingress hook that drops the kernel's copy.
            Bind(_receive, interfaceIndex, PacketAbi.ETH_P_ALL);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Two tags are not of the MTU.</summary>
    private int TaggedLengthMax => _frameLengthMax + (2 * TagSize);

    /// <summary>The sending half.</summary>
    internal TransmitRing Sender { get; }

    /// <summary>Readable when frames wait. Owned by this object.</summary>
    public FileDescriptor Descriptor => _receive;

    /// <summary>Opens the rings.</summary>
    /// <param name="interfaceIndex">Kernel's number of the interface.</param>
    /// <param name="interfaceName">For messages.</param>
    /// <param name="mtu">Octets above the Ethernet header; longer frames are cut or given up.</param>
    /// <param name="filterProgram">
    /// A loaded BPF_PROG_TYPE_SOCKET_FILTER that says which frames come here; negative for the usual filter: what a
    /// service may get, addressed to this station.
    /// </param>
    public static PacketSocket Open(int interfaceIndex, string interfaceName, int mtu, int filterProgram = -1) =>
        Open(interfaceIndex, interfaceName, mtu, filterProgram, PacketGeometry.Usual);

    /// <summary>The data path's end. One thread owns it; made once.</summary>
    public PacketPort OpenPort() => new(this, new PacketRings
    {
        Blocks = _blocks!.Pointer,
        BlockSize = _geometry.BlockSize,
        BlockCount = _geometry.BlockCount,
        FrameLengthMax = _frameLengthMax,
        Mtu = _frameLengthMax - EthernetHeaderSize,
        Spare = _spare!.Pointer,
        SpareSize = TaggedLengthMax,
        SpareCount = SpareCount,
    });

    /// <summary>Counters. To be read by one thread at a time: the kernel forgets its count when it is read.</summary>
    public PacketLosses ReadLosses()
    {
        tpacket_stats_v3 read = Syscalls.GetOption<tpacket_stats_v3>(
            _receive, PacketAbi.SOL_PACKET, PacketAbi.PACKET_STATISTICS, _subject);
        _ringFull += read.tp_drops;
        return new PacketLosses(_ringFull, Volatile.Read(ref _oversized));
    }

    /// <summary>Closes both sockets and gives the memory back. The port must be idle for good.</summary>
    public void Dispose()
    {
        _blocks?.Dispose();
        _spare?.Dispose();
        _receive.Dispose();
        Sender?.Dispose();
    }

    internal static PacketSocket Open(
        int interfaceIndex, string interfaceName, int mtu, int filterProgram, PacketGeometry geometry) =>
        new(interfaceIndex, interfaceName, mtu, filterProgram, geometry);

    /// <summary>Counts a frame that cannot be forwarded. Called by the port's owner only.</summary>
    internal void CountOversized() => Volatile.Write(ref _oversized, _oversized + 1);

    private Mapping OpenReceiveRing(int filterProgram)
    {
        AttachFilter(filterProgram);
        Set(_receive, PacketAbi.PACKET_VERSION, PacketAbi.TPACKET_V3);
        Set(_receive, PacketAbi.PACKET_IGNORE_OUTGOING, 1);
        Set(_receive, PacketAbi.PACKET_VNET_HDR, 1); // says of a merged frame how long its segments were
        var ring = new tpacket_req3
        {
            tp_block_size = (uint)_geometry.BlockSize,
            tp_block_nr = (uint)_geometry.BlockCount,
            tp_frame_size = 2048, // without effect in version 3, but must divide the block
            tp_frame_nr = (uint)(_geometry.BlockSize / 2048 * _geometry.BlockCount),
            tp_retire_blk_tov = RetireBlockMs,
        };
        Set(_receive, PacketAbi.PACKET_RX_RING, ring);
        return Mapping.Shared(_receive, 0, (ulong)_geometry.BlockSize * (ulong)_geometry.BlockCount, _subject);
    }

    private void AttachFilter(int filterProgram)
    {
        if (filterProgram >= 0)
        {
            Syscalls.SetOption(
                _receive, PacketAbi.SOL_SOCKET, PacketAbi.SO_ATTACH_BPF, filterProgram, _subject + " filter");
            return;
        }

        ReadOnlySpan<sock_filter> program = PacketFilter.Program;
        fixed (sock_filter* first = program)
        {
            var attached = new sock_fprog { len = (ushort)program.Length, filter = first };
            Syscalls.SetOption(
                _receive, PacketAbi.SOL_SOCKET, PacketAbi.SO_ATTACH_FILTER, attached, _subject + " filter");
        }
    }

    private void Bind(FileDescriptor socket, int interfaceIndex, ushort protocol)
    {
        var address = new sockaddr_ll
        {
            sll_family = PacketAbi.AF_PACKET,
            sll_protocol = BinaryPrimitives.ReverseEndianness(protocol),
            sll_ifindex = interfaceIndex,
        };
        Syscalls.Bind(socket, address, _subject);
    }

    private void Set<TValue>(FileDescriptor socket, int option, TValue value)
        where TValue : unmanaged =>
        Syscalls.SetOption(socket, PacketAbi.SOL_PACKET, option, value, _subject);
}
