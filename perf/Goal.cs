using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>What a figure is to reach.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="Limit">Beyond it, a run has failed.</param>
/// <param name="Aim">What it should be.</param>
/// <param name="IsCeiling">Whether the figure must not be above the limit; otherwise, not below.</param>
internal sealed record Goal(string Name, double Limit, double Aim, bool IsCeiling = false)
{
    /// <summary>All of them; the ratios are of two things measured in one run.</summary>
    internal static readonly IReadOnlyList<Goal> All =
    [
        new("ipvs_over_offload_1_flow", 3.2, 3.6),
        new("ipvs_over_offload_64k_flows", 3.2, 3.6),
        new("ipvs_over_af_xdp", 1.2, 1.4),
        new("offload_over_xdp_tx_1_flow", 0.80, 0.92),
        new("offload_over_af_xdp_1m_flows", 1.7, 2.3),
        new("af_xdp_over_c", 0.85, 0.95),
        new("af_xdp_over_af_packet", 1.25, 1.5),
        new("insert_store_over_bpf_update", 10, 20),
        new("forwarding_collections", 0, 0, IsCeiling: true),
        new("forwarding_allocated_bytes", 0, 0, IsCeiling: true),
        new("keepalived_over_config_1000x100", 1.0, 1.5),
        new("keepalived_over_config_1x100000", 1.0, 10),
        new("config_1000x100_over_1x100000", 0.33, 0.8),
    ];

    /// <summary>What is said of a figure: whether it reached its goal; nothing when it has none.</summary>
    internal static string Verdict(Figure figure) => Of(figure) switch
    {
        null => "",
        { } goal when goal.IsReached(figure.Value, goal.Aim) => "aim reached",
        { } goal when goal.IsReached(figure.Value, goal.Limit) => $"goal {goal.Limit} reached, aim {goal.Aim} not",
        { } goal => $"MISSED: {goal.Limit} at {(goal.IsCeiling ? "most" : "least")}",
    };

    /// <summary>Whether a figure is beyond its goal's limit.</summary>
    internal static bool IsMissed(Figure figure) => Of(figure) is { } goal && !goal.IsReached(figure.Value, goal.Limit);

    private static Goal? Of(Figure figure) => All.FirstOrDefault(goal => goal.Name == figure.Name);

    private bool IsReached(double value, double mark) => IsCeiling ? value <= mark : value >= mark;
}
