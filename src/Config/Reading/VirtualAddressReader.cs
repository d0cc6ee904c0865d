using System;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>
/// Reads <c>ADDRESS[/LENGTH] [brd ADDRESS] [dev INTERFACE] [scope SCOPE] [label LABEL] [peer ADDRESS] …</c>.
/// </summary>
internal static class VirtualAddressReader
{
    private const string Block = "virtual_ipaddress";

    private static readonly ImmutableArray<string> WithValue =
        ["brd", "broadcast", "dev", "scope", "label", "peer", "track_group", "preferred_lft"];

    private static readonly ImmutableArray<string> Flags =
        ["home", "-nodad", "mngtmpaddr", "noprefixroute", "autojoin", "no_track", "use_vmac"];

    private static readonly ImmutableArray<(string Name, byte Number)> Scopes =
        [("global", 0), ("site", 200), ("link", 253), ("host", 254), ("nowhere", 255)];

    /// <summary>The options of an address.</summary>
    public static ImmutableArray<string> Options { get; } = [.. WithValue, .. Flags];

    /// <summary>
    /// The address of a line, or null if there is none that can be used. Without <c>dev</c> it has no device yet.
    /// </summary>
    public static VirtualAddress? Read(Statement line, Reporter report)
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
        if (!report.TryLinkHost(address, out IPAddress ip))
        {
            return null;
        }

        Word prefix = slash < 0 ? first : first with { Text = first.Text[(slash + 1)..] };
        int bits = ip.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int length = bits;
        if (slash >= 0 && !report.TryNumber("a prefix length", prefix, 0, bits, out length))
        {
            return null;
        }

        var read = new VirtualAddress(ip, (byte)length, null, "", 0, null, report.Span(first));
        return ReadOptions(line, read, report);
    }

    private static VirtualAddress ReadOptions(Statement line, VirtualAddress address, Reporter report)
    {
        for (int i = 1; i < line.Words.Length; i++)
        {
            Word option = line.Words[i];
            if (Flags.Contains(option.Text))
            {
                address = Flag(address, option.Text);
            }
            else if (!WithValue.Contains(option.Text))
            {
                ReportUnknown(option, report);
                break;
            }
            else if (i + 1 == line.Words.Length)
            {
                report.Error(option, $"'{option.Text}' lacks its value");
                break;
            }
            else
            {
                i++;
                address = Option(address, option.Text, line.Words[i], report);
            }

            _ = Unwired.Report(Block, option.Text, option, $"'{option.Text}'", "", report);
        }

        return address;
    }

    private static void ReportUnknown(Word option, Reporter report)
    {
        string quoted = Reporter.Quote(option.Text);
        if (option.Text.Contains('.') || option.Text.Contains(':'))
        {
            report.Error(option, $"{quoted} is ignored: every address needs a line of its own");
        }
        else
        {
            string? nearest = Spelling.Nearest(option.Text, Options);
            report.Error(option, $"{quoted} is not an option of an address; the rest of the line is ignored", nearest);
        }
    }

    private static VirtualAddress Flag(VirtualAddress address, string flag) => flag switch
    {
        "no_track" => address with { NoTrack = true },
        "use_vmac" => address with { UseVmac = true },
        "home" => address with { Flags = address.Flags | AddressTraits.Home },
        "-nodad" => address with { Flags = address.Flags | AddressTraits.DuplicateDetection },
        "mngtmpaddr" => address with { Flags = address.Flags | AddressTraits.ManageTemporary },
        "noprefixroute" => address with { Flags = address.Flags | AddressTraits.NoPrefixRoute },
        _ => address with { Flags = address.Flags | AddressTraits.AutoJoin },
    };

    private static VirtualAddress Option(VirtualAddress address, string option, Word value, Reporter report)
    {
        switch (option)
        {
            case "brd" or "broadcast":
                return Broadcast(address, value, report);
            case "dev":
                return VrrpReader.IsInterfaceName(value, report) ? address with { Device = value.Text } : address;
            case "scope":
                return address with { Scope = ReadScope(value, report) };
            case "label":
                return address with { Label = value.Text };
            case "track_group":
                return address with { TrackGroup = value.Text };
            case "peer":
                Word peer = value with { Text = value.Text.Split('/')[0] };
                return report.TryLinkHost(peer, out IPAddress other) ? address with { Peer = other } : address;
            default:
                if (value.Text == "forever")
                {
                    return address with { PreferredLifetime = TimeSpan.MaxValue };
                }

                bool isNumber = report.TryNumber("preferred_lft", value, 0, int.MaxValue, out int _);
                return isNumber && Values.TryParseSeconds(value.Text, out TimeSpan time)
                    ? address with { PreferredLifetime = time }
                    : address;
        }
    }

    /// <summary>A plus sign sets all bits of the host's part, a minus sign none.</summary>
    private static VirtualAddress Broadcast(VirtualAddress address, Word value, Reporter report)
    {
        uint mask = Ipv4Address.Mask(Math.Min((int)address.PrefixLength, 32)).Value;
        return value.Text switch
        {
            "+" => address with { Broadcast = new Ipv4Address(address.Address.Value | ~mask) },
            "-" => address with { Broadcast = new Ipv4Address(address.Address.Value & mask) },
            _ => report.TryAddress(value, out Ipv4Address broadcast)
                ? address with { Broadcast = broadcast }
                : address,
        };
    }

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
