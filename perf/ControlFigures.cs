using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>What a part of the control run is called, and its rounds.</summary>
/// <param name="Name">As in the figures, behind "control_".</param>
/// <param name="Label">As in the table.</param>
/// <param name="Unit">"ms", "us", "MiB", "requests".</param>
/// <param name="Rounds">One value each, at least one.</param>
internal sealed record ControlRow(string Name, string Label, string Unit, IReadOnlyList<double> Rounds)
{
    /// <summary>The same as a figure.</summary>
    internal Figure Figure => Figure.Of($"control_{Name}_{Unit.ToLowerInvariant()}", Unit, Rounds);
}

/// <summary>The rows of the control run, under headings; a part appends its own.</summary>
internal sealed class ControlFigures
{
    private readonly List<(string Heading, List<ControlRow> Rows)> _parts = [];

    /// <summary>Begins a part.</summary>
    /// <param name="heading">What it measures, and from when to when.</param>
    internal void Begin(string heading) => _parts.Add((heading, []));

    /// <summary>A row of the part that was begun last.</summary>
    internal void Add(string name, string label, string unit, IReadOnlyList<double> rounds) =>
        _parts[^1].Rows.Add(new ControlRow(name, label, unit, rounds));

    /// <summary>All of them.</summary>
    internal List<Figure> Figures => [.. _parts.SelectMany(part => part.Rows).Select(row => row.Figure)];

    /// <summary>Those in milliseconds.</summary>
    internal BarChart Picture => new(
        "How long the control plane takes",
        "milliseconds",
        [
            .. _parts.Where(part => part.Rows.Exists(row => row.Unit == "ms")).Select(part => (
                part.Heading,
                (IReadOnlyList<Bar>)[.. part.Rows.Where(row => row.Unit == "ms").Select(Draw)])),
        ]);

    /// <summary>Medians and spread.</summary>
    internal void Print()
    {
        foreach ((string heading, List<ControlRow> rows) in _parts)
        {
            Console.WriteLine();
            Console.WriteLine(heading);
            foreach (ControlRow row in rows)
            {
                Figure figure = row.Figure;
                string spread = string.Create(
                    CultureInfo.InvariantCulture, $"{figure.Min:#,0.##} to {figure.Max:#,0.##}");
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {row.Label,-58} {figure.Value,9:#,0.##} {row.Unit,-8} {spread,-20} {figure.Rounds} rounds"));
            }
        }
    }

    private static Bar Draw(ControlRow row) =>
        new(row.Label, row.Figure.Value, row.Figure.Min, row.Figure.Max, IsOurs: true);
}
