using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>
/// What becomes of every keyword in the samples that Debian's keepalived comes with, and in the tutorial: reviewed
/// lists under <c>tests/Cases/config/samples</c>. The samples themselves are keepalived's and are read where they are
/// installed, or from the folder in <c>KEEPALIVED_SAMPLES</c>. <c>UPDATE_CASES=1</c> writes the lists anew.
/// </summary>
public sealed class SampleFilesTests
{
    private static readonly string Verdicts = Path.Combine(Sample.Cases, "samples");

    private static readonly string Installed =
        Environment.GetEnvironmentVariable("KEEPALIVED_SAMPLES") ?? "/usr/share/doc/keepalived/samples";

    private static readonly string Tutorial = Path.Combine(Sample.Cases, "tutorial");

    private static bool Updates => Environment.GetEnvironmentVariable("UPDATE_CASES") == "1";

    public static TheoryData<string> All =>
    [
        .. Directory.EnumerateFiles(Verdicts, "*.verdict").Select(path => Path.GetFileNameWithoutExtension(path))
            .Concat(Updates ? Sources().Select(path => Path.GetFileName(path)!) : [])
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(All))]
    public void A_sample_gets_the_reviewed_verdicts(string name)
    {
        string? source = Sources().FirstOrDefault(path => Path.GetFileName(path) == name);
        Assert.SkipWhen(source is null, $"{name} is not installed (Debian: package keepalived)");
        string path = Path.Combine(Verdicts, name + ".verdict");
        string actual = Verdict(File.ReadAllText(source), name);
        if (Updates)
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static IEnumerable<string> Sources() => new[] { Installed, Tutorial }
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder))
        .Where(path => Path.GetFileName(path).Contains(".conf", StringComparison.Ordinal));

    /// <summary>The keywords by the gravest finding about them, and all findings.</summary>
    private static string Verdict(string text, string name)
    {
        ParseResult result = ConfigReader.Parse(text, name);
        var report = new Reporter(name);
        var keywords = new Dictionary<string, Severity?>();
        Block tree = TreeBuilder.Build(Preparer.Read(text, name, ReadOptions.Nothing, report), report);
        Gather(tree, KeywordCatalog.Top, result, keywords);
        string of(string title, Severity? severity) => $"{title}: " + string.Join(' ', keywords
            .Where(pair => pair.Value == severity).Select(pair => pair.Key).Order(StringComparer.Ordinal));
        IEnumerable<string> findings = result.Diagnostics.Select(finding =>
            $"{finding.Line}: {finding.Severity.ToString().ToLowerInvariant()}: {finding.Message}");
        return string.Join('\n',
        [
            of("accepted", null).TrimEnd(), of("noticed", Severity.Notice).TrimEnd(),
            of("warned", Severity.Warning).TrimEnd(), of("refused", Severity.Error).TrimEnd(), "", .. findings, "",
        ]);
    }

    private static void Gather(
        Block block, string kind, ParseResult result, Dictionary<string, Severity?> keywords)
    {
        foreach (Statement statement in block.Statements.Where(statement => !statement.Words.IsEmpty))
        {
            Word first = statement.Words[0], last = statement.Words[^1];
            Severity? gravest = result.Diagnostics
                .Where(finding => finding.Line == first.Line
                    && finding.Column >= first.Column && finding.Column < last.Column + last.Length)
                .Select(finding => (Severity?)finding.Severity)
                .Max();
            bool isKeyword = KeywordCatalog.TryFind(kind, statement.Keyword, out _);
            if (isKeyword)
            {
                string key = $"{kind}/{statement.Keyword}".Replace("top level/", "", StringComparison.Ordinal);
                Severity? before = keywords.GetValueOrDefault(key);
                keywords[key] = before is null || gravest > before ? gravest ?? before : before;
            }

            if (statement.Body is { } body && KeywordCatalog.BlockNames.Contains(statement.Keyword))
            {
                Gather(body, statement.Keyword, result, keywords);
            }
        }
    }
}
