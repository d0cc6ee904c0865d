using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config.Tests.Preparing;

/// <summary>What becomes of a text before its words have a meaning.</summary>
internal static class Prepared
{
    public static ReadOptions Main { get; } = ReadOptions.Nothing with
    {
        ConfigId = "main",
        EnvironmentVariable = name => name == "SITE" ? "north" : null,
    };

    /// <summary>The lines, words joined by blanks, lines by bars.</summary>
    public static string Lines(string text, ReadOptions? options = null) =>
        string.Join('|', Read(text, options, out _).Select(line => string.Join(' ', line.Select(word => word.Text))));

    /// <summary>Every word with its place.</summary>
    public static string[] Places(string text, ReadOptions? options = null) =>
        [.. Read(text, options, out _).SelectMany(line => line).Select(word =>
            $"{word.Text} {word.Origin!.File}:{word.Line}:{word.Column}+{word.Length}")];

    /// <summary>What is said while the lines are made.</summary>
    public static string[] Findings(string text, ReadOptions? options = null)
    {
        Read(text, options, out Reporter report);
        return [.. report.Diagnostics.Select(finding => DiagnosticFormatter.Format(finding, null))];
    }

    private static List<ImmutableArray<Word>> Read(string text, ReadOptions? options, out Reporter report)
    {
        report = new Reporter("t.conf");
        return Preparer.Read(text, "t.conf", options ?? Main, report);
    }
}
