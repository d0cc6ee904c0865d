using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>What a figure is to reach.</summary>
/// <param name="Name">Of the figure.</param>
/// <param name="AtLeast">Below it, a run has failed.</param>
/// <param name="Aim">What it should be.</param>
internal sealed record Goal(string Name, double AtLeast, double Aim)
{
    /// <summary>All of them; each is a ratio of two things measured in one run.</summary>
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
        new("keepalived_over_config_1000x100", 1.0, 1.5),
        new("keepalived_over_config_1x100000", 1.0, 10),
        new("config_1000x100_over_1x100000", 0.33, 0.8),
    ];

    /// <summary>What is said of a figure: whether it reached its goal; nothing when it has none.</summary>
    internal static string Verdict(Figure figure) => Of(figure) switch
    {
        null => "",
        { } goal when figure.Value >= goal.Aim => "aim reached",
        { } goal when figure.Value >= goal.AtLeast => $"goal {goal.AtLeast} reached, aim {goal.Aim} not",
        { } goal => $"MISSED: {goal.AtLeast} at least",
    };

    /// <summary>Whether a figure is below its goal.</summary>
    internal static bool IsMissed(Figure figure) => Of(figure) is { } goal && figure.Value < goal.AtLeast;

    private static Goal? Of(Figure figure) => All.FirstOrDefault(goal => goal.Name == figure.Name);
}
