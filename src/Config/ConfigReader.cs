using System;

namespace XdpLvs.Config;

/// <summary>Reads a <c>keepalived.conf</c>. It never throws, whatever the text or the file is.</summary>
public static class ConfigReader
{
    /// <summary>The largest file that is read, in octets.</summary>
    public const int FileSizeMax = 64 * 1024 * 1024;

    /// <summary>Turns a text into the model and a list of findings.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="fileName">The name that findings carry; <c>include</c> is relative to its folder.</param>
    /// <param name="options">The machine that it is for; null for none, so that the text alone counts.</param>
    public static ParseResult Parse(string text, string fileName, ReadOptions? options = null) =>
        Parse(text, options ?? ReadOptions.Nothing, new Reporter(fileName));

    /// <summary>Reads a file, and says so in the result if it cannot be read.</summary>
    /// <param name="path">Its path; also the name that findings carry.</param>
    /// <param name="options">The machine that it is for; null for this one.</param>
    public static ParseResult Load(string path, ReadOptions? options = null)
    {
        options ??= ReadOptions.OfHost();
        FileContent content = options.Files.Read(path);
        if (content.Problem is { } problem)
        {
            return new(DirectorConfig.Empty, [new Diagnostic(Severity.Error, path, 0, 0, 0, problem)])
            {
                FileProblem = true,
            };
        }

        var report = new Reporter(path);
        if (content.IsReplaced)
        {
            report.Notice(
                FirstReplacement(content.Text), "the file is not UTF-8 from here on; strange octets are replaced");
        }

        return Parse(content.Text, options, report);
    }

    private static ParseResult Parse(string text, ReadOptions options, Reporter report)
    {
        var lines = Preparer.Read(text, report.File, options, report);
        DirectorConfig config = ModelReader.Read(TreeBuilder.Build(lines, report), report);
        return new ParseResult(config, report.Diagnostics) { Text = text, Sources = report.Sources };
    }

    private static Word FirstReplacement(string text)
    {
        int at = text.IndexOf('\uFFFD', StringComparison.Ordinal);
        int lineStart = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        string before = text[lineStart..at];
        int line = text.AsSpan(0, lineStart).Count('\n') + 1;
        int mark = line == 1 && before.StartsWith('\uFEFF') ? 1 : 0;
        return new Word("", WordKind.Plain, line, Runes.Count(before) - mark + 1, 1);
    }
}
