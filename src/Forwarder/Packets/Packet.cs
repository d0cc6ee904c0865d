using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Packets;

/// <summary>What a frame holds, as far as its way is concerned.</summary>
public enum PacketKind : byte
{
    /// <summary>A segment or datagram, or the first fragment of one: it names its flow.</summary>
    Segment,

    /// <summary>An ICMP or ICMPv6 error; its flow is the one that it quotes.</summary>
    Error,

    /// <summary>A fragment other than the first, which names no ports.</summary>
    LaterFragment,
}

/// <summary>Which packet a fragment is a piece of.</summary>
/// <remarks>RFC 791 section 3.2; RFC 8200 section 4.5, where the protocol is left out and 0 stands here.</remarks>
/// <param name="Source">Client.</param>
/// <param name="Target">Service.</param>
/// <param name="Identification">16 bits of IPv4, 32 of IPv6.</param>
/// <param name="Protocol">Of the payload.</param>
public readonly record struct FragmentId(IpAddress Source, IpAddress Target, uint Identification, byte Protocol);

/// <summary>
/// What one look at a frame found: its offsets and its flow. A plain value, so that a batch of them is read first and
/// decided after. Written by <see cref="PacketReader"/> alone.
/// </summary>
public struct Packet
{
    /// <summary>The flow; for a later fragment only addresses and protocol.</summary>
    public FlowId Flow { get; internal set; }

    /// <summary>Sender's MAC.</summary>
    public MacAddress Sender { get; internal set; }

    /// <summary>Source of the IP packet; of an error, of the error itself.</summary>
    public IpAddress Source { get; internal set; }

    /// <summary>Where the search for the flow begins; see <see cref="FlowTables.Locate"/>.</summary>
    public int Place { get; internal set; }

    /// <summary>Octets before the IP header: Ethernet, and up to two VLAN tags.</summary>
    public ushort NetworkAt { get; internal set; }

    /// <summary>Octets before the TCP, UDP, SCTP or ICMP header; all extension headers lie between.</summary>
    public ushort TransportAt { get; internal set; }

    /// <summary>Where the IP packet ends: link padding lies behind.</summary>
    public ushort End { get; internal set; }

    /// <summary>What it holds.</summary>
    public PacketKind Kind { get; internal set; }

    /// <summary>Transport protocol, IANA's number; in an error that of the quoted packet.</summary>
    public byte Protocol { get; internal set; }

    /// <summary>TTL or hop limit.</summary>
    public byte Hops { get; internal set; }

    /// <summary>TCP's control bits; none for others.</summary>
    public TcpControl Control { get; internal set; }

    /// <summary>Type of SCTP's chunk that counts (<see cref="TransportView.Chunk"/>); 0 (DATA) for others.</summary>
    public byte Chunk { get; internal set; }

    /// <summary>IPv4, else IPv6.</summary>
    public bool IsV4 { get; internal set; }

    /// <summary>A piece of a larger packet, the first one too: then <see cref="Fragment"/> says of which.</summary>
    public bool IsFragment { get; internal set; }

    /// <summary>IPv4's flag, or IPv6: routers may not cut it.</summary>
    public bool MayNotFragment { get; internal set; }

    /// <summary>Of a piece: the number of its packet, 16 bits of IPv4, 32 of IPv6.</summary>
    public uint Identification { get; internal set; }

    /// <summary>Of which packet it is a piece.</summary>
    public readonly FragmentId Fragment =>
        new(Source, Flow.ToKey().Service.Address, Identification, IsV4 ? Protocol : (byte)0);
}
