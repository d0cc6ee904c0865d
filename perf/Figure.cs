using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>One measured number, with what it was measured from.</summary>
/// <param name="Name">As in the JSON: lower case and underscores.</param>
/// <param name="Value">The median of the rounds.</param>
/// <param name="Unit">"instructions/frame", "ratio", "ns".</param>
/// <param name="Rounds">How many rounds, pairs or boots.</param>
/// <param name="Min">The least of them.</param>
/// <param name="Max">The greatest.</param>
internal sealed record Figure(string Name, double Value, string Unit, int Rounds, double Min, double Max)
{
    /// <summary>The figure of some rounds, at least one.</summary>
    internal static Figure Of(string name, string unit, IEnumerable<double> rounds)
    {
        double[] sorted = [.. rounds.Order()];
        return new Figure(name, Median(sorted), unit, sorted.Length, sorted[0], sorted[^1]);
    }

    /// <summary>The middle of sorted values, or between the two in the middle.</summary>
    internal static double Median(IReadOnlyList<double> sorted) =>
        (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
}
