using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>
/// Configurations with one fault each, and the one error that is said. <c>UPDATE_CASES=1</c> writes the table of the
/// documentation anew, for review.
/// </summary>
public sealed class FaultTests
{
    private static readonly string Folder = Path.Combine(Sample.Cases, "faults");

    private static readonly string Table = Path.Combine(Sample.Root, "docs", "config-faults.md");

    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Folder, "*.conf").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Theory]
    [MemberData(nameof(All))]
    public void A_fault_is_one_message_with_its_place(string name)
    {
        ParseResult result = Load(name);

        Assert.Single(result.Diagnostics, IsFault);
        Assert.Contains(Row(name, result), File.ReadAllText(Table).Split('\n'));
    }

    [Fact]
    public void The_table_of_the_documentation_is_what_is_said()
    {
        string table = Text(All.Select(row => row.Data));
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1")
        {
            File.WriteAllText(Table, table);
        }

        Assert.Equal(table, File.ReadAllText(Table));
    }

    /// <summary>A warning says what is left out because of an error; that is no fault of its own.</summary>
    private static bool IsFault(Diagnostic finding) => finding.Severity == Severity.Error
        || !(finding.Message.Contains("left out", StringComparison.Ordinal)
            || finding.Message.Contains("out of service", StringComparison.Ordinal));

    private static ParseResult Load(string name) => ConfigReader.Load(
        Path.Combine(Folder, name + ".conf"), ReadOptions.OfHost("main"));

    private static string Text(IEnumerable<string> names)
    {
        var text = new StringBuilder(
            """
            # What is said about faults

            One configuration a line, in `tests/Cases/config/faults`; each has one fault. A test writes this table.

            | Fault | Written | Said |
            |---|---|---|

            """);
        foreach (string name in names)
        {
            text.Append(Row(name, Load(name))).Append('\n');
        }

        return text.ToString();
    }

    private static string Row(string name, ParseResult result)
    {
        Diagnostic said = result.Diagnostics.Where(IsFault).DefaultIfEmpty(result.Diagnostics[0]).First();
        string[] lines = result.Sources[said.File].Split('\n');
        string place = $"{said.Line}:{said.Column}";
        string message = DiagnosticFormatter.Format(said, null)[said.File.Length..];
        return $"| {name} | `{Cell(lines[said.Line - 1].Trim())}` | {place}{Cell(message[(place.Length + 1)..])} |";
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal)
        .Replace(Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
