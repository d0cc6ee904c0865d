using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>A real server as the data path sees it.</summary>
/// <param name="Number">Its place in <see cref="ForwardingTable"/> and <see cref="FlowCounts"/>; the same in every
/// table while it is configured, and no other server's.</param>
/// <param name="Address">Of the virtual service's family.</param>
/// <param name="Mac">Where its frames go; zero while the neighbour is not resolved.</param>
/// <param name="Weight">0 takes no new connection.</param>
public readonly record struct RealServer(ushort Number, IpAddress Address, MacAddress Mac, int Weight)
{
    /// <summary>The last weight that was not 0: what mh builds its table from, so that a drained server's buckets
    /// stay its own. Linux net/netfilter/ipvs/ip_vs_mh.c.</summary>
    public int LastWeight { get; init; } = Weight;

    /// <summary>Which way its frames leave; see <see cref="Rings.IFrameExit"/>. 0: where they came in.</summary>
    public int Exit { get; init; }

    /// <summary>Source address of its frames; zero: that of the table.</summary>
    public MacAddress SourceMac { get; init; }

    /// <summary>Octets of the largest IP packet that its network takes; 0 sets no limit.</summary>
    public int Mtu { get; init; }

    /// <summary>Whether its MAC address is known.</summary>
    public bool IsResolved => Mac.Bits != 0;
}

/// <summary>A host on the same network.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Mac">Its MAC address.</param>
public readonly record struct Neighbour(IpAddress Address, MacAddress Mac);
