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
    private readonly List<string> _order = [];
    private readonly Dictionary<string, string> _sources = [];
    private readonly HashSet<string> _firsts = [];
    private readonly HashSet<(string File, int Line, int Column, string What)> _said = [];
    private readonly Dictionary<(string File, int Line), List<(int Start, int End)>> _faults = [];
    private readonly int[] _counts = new int[Enum.GetValues<Severity>().Length];

    /// <summary>The name of the file that was asked for.</summary>
    public string File => file;

    /// <summary>The texts of the files by their names, in the order in which they were opened.</summary>
    public IReadOnlyDictionary<string, string> Sources => _sources;

    /// <summary>Whether something was found that is not done.</summary>
    public bool HasErrors => _counts[(int)Severity.Error] > 0;

    /// <summary>Whether another error would be listed: a suggestion that nobody reads need not be searched.</summary>
    public bool ListsErrors => _counts[(int)Severity.Error] < FindingsPerSeverityMax;

    /// <summary>How many errors there are so far, listed or not.</summary>
    public int ErrorCount => _counts[(int)Severity.Error];

    /// <summary>The findings, file by file, in the order of each.</summary>
    public ImmutableArray<Diagnostic> Diagnostics =>
        [.. _diagnostics
            .OrderBy(finding => _order.IndexOf(finding.File))
            .ThenBy(finding => finding.Line)
            .ThenBy(finding => finding.Column)];

    /// <summary>Says that a file is read from here on; it may be read more than once.</summary>
    public void AddSource(string name, string text)
    {
        if (_sources.TryAdd(name, text))
        {
            _order.Add(name);
        }
    }

    /// <summary>Whether something is said for the first time: what once is enough for.</summary>
    public bool IsFirst(string what) => _firsts.Add(what);

    /// <summary>An error after which nothing more is said of this place: what follows from it is no news.</summary>
    public void Fault(Word at, string message, string? suggestion = null)
    {
        Error(at, message, suggestion);
        (string, int) line = (at.Origin?.File ?? file, at.Line);
        if (!_faults.TryGetValue(line, out List<(int Start, int End)>? places))
        {
            _faults[line] = places = [];
        }

        places.Add((at.Column, at.Column + at.Length));
    }

    /// <summary>Something written is not done.</summary>
    public void Error(Word at, string message, string? suggestion = null) =>
        Add(Severity.Error, at, message, suggestion);

    /// <summary>Done, but probably not as intended; or left undone without touching the traffic.</summary>
    public void Warning(Word at, string message) => Add(Severity.Warning, at, message, null);

    /// <summary>Worth knowing.</summary>
    public void Notice(Word at, string message) => Add(Severity.Notice, at, message, null);

    /// <summary>The span of a word in its file.</summary>
    public SourceSpan Span(Word word) => new(word.Origin?.File ?? file, word.Line, word.Column, word.Length);

    /// <summary>The place of a span as a word, to report something about it.</summary>
    public static Word WordAt(SourceSpan span) =>
        new("", WordKind.Plain, span.Line, span.Column, Math.Max(1, span.Length)) { Origin = new Origin(span.File) };

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
        if (IsNoNews(severity, at, message))
        {
            return;
        }

        int count = ++_counts[(int)severity];
        if (count > FindingsPerSeverityMax)
        {
            return;
        }

        bool isLast = count == FindingsPerSeverityMax;
        string full = isLast ? $"{message} (too many findings of this kind: the rest are not listed)" : message;
        string name = at.Origin?.File ?? file;
        _diagnostics.Add(new Diagnostic(severity, name, at.Line, at.Column, at.Length, full, suggestion)
        {
            Context = at.Origin?.Context,
        });
    }

    /// <summary>
    /// Whether a finding follows from a fault at its place, or was made there before: a line that is expanded a
    /// hundred times has its faults once.
    /// </summary>
    private bool IsNoNews(Severity severity, Word at, string message)
    {
        string name = at.Origin?.File ?? file;
        bool isFaulty = _faults.TryGetValue((name, at.Line), out List<(int Start, int End)>? places)
            && places.Exists(place => at.Column < place.End && place.Start < at.Column + at.Length);
        string what = at.Origin?.Context is null ? message : severity.ToString();
        return isFaulty || (_counts[(int)severity] < FindingsPerSeverityMax
            && !_said.Add((name, at.Line, at.Column, what)));
    }
}
