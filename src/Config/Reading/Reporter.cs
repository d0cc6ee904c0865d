using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Collects what there is to say about one file.</summary>
internal sealed class Reporter(string file)
{
    /// <summary>Findings of one severity after which further ones are only counted.</summary>
    public const int FindingsPerSeverityMax = 1000;

    private const int QuotedLengthMax = 60;

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly int[] _counts = new int[Enum.GetValues<Severity>().Length];

    /// <summary>The names that <c>$NAME=</c> lines of the file define.</summary>
    public HashSet<string> Variables { get; } = [];

    /// <summary>Whether another error would be listed: a suggestion that nobody reads need not be searched.</summary>
    public bool ListsErrors => _counts[(int)Severity.Error] < FindingsPerSeverityMax;

    /// <summary>How many errors there are so far, listed or not.</summary>
    public int ErrorCount => _counts[(int)Severity.Error];

    /// <summary>The findings in the order of the file.</summary>
    public ImmutableArray<Diagnostic> Diagnostics =>
        [.. _diagnostics.OrderBy(finding => finding.Line).ThenBy(finding => finding.Column)];

    /// <summary>Something written is not done.</summary>
    public void Error(Word at, string message, string? suggestion = null) =>
        Add(Severity.Error, at, message, suggestion);

    /// <summary>Done, but probably not as intended; or left undone without touching the traffic.</summary>
    public void Warning(Word at, string message) => Add(Severity.Warning, at, message, null);

    /// <summary>Worth knowing.</summary>
    public void Notice(Word at, string message) => Add(Severity.Notice, at, message, null);

    /// <summary>The span of a word in this file.</summary>
    public SourceSpan Span(Word word) => new(file, word.Line, word.Column, word.Length);

    /// <summary>The place of a span as a word, to report something about it.</summary>
    public static Word WordAt(SourceSpan span) =>
        new("", WordKind.Plain, span.Line, span.Column, Math.Max(1, span.Length));

    /// <summary>Text of the file as a message may carry it: in quotes, of bearable length, nothing invisible.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (Rune rune in text.EnumerateRunes().Take(QuotedLengthMax))
        {
            quoted.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }

        return quoted.Append(text.Length > QuotedLengthMax ? "…'" : "'").ToString();
    }

    private void Add(Severity severity, Word at, string message, string? suggestion)
    {
        int count = ++_counts[(int)severity];
        if (count > FindingsPerSeverityMax)
        {
            return;
        }

        bool isLast = count == FindingsPerSeverityMax;
        string full = isLast ? $"{message} (too many findings of this kind: the rest are not listed)" : message;
        _diagnostics.Add(new Diagnostic(severity, file, at.Line, at.Column, at.Length, full, suggestion));
    }
}
