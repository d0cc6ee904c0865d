namespace XdpLvs.Config;

/// <summary>What <c>offload</c> says.</summary>
public enum OffloadMode
{
    /// <summary>Where it can be; otherwise the log says why not.</summary>
    Auto,

    /// <summary>Always: the daemon does not start without it.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}

/// <summary>
/// How the forwarder remembers connections and what it does when it cannot: XdpLvs's own keywords of
/// <c>global_defs</c>. Those with the name of a kernel setting (<c>ipvs-sysctl.rst</c>) mean the same.
/// </summary>
/// <param name="FlowTableSize"><c>flow_table_size</c>: IPv4 flows at once, 64 to 2^27.</param>
/// <param name="FlowTableSizeIpv6"><c>flow_table_size_ipv6</c>: IPv6 flows at once, 64 to 2^25.</param>
/// <param name="FragmentTableSize"><c>fragment_table_size</c>: fragmented packets at once, 64 to 2^24.</param>
/// <param name="NewFlowsPerSecond">
/// <c>new_flows_per_second</c>: new flows per worker and second beyond which services schedule without table
/// entries; 0 means no limit.
/// </param>
/// <param name="ExpireNodestConn">
/// <c>expire_nodest_conn</c>: whether a connection whose real server is gone is let go at once; its frames are
/// dropped in silence otherwise.
/// </param>
/// <param name="ExpireQuiescentTemplate">
/// <c>expire_quiescent_template</c>: whether a persistent client leaves a real server with weight 0.
/// </param>
/// <param name="ConnReuseMode">
/// <c>conn_reuse_mode</c>: what a SYN from a port does that has a connection already. 0: it goes to the same real
/// server. 1: it is scheduled anew where that is safe, after TIME_WAIT. 2: after FIN_WAIT too, the last that a DR
/// director sees of a connection.
/// </param>
/// <param name="SloppyTcp"><c>sloppy_tcp</c>: whether a TCP connection may be scheduled without its SYN.</param>
/// <param name="SloppySctp"><c>sloppy_sctp</c>: whether an SCTP association may be scheduled without its INIT.</param>
/// <param name="ResetRate">
/// <c>reset_rate</c>: answers such as RST or ICMP errors per worker and second; 0 means that none are sent.
/// </param>
/// <param name="Offload"><c>offload</c>: whether the XDP program forwards established flows by itself.</param>
/// <param name="OffloadPersist">
/// <c>offload_persist</c>: seconds for which it goes on after the daemon died; 0 means that it ends with it.
/// </param>
public sealed record ForwarderSettings(
    int FlowTableSize,
    int FlowTableSizeIpv6,
    int FragmentTableSize,
    int NewFlowsPerSecond,
    bool ExpireNodestConn,
    bool ExpireQuiescentTemplate,
    int ConnReuseMode,
    bool SloppyTcp,
    bool SloppySctp,
    int ResetRate,
    OffloadMode Offload,
    int OffloadPersist)
{
    /// <summary>The smallest and the largest <c>mh_table_index</c>, as the kernel's IP_VS_MH_TAB_INDEX.</summary>
    public const int MaglevTableIndexMin = 8, MaglevTableIndexMax = 17;

    /// <summary>
    /// <c>mh_table_index</c>: how large the tables of scheduler mh are; N stands for the greatest prime below 2^N.
    /// </summary>
    public int MaglevTableIndex { get; init; } = 12;

    /// <summary>The least that a table may hold.</summary>
    public const int TableSizeMin = 64;

    /// <summary>The most that a flow table may hold.</summary>
    public const int FlowTableSizeMax = 1 << 27;

    /// <summary>The most that the IPv6 flow table may hold: its flows take four times the room.</summary>
    public const int FlowTableSizeIpv6Max = 1 << 25;

    /// <summary>The most that the fragment table may hold.</summary>
    public const int FragmentTableSizeMax = 1 << 24;

    /// <summary>Room for 2^20 flows, and no client is left hanging on a server that is gone or drained.</summary>
    public static ForwarderSettings Default { get; } = new(
        FlowTableSize: 1_048_576,
        FlowTableSizeIpv6: 262_144,
        FragmentTableSize: 65_536,
        NewFlowsPerSecond: 200_000,
        ExpireNodestConn: true,
        ExpireQuiescentTemplate: true,
        ConnReuseMode: 1,
        SloppyTcp: false,
        SloppySctp: false,
        ResetRate: 1000,
        Offload: OffloadMode.Auto,
        OffloadPersist: 60);
}
