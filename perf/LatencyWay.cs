using System.Collections.Generic;

namespace XdpLvs.Perf;

/// <summary>What stands between the sender and the real server.</summary>
internal enum LatencyPath
{
    /// <summary>A cable; frames cross it once.</summary>
    Cable,

    /// <summary>The director's kernel, which routes.</summary>
    Kernel,

    /// <summary>The daemon.</summary>
    Daemon,
}

/// <summary>One way for a frame.</summary>
/// <param name="Name">As in the figures.</param>
/// <param name="Label">As in the table.</param>
/// <param name="Path">Who forwards.</param>
/// <param name="Words">The daemon's options.</param>
internal sealed record LatencyWay(string Name, string Label, LatencyPath Path, params string[] Words)
{
    /// <summary>All of them, the nearest to nothing first.</summary>
    internal static readonly IReadOnlyList<LatencyWay> All =
    [
        new("veth", "one veth hop, nothing else", LatencyPath.Cable),
        new("routing", "kernel routing, there and back", LatencyPath.Kernel),
        new("offload", "XdpLvs, offload", LatencyPath.Daemon, "--io", "xdp", "--offload", "on"),
        new("af_xdp", "XdpLvs, AF_XDP", LatencyPath.Daemon, "--io", "xdp", "--offload", "off"),
        new("af_packet", "XdpLvs, AF_PACKET", LatencyPath.Daemon, "--io", "packet"),
    ];
}

/// <summary>How much is sent meanwhile, and what else goes on.</summary>
/// <param name="Name">As in the figures.</param>
/// <param name="Label">As in the table.</param>
/// <param name="Share">Of the way's own capacity.</param>
/// <param name="Storms">Listings are asked for without a pause, so that the daemon's collector works.</param>
internal sealed record LatencyLoad(string Name, string Label, double Share, bool Storms)
{
    /// <summary>All of them.</summary>
    internal static readonly IReadOnlyList<LatencyLoad> All =
    [
        new("10pct", "10 %", 0.1, false),
        new("70pct", "70 %", 0.7, false),
        new("10pct_storm", "10 %, storm", 0.1, true),
    ];

    /// <summary>Only the daemon lists connections.</summary>
    internal bool Suits(LatencyWay way) => !Storms || way.Path == LatencyPath.Daemon;
}

/// <summary>What one run under one load found.</summary>
/// <param name="Load">The frames.</param>
/// <param name="Collections">Of the daemon's collector during the run.</param>
/// <param name="PausedMs">For how long they stopped the daemon's threads, all together.</param>
internal sealed record LatencySample(LoadResult Load, long Collections, double PausedMs);
