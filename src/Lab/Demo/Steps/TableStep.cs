using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>The table as an operator knows it, to the last space.</summary>
internal sealed partial class TableStep : IDemoStep
{
    // The trailing spaces are ipvsadm's: its last column is ten wide.
    private static readonly string Expected = string.Join(
        '\n',
        "IP Virtual Server version 1.2.1 (size=N)",
        "Prot LocalAddress:Port Scheduler Flags",
        "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn",
        "TCP  192.168.5.100:80 rr persistent 50",
        "  -> 192.168.5.103:80             Route   1      0          0         ",
        "  -> 192.168.5.104:80             Route   1      0          0         ");

    /// <inheritdoc/>
    public string Title => "2. The table, in ipvsadm's own words";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.Tutorial);
        string table = context.Youxi1.List();
        context.Report.Shown("youxi1", "xdplvs ipvsadm -Ln", table);
        string comparable = Size().Replace(table, "(size=N)").TrimEnd('\n');
        context.Report.Check(
            comparable == Expected, "octet for octet what ipvsadm -Ln prints, the size of the table aside",
            comparable == Expected ? "" : FirstDifference(comparable));
    }

    [GeneratedRegex(@"\(size=\d+\)")]
    private static partial Regex Size();

    private static string FirstDifference(string table)
    {
        string[] expected = Expected.Split('\n'), seen = table.Split('\n');
        int line = 0;
        while (line < expected.Length && line < seen.Length && expected[line] == seen[line])
        {
            line++;
        }

        return line < expected.Length
            ? $"line {line + 1} should be \"{expected[line]}\" and is \"{(line < seen.Length ? seen[line] : "")}\""
            : $"{seen.Length - expected.Length} lines too many";
    }
}
