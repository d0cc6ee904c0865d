using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>One line of <c>virtual_ipaddress</c>, before the interface of its instance is known.</summary>
internal sealed record VirtualAddressDraft(Word Place, Ipv4Address Address, byte PrefixLength)
{
    public Ipv4Address? Broadcast { get; init; }

    public string? Device { get; init; }

    public byte Scope { get; init; }

    public string? Label { get; init; }
}

/// <summary>Reads <c>ADDRESS[/LENGTH] [brd ADDRESS] [dev INTERFACE] [scope SCOPE] [label LABEL]</c>.</summary>
internal static class VirtualAddressReader
{
    private static readonly ImmutableArray<string> Supported = ["brd", "dev", "scope", "label"];

    private static readonly ImmutableArray<string> Unsupported =
    [
        "peer", "home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "track_group", "no_track",
        "preferred_lft", "use_vmac", "broadcast", "nodad",
    ];

    private static readonly ImmutableArray<(string Name, byte Number)> Scopes =
        [("global", 0), ("site", 200), ("link", 253), ("host", 254), ("nowhere", 255)];

    /// <summary>The address of a line, or null if there is none that can be used.</summary>
    public static VirtualAddressDraft? Read(Statement line, Reporter report)
    {
        if (line.Words.IsEmpty)
        {
            return null;
        }

        if (line.Body is { } body)
        {
            report.Error(body.Open, "an address does not open a block; the block is skipped");
        }

        Word first = line.Words[0];
        int slash = first.Text.IndexOf('/');
        Word address = slash < 0 ? first : first with { Text = first.Text[..slash] };
        if (!report.TryHost(address, out Ipv4Address ip))
        {
            return null;
        }

        Word prefix = slash < 0 ? first : first with { Text = first.Text[(slash + 1)..] };
        int length = 32;
        if (slash >= 0 && !report.TryNumber("a prefix length", prefix, 0, 32, out length))
        {
            return null;
        }

        return ReadOptions(line, new VirtualAddressDraft(first, ip, (byte)length), report);
    }

    private static VirtualAddressDraft ReadOptions(Statement line, VirtualAddressDraft draft, Reporter report)
    {
        for (int i = 1; i < line.Words.Length; i += 2)
        {
            Word option = line.Words[i];
            if (!Supported.Contains(option.Text))
            {
                ReportUnknown(option, report);
                break;
            }

            if (i + 1 == line.Words.Length)
            {
                report.Error(option, $"'{option.Text}' lacks its value");
                break;
            }

            draft = ReadOption(draft, option.Text, line.Words[i + 1], report);
        }

        return draft;
    }

    private static void ReportUnknown(Word option, Reporter report)
    {
        string quoted = Reporter.Quote(option.Text);
        if (Unsupported.Contains(option.Text))
        {
            report.Error(option, $"{quoted} is not supported yet; the rest of the line is ignored");
        }
        else if (option.Text.Contains('.'))
        {
            report.Error(option, $"{quoted} is ignored: every address needs a line of its own");
        }
        else
        {
            string? nearest = Spelling.Nearest(option.Text, Supported);
            report.Error(option, $"{quoted} is not an option of an address; the rest of the line is ignored", nearest);
        }
    }

    private static VirtualAddressDraft ReadOption(
        VirtualAddressDraft draft, string option, Word value, Reporter report) =>
        option switch
        {
            "brd" => report.TryAddress(value, out Ipv4Address broadcast)
                ? draft with { Broadcast = broadcast }
                : draft,
            "dev" => VrrpReader.IsInterfaceName(value, report) ? draft with { Device = value.Text } : draft,
            "scope" => draft with { Scope = ReadScope(value, report) },
            _ => draft with { Label = value.Text },
        };

    private static byte ReadScope(Word value, Reporter report)
    {
        foreach ((string name, byte number) in Scopes)
        {
            if (name == value.Text)
            {
                return number;
            }
        }

        if (value.Text.Length > 0 && char.IsAsciiDigit(value.Text[0]))
        {
            return report.TryNumber("scope", value, 0, 255, out int number) ? (byte)number : (byte)0;
        }

        string? nearest = Spelling.Nearest(value.Text, Scopes.Select(scope => scope.Name));
        report.Error(value, $"{Reporter.Quote(value.Text)} is not a scope; global is taken", nearest);
        return 0;
    }
}
