using System.Collections.Generic;

namespace XdpLvs.Perf;

/// <summary>How a director gets its frames and sends them.</summary>
internal enum HostWay
{
    /// <summary>It drops them at once: what is left is the generator.</summary>
    Alone,

    /// <summary>The smallest program that sends them back, XDP_TX.</summary>
    XdpTx,

    /// <summary>The same by a redirect to the interface they came from: what our offload must do on a veth.</summary>
    XdpRedirect,

    /// <summary>Ours, established flows by the XDP program.</summary>
    Offload,

    /// <summary>Ours, in user space.</summary>
    AfXdp,

    /// <summary>A plain C loop on AF_XDP.</summary>
    PlainC,

    /// <summary>Ours, packet rings.</summary>
    AfPacket,

    /// <summary>The kernel's own.</summary>
    Ipvs,
}

/// <summary>A way under a load.</summary>
/// <param name="Way">The way.</param>
/// <param name="Flows">How many, in turn.</param>
/// <param name="Name">In figures.</param>
/// <param name="Label">In the table.</param>
internal sealed record HostCase(HostWay Way, int Flows, string Name, string Label)
{
    /// <summary>Flows that every director knows; the table is made for 2^20.</summary>
    internal const int Many = 1_000_000;

    private const int Some = 65_536;

    /// <summary>All, in the order of the table.</summary>
    internal static readonly IReadOnlyList<HostCase> All =
    [
        new(HostWay.Alone, 1, "generator_alone", "the generator alone, XDP_DROP"),
        new(HostWay.XdpTx, 1, "xdp_tx", "bare XDP_TX"),
        new(HostWay.XdpRedirect, 1, "xdp_redirect", "bare redirect back"),
        new(HostWay.Offload, 1, "offload_1_flow", "XdpLvs, offload, 1 flow"),
        new(HostWay.Offload, Some, "offload_64k_flows", "XdpLvs, offload, 64 K flows"),
        new(HostWay.Offload, Many, "offload_1m_flows", "XdpLvs, offload, 1 M flows"),
        new(HostWay.AfXdp, 1, "af_xdp_1_flow", "XdpLvs, AF_XDP, 1 flow"),
        new(HostWay.AfXdp, Many, "af_xdp_1m_flows", "XdpLvs, AF_XDP, 1 M flows"),
        new(HostWay.PlainC, Many, "c_1m_flows", "plain C, AF_XDP, 1 M flows"),
        new(HostWay.AfPacket, Many, "af_packet_1m_flows", "XdpLvs, AF_PACKET, 1 M flows"),
        new(HostWay.Ipvs, 1, "ipvs_1_flow", "kernel IPVS, rr, 1 flow"),
        new(HostWay.Ipvs, Many, "ipvs_1m_flows", "kernel IPVS, rr, 1 M flows"),
    ];

    /// <summary>Cases with the same share a director: one that knows a single flow sweeps no million of them.</summary>
    internal (HostWay Way, bool HasMany) Lane => (Way, Flows > 1);

    /// <summary>Whether it is the real daemon.</summary>
    internal bool IsOurs => Way is HostWay.Offload or HostWay.AfXdp or HostWay.AfPacket;
}
