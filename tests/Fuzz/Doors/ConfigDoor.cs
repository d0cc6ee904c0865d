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
    public string Name => "config";

    public int InputsPerMillion => 2_000;

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Cases", "config"), "*.conf",
            SearchOption.AllDirectories).Order().Select(File.ReadAllBytes),
    ];

    public string Feed(byte[] input)
    {
        string text = Encoding.UTF8.GetString(input);
        ParseResult read = ConfigReader.Parse(text, "fuzz.conf");
        int lines = text.Split('\n').Length;
        foreach (Diagnostic finding in read.Diagnostics)
        {
            if (finding.Line < 0 || finding.Line > lines || finding.Message.Length == 0)
            {
                throw new BrokenRuleException($"a finding in line {finding.Line} of {lines}: '{finding.Message}'");
            }
        }

        _ = DiagnosticFormatter.FormatAll(read);
        return read.HasErrors ? "read, with errors" : "read, without errors";
    }

    public void Dispose()
    {
        // nothing is held
    }
}
