using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using XdpLvs.Config;

namespace XdpLvs.Fuzz.Doors;

/// <summary>The configuration: any text is read, and every finding has its place in it.</summary>
internal sealed class ConfigDoor : IFuzzDoor
{
    private const string Samples = "/usr/share/doc/keepalived/samples";

    /// <summary>A file that includes itself and another: no input reaches the disk.</summary>
    private static readonly ReadOptions Options =
        ReadOptions.Nothing with { ConfigId = "main", Files = new TwoFiles() };

    public string Name => "config";

    public int InputsPerMillion => 2_000;

    /// <summary>Our cases, keepalived's own samples where its package is, and the language's bombs and loops.</summary>
    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases", "config"), "*.conf",
            SearchOption.AllDirectories).Order().Select(File.ReadAllBytes),
        .. Directory.Exists(Samples)
            ? Directory.EnumerateFiles(Samples, "keepalived.conf.*").Order().Select(File.ReadAllBytes).ToArray()
            : [],
        "$A=$B $B\n$B=$C $C\n$C= \\\nx ${A} \\\n$C\n~SEQ(N,1,99) ~LST({I,J},{1,2},{3,4}) $C a${N}${I}"u8.ToArray(),
        "include a.conf\nglobal_defs {\n@main include {a,b}.conf\n}\n"u8.ToArray(),
    ];

    public string Feed(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        ParseResult read = ConfigReader.Parse(text, "fuzz.conf", Options);
        foreach (Diagnostic finding in read.Diagnostics)
        {
            int lines = read.Sources[finding.File].Split('\n').Length;
            if (finding.Line < 0 || finding.Line > lines || finding.Message.Length == 0)
            {
                throw new BrokenRuleException($"a finding in line {finding.Line} of {lines}: '{finding.Message}'");
            }
        }

        _ = DiagnosticFormatter.FormatAll(read);
        string? tidy = ConfigFormatter.Format(text, out _);
        if (tidy is not null && ConfigFormatter.Format(tidy, out _) != tidy)
        {
            throw new BrokenRuleException("the tidy form of a tidy form is another");
        }

        return read.HasErrors ? "read, with errors" : "read, without errors";
    }

    public void Dispose()
    {
        // nothing is held
    }

    private sealed class TwoFiles : IConfigFiles
    {
        public FileMatches Match(string folder, string pattern) =>
            pattern.Contains('a', StringComparison.Ordinal) ? new(["a.conf", "b.conf"], []) : new([], [pattern]);

        public FileContent Read(string path) => new(
            path.EndsWith("a.conf", StringComparison.Ordinal) ? "include a.conf\n$F=1\n" : "router_id ${F}\n}", null);
    }
}
