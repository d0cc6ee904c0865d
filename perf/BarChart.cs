using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text;

namespace XdpLvs.Perf;

/// <summary>A bar with its range.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">Its length.</param>
/// <param name="Min">The least of the rounds.</param>
/// <param name="Max">The greatest.</param>
/// <param name="IsOurs">Ours have the accent.</param>
internal sealed record Bar(string Label, double Value, double Min, double Max, bool IsOurs);

/// <summary>Lying bars in groups, as SVG that browsers and GitHub show in light and in dark.</summary>
/// <param name="Title">Above all.</param>
/// <param name="Unit">Behind every number; shorter is better.</param>
/// <param name="Groups">A heading and its bars.</param>
internal sealed record BarChart(
    string Title, string Unit, IReadOnlyList<(string Heading, IReadOnlyList<Bar> Bars)> Groups)
{
    private const int LeftMin = 230, Bars = 500, Right = 130, Row = 24, BarHeight = 16, Top = 64, HeadingHeight = 34;
    private const double LabelCharacter = 6.8, HeadingCharacter = 7.6; // their width on average, in pixels

    private const string Style = """
        text { fill: #24292f } .note { fill: #57606a } .other { fill: #8c959f } .ours { fill: #0969da }
        .range { stroke: #24292f; stroke-width: 1.5 } .page { fill: #ffffff }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .note { fill: #9198a1 } .ours { fill: #4493f8 } .range { stroke: #e6edf3 }
        .page { fill: #0d1117 } }
        """;

    /// <summary>Where bars begin: behind the longest label.</summary>
    private int Left => Math.Max(
        LeftMin, 24 + (int)(LabelCharacter * Groups.SelectMany(group => group.Bars).Max(bar => bar.Label.Length)));

    /// <summary>Room for all bars, and for the longest heading.</summary>
    private int Width => Math.Max(
        Left + Bars + Right, 32 + (int)(HeadingCharacter * Groups.Max(group => group.Heading.Length)));

    /// <summary>The whole file.</summary>
    internal string ToSvg()
    {
        int height = Top + Groups.Sum(group => HeadingHeight + (group.Bars.Count * Row)) + 16;
        double scale = Bars / Groups.SelectMany(group => group.Bars).Max(bar => bar.Max);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {height}" font-family="sans-serif"
                font-size="13">
            <style>{Style}</style>
            <rect class="page" width="{Width}" height="{height}"/>
            <text x="16" y="28" font-size="17" font-weight="bold">{Escape(Title)}</text>
            <text class="note" x="16" y="48">{Escape(Unit)}; shorter is better; a line is the spread</text>

            """);
        int y = Top;
        foreach ((string heading, IReadOnlyList<Bar> bars) in Groups)
        {
            y += HeadingHeight;
            text.Append(
                CultureInfo.InvariantCulture,
                $"<text x=\"16\" y=\"{y - 10}\" font-weight=\"bold\">{Escape(heading)}</text>\n");
            foreach (Bar bar in bars)
            {
                Append(text, bar, y, scale);
                y += Row;
            }
        }

        return text.Append("</svg>\n").ToString();
    }

    private void Append(StringBuilder text, Bar bar, int y, double scale)
    {
        double middle = y + (BarHeight / 2.0), end = Left + (bar.Value * scale);
        double least = Left + (bar.Min * scale), most = Left + (bar.Max * scale);
        text.Append(CultureInfo.InvariantCulture, $"""
            <text x="{Left - 8}" y="{middle + 4.5:0.#}" text-anchor="end">{Escape(bar.Label)}</text>
            <rect class="{(bar.IsOurs ? "ours" : "other")}" x="{Left}" y="{y}"
                width="{end - Left:0.#}" height="{BarHeight}" rx="2"/>
            <line class="range" x1="{least:0.#}" y1="{middle:0.#}" x2="{most:0.#}" y2="{middle:0.#}"/>
            <text x="{Math.Max(end, most) + 8:0.#}" y="{middle + 4.5:0.#}">{bar.Value:#,0}</text>

            """);
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
