using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Writes findings the way compilers do, so that editors and people find the place.</summary>
public static class DiagnosticFormatter
{
    private const int RunesShownMax = 160, RunesBeforeMax = 60;

    /// <summary>Code points that take two columns of a terminal: Unicode's East Asian wide and full ones.</summary>
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF),
        (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF00, 0xFF60), (0xFFE0, 0xFFE6),
        (0x3000, 0x3000), (0x1F300, 0x1F64F), (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>One finding, with the line it is about and a row of carets under the place.</summary>
    /// <param name="diagnostic">The finding.</param>
    /// <param name="sourceLine">The line, without its end; null leaves line and carets out.</param>
    /// <returns>One line, or three, without a line end behind the last.</returns>
    public static string Format(Diagnostic diagnostic, string? sourceLine)
    {
        string place = diagnostic.Line == 0
            ? diagnostic.File
            : string.Create(
                CultureInfo.InvariantCulture, $"{diagnostic.File}:{diagnostic.Line}:{diagnostic.Column}");
        string hint = diagnostic.Suggestion is { } suggestion ? $"; did you mean '{suggestion}'?" : "";
        string context = diagnostic.Context is { } explained ? $" ({explained})" : "";
        string head = $"{place}: {Name(diagnostic.Severity)}: {diagnostic.Message}{hint}{context}";
        return sourceLine is null || diagnostic.Line == 0
            ? head
            : $"{head}\n{Show(diagnostic, Secrets.Hide(sourceLine))}";
    }

    /// <summary>All findings of a result with their lines, one under the other.</summary>
    public static string FormatAll(ParseResult result)
    {
        var text = new StringBuilder();
        (string file, string source, int line, int at) = ("", "", 0, 0);
        foreach (Diagnostic finding in result.Diagnostics)
        {
            if (line == 0 || finding.File != file || finding.Line < line)
            {
                (file, source) = (finding.File, result.Sources.GetValueOrDefault(finding.File, ""));
                (line, at) = (1, source.StartsWith('\uFEFF') ? 1 : 0);
            }

            for (; line < finding.Line && at <= source.Length; line++) // findings are in order, and so this is one way
            {
                int end = source.IndexOf('\n', at);
                at = end < 0 ? source.Length + 1 : end + 1;
            }

            bool isThere = line == finding.Line && at <= source.Length && result.Sources.ContainsKey(file);
            int length = isThere ? source.AsSpan(at).IndexOf('\n') : 0;
            string? shown = isThere ? source.Substring(at, length < 0 ? source.Length - at : length) : null;
            text.Append(Format(finding, shown)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The word that messages have for a severity.</summary>
    public static string Name(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "notice",
    };

    private static string Show(Diagnostic diagnostic, string sourceLine)
    {
        int skipped = diagnostic.Column > RunesShownMax - RunesBeforeMax ? diagnostic.Column - 1 - RunesBeforeMax : 0;
        var source = new StringBuilder(skipped > 0 ? "…" : "");
        var carets = new StringBuilder(skipped > 0 ? " " : "");
        int column = skipped;
        foreach (Rune rune in sourceLine.TrimEnd('\r').EnumerateRunes().Skip(skipped).Take(RunesShownMax))
        {
            column++;
            bool isTab = rune.Value == '\t';
            source.Append(isTab || !Rune.IsControl(rune) ? rune : Rune.ReplacementChar);
            bool isMarked = column >= diagnostic.Column && column < diagnostic.Column + diagnostic.Length;
            carets.Append(isMarked || !isTab ? isMarked ? '^' : ' ' : '\t', isTab ? 1 : WidthOf(rune));
        }

        string marks = carets.ToString().TrimEnd(' ', '\t');
        return $"{source}\n{(marks.Contains('^') ? marks : carets + "^")}";
    }

    private static int WidthOf(Rune rune)
    {
        bool isInvisible = Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format;
        return isInvisible ? 0 : Wide.Any(range => rune.Value >= range.First && rune.Value <= range.Last) ? 2 : 1;
    }
}
