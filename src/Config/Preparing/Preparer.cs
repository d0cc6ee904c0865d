using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// Turns files into lines of words: takes comments away, includes files, and has lines expanded. Each word keeps the
/// place where it was written.
/// </summary>
internal sealed class Preparer
{
    /// <summary>Files within files.</summary>
    public const int IncludeDepthMax = 16;

    /// <summary>Files in all.</summary>
    public const int FilesMax = 1000;

    /// <summary>Characters of all files together.</summary>
    public const int CharactersMax = 64 * 1024 * 1024;

    private readonly ReadOptions _options;
    private readonly Reporter _report;
    private readonly Budget _budget;
    private readonly Substitution _variables;
    private readonly LineExpander _expander;
    private readonly WordPool _pool = new();
    private readonly List<ImmutableArray<Word>> _lines = [];
    private readonly ImmutableArray<Word>.Builder _words = ImmutableArray.CreateBuilder<Word>();
    private readonly List<string> _open = [];
    private Gathering? _gathering;
    private long _characters;
    private int _files;

    private Preparer(ReadOptions options, Reporter report)
    {
        (_options, _report, _budget) = (options, report, new Budget(report));
        _variables = new Substitution(options, _budget, report);
        _expander = new LineExpander(options, _variables, _budget, report, Emit);
    }

    /// <summary>The lines of a file and of all it includes that have words, in order.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="fileName">Its name; <c>include</c> is relative to its folder.</param>
    /// <param name="options">The machine it is for.</param>
    /// <param name="report">Where findings go.</param>
    public static List<ImmutableArray<Word>> Read(
        string text, string fileName, ReadOptions options, Reporter report)
    {
        var preparer = new Preparer(options, report);
        preparer.ReadFile(text, fileName);
        if (preparer._budget.IsSpent)
        {
            preparer._lines.Clear(); // half a configuration is worse than none
        }

        return preparer._lines;
    }

    private void ReadFile(string text, string fileName)
    {
        _open.Add(FullPath(fileName));
        _report.AddSource(fileName, text);
        string outer = _variables.Folder;
        _variables.Folder = Path.GetDirectoryName(fileName) ?? "";
        var origin = new Origin(fileName);
        int at = text.StartsWith('\uFEFF') ? 1 : 0;
        for (int line = 1; at < text.Length && !_budget.IsSpent; line++)
        {
            int length = text.AsSpan(at).IndexOf('\n');
            int end = length < 0 ? text.Length : at + length;
            ReadLine(text.AsSpan(at, end - at), origin, line);
            at = end + 1;
        }

        EndDefinition();
        _variables.Folder = outer;
        _open.RemoveAt(_open.Count - 1);
    }

    private void ReadLine(ReadOnlySpan<char> whole, Origin origin, int line)
    {
        int comment = Comments.Start(whole);
        ReadOnlySpan<char> text = whole[..comment];
        bool endsAtComment = comment < whole.Length;
        if (_gathering is not null || text.ContainsAny("$~@\\"))
        {
            ReadSpecial(whole, new SourceLine(text.ToString(), [new Part(0, origin, line, 1, 0)], endsAtComment));
            return;
        }

        if (text.TrimStart().StartsWith("include"))
        {
            Emit(new SourceLine(text.ToString(), [new Part(0, origin, line, 1, 0)], endsAtComment));
            return;
        }

        var part = new Part(0, origin, line, 1, 0);
        Lexer.Read(text, new ReadOnlySpan<Part>(in part), endsAtComment, _pool, _words, _report);
        EndLine();
    }

    private void EndLine()
    {
        if (_words.Count > 0)
        {
            _lines.Add(_words.ToImmutable());
            _words.Clear();
        }
    }

    /// <summary>A line that may define, or goes on defining.</summary>
    private void ReadSpecial(ReadOnlySpan<char> whole, SourceLine line)
    {
        bool continues = whole.TrimEnd().EndsWith('\\');
        if (_gathering is null)
        {
            if (!continues || !Gathering.TryStart(line, _options.ConfigId, out _gathering))
            {
                _expander.Expand(line);
            }

            return;
        }

        _gathering.Add(line);
        if (!continues)
        {
            EndDefinition();
        }
    }

    private void EndDefinition()
    {
        if (_gathering is { IsWanted: true } done)
        {
            _variables.Definitions[done.Name] = done.ToDefinition();
        }

        _gathering = null;
    }

    /// <summary>Takes a line that needs no more expansion.</summary>
    private void Emit(SourceLine line)
    {
        Lexer.Read(line.Text, line.Parts.AsSpan(), line.EndsAtComment, _pool, _words, _report);
        bool isInclude = _words.Count > 0 && _words[0].Kind == WordKind.Plain && IsInclude(_words[0].Text);
        if (!isInclude)
        {
            EndLine();
            return;
        }

        ImmutableArray<Word> words = _words.ToImmutable();
        _words.Clear();
        Include(words);
    }

    private static bool IsInclude(string keyword) =>
        keyword is "include" or "includer" or "includem" or "includew" or "includeb" or "includea";

    private void Include(ImmutableArray<Word> words)
    {
        if (words.Length < 2 || words[1].Kind is WordKind.Open or WordKind.Close && words.Length == 2)
        {
            _report.Error(words[0], $"'{words[0].Text}' lacks its value: the name of a file, or a pattern");
            return;
        }

        Word place = words[1].To(words[^1]);
        string pattern = Pattern(words);
        FileMatches matches = _options.Files.Match(_variables.Folder, pattern);
        SayMissing(words[0].Text[7..], pattern, matches, place);
        foreach (string path in matches.Paths)
        {
            string name = Path.Combine(_variables.Folder, path);
            if (TryOpen(name, place, out string text))
            {
                ReadFile(text, name);
            }
        }
    }

    /// <summary>The pattern as it was written: its braces have been words.</summary>
    private static string Pattern(ImmutableArray<Word> words)
    {
        int end = 2;
        while (end < words.Length && words[end].Column == words[end - 1].Column + words[end - 1].Length)
        {
            end++;
        }

        return string.Concat(words.Take(end).Skip(1).Select(word => word.Text));
    }

    /// <summary>What is said of a pattern that names nothing depends on what <c>include</c> ends with.</summary>
    private void SayMissing(string checks, string pattern, FileMatches matches, Word place)
    {
        bool isEmpty = matches.Paths.IsEmpty;
        bool mayBeEmpty = checks is not ("a" or "w") && Glob.HasWildcard(pattern);
        bool mayLack = checks is not ("a" or "b") && !isEmpty;
        if (matches.Missing.IsEmpty)
        {
            return;
        }

        string missing = string.Join(", ", matches.Missing.Take(3).Select(Reporter.Quote));
        if (mayBeEmpty || mayLack)
        {
            _report.Notice(place, $"no file is named {missing}");
        }
        else
        {
            _report.Fault(place, $"no file is named {missing}; nothing is included");
        }
    }

    private bool TryOpen(string name, Word place, out string text)
    {
        text = "";
        string path = FullPath(name);
        int above = _open.IndexOf(path);
        if (above >= 0)
        {
            string way = string.Join(" → ", _open.Skip(above).Append(path).Select(Path.GetFileName));
            _report.Fault(place, $"this file includes itself: {way}");
            return false;
        }

        if (_open.Count > IncludeDepthMax || ++_files > FilesMax)
        {
            _budget.Stop(place, $"more than {FilesMax} files, or {IncludeDepthMax} within each other; "
                + "nothing of the configuration is used");
            return false;
        }

        FileContent content = _options.Files.Read(name);
        if (content.Problem is { } problem)
        {
            _report.Fault(place, $"{name}: {problem}");
            return false;
        }

        if (content.IsExecutable)
        {
            _report.Fault(
                place, $"{name}: the file is executable, and so no configuration for keepalived; try chmod -x");
            return false;
        }

        if (content.IsReplaced)
        {
            _report.Notice(place, $"{name}: the file is not UTF-8; strange octets are replaced");
        }

        text = content.Text;
        _characters += text.Length;
        if (_characters > CharactersMax)
        {
            _budget.Stop(place, $"all files together have more than {CharactersMax / (1024 * 1024)} Mi characters; "
                + "nothing of the configuration is used");
        }

        return !_budget.IsSpent;
    }

    private static string FullPath(string name) => name.Length == 0 ? name : Path.GetFullPath(name);
}
