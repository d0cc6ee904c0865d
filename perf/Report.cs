using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace XdpLvs.Perf;

/// <summary>Where a verb's figures go beside its table.</summary>
/// <param name="Json">A file for all of them; null for none.</param>
/// <param name="Svg">A file for the picture; null for none.</param>
/// <param name="History">A line is added to this file.</param>
internal sealed record Report(string? Json, string? Svg, string History)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Prints the figures that have goals, and writes all of them.</summary>
    /// <param name="verb">What was measured.</param>
    /// <param name="figures">All of its figures.</param>
    /// <param name="picture">The bars of the picture.</param>
    /// <returns>The process's exit code: 1 when a goal was missed.</returns>
    internal int Finish(string verb, IReadOnlyList<Figure> figures, BarChart picture)
    {
        Console.WriteLine();
        Figure[] withGoals = [.. figures.Where(figure => Goal.Verdict(figure).Length > 0)];
        if (withGoals.Length > 0)
        {
            Console.WriteLine($"{"figure",-36} {"median",8}   {"least to most",-16} rounds");
        }

        foreach (Figure figure in withGoals)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name,-36} {figure.Value,8:0.00}   {$"{figure.Min:0.00} to {figure.Max:0.00}",-16} "
                + $"{figure.Rounds,6}   {Goal.Verdict(figure)}"));
        }

        var array = new JsonArray([.. figures.Select(Node)]);
        if (Json is not null)
        {
            File.WriteAllText(Json, array.ToJsonString(Indented) + "\n");
            Console.WriteLine($"figures: {Json}");
        }

        if (Svg is not null)
        {
            File.WriteAllText(Svg, picture.ToSvg());
            Console.WriteLine($"picture: {Svg}");
        }

        var line = new JsonObject
        {
            ["when"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["verb"] = verb,
            ["kernel"] = Environment.OSVersion.Version.ToString(),
            ["figures"] = array,
        };
        File.AppendAllText(History, line.ToJsonString() + "\n");
        return figures.Any(Goal.IsMissed) ? 1 : 0;
    }

    private static JsonNode Node(Figure figure) => new JsonObject
    {
        ["figure"] = figure.Name,
        ["value"] = Math.Round(figure.Value, 3),
        ["unit"] = figure.Unit,
        ["rounds"] = figure.Rounds,
        ["min"] = Math.Round(figure.Min, 3),
        ["max"] = Math.Round(figure.Max, 3),
    };
}
