using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// Reads the lines of <c>static_routes</c>, <c>virtual_routes</c>, <c>static_rules</c> and <c>virtual_rules</c>: the
/// language of iproute2. Every word must be an option, or the value of one, or an address.
/// </summary>
internal static class RouteReader
{
    private static readonly FrozenSet<string> RouteTypes = FrozenSet.Create(
        "unicast", "local", "broadcast", "multicast", "throw", "unreachable", "prohibit", "blackhole", "nat");

    private static readonly FrozenSet<string> RouteFlags = FrozenSet.Create(
        "onlink", "add", "append", "prepend", "replace", "inet", "inet6", "lock", "ecn", "no_track", "nexthop",
        "pervasive", "default");

    private static readonly FrozenSet<string> RouteOptions = FrozenSet.Create(
        "to", "src", "via", "gw", "or", "dev", "oif", "scope", "table", "tos", "dsfield", "proto", "protocol",
        "priority", "preference", "metric", "mtu", "hoplimit", "advmss", "rtt", "rttvar", "reordering", "window",
        "cwnd", "ssthresh", "realms", "realm", "rto_min", "initcwnd", "initrwnd", "quickack", "features", "congctl",
        "weight", "pref", "expires", "fastopen_no_cookie", "ttl-propagate", "vrf", "encap", "as", "from",
        "track_group");

    private static readonly FrozenSet<string> RuleFlags = FrozenSet.Create(
        "not", "inet", "inet6", "l3mdev", "no_track", "unicast", "blackhole", "unreachable", "prohibit", "nop", "all",
        "any", "default", "local");

    private static readonly FrozenSet<string> RuleOptions = FrozenSet.Create(
        "from", "to", "table", "lookup", "iif", "dev", "oif", "tos", "dsfield", "fwmark", "preference", "pref",
        "priority", "order", "realms", "goto", "uidrange", "suppress_prefixlength", "suppress_prefixlen",
        "suppress_ifgroup", "suppress_group", "protocol", "proto", "ip_proto", "ipproto", "sport", "dport", "tun_id",
        "track_group");

    /// <summary>The routes of a block.</summary>
    public static IEnumerable<RouteLine> ReadRoutes(Statement block, Reporter report) =>
        ReadAll(block, "a route", RouteFlags.Union(RouteTypes).ToFrozenSet(), RouteOptions, report);

    /// <summary>The rules of a block.</summary>
    public static IEnumerable<RouteLine> ReadRules(Statement block, Reporter report) =>
        ReadAll(block, "a rule", RuleFlags, RuleOptions, report);

    private static List<RouteLine> ReadAll(
        Statement block, string what, FrozenSet<string> flags, FrozenSet<string> options, Reporter report)
    {
        var all = new List<RouteLine>();
        foreach (Statement line in block.Body!.Statements.Where(line => !line.Words.IsEmpty))
        {
            if (Read(line, what, flags, options, report) is { } route)
            {
                all.Add(route);
            }
        }

        return all;
    }

    private static RouteLine? Read(
        Statement line, string what, FrozenSet<string> flags, FrozenSet<string> options, Reporter report)
    {
        bool isIpv6 = false, noTrack = false;
        string? group = null;
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        for (int i = 0; i < line.Words.Length; i++)
        {
            Word word = line.Words[i];
            bool isAddress = AddressValues.IsAddress(word.Text, out bool isOfIpv6);
            isIpv6 |= isOfIpv6 || word.Text == "inet6";
            bool takesValue = options.Contains(word.Text) && i + 1 < line.Words.Length;
            if (!isAddress && !flags.Contains(word.Text) && !options.Contains(word.Text))
            {
                report.Error(
                    word,
                    $"{Reporter.Quote(word.Text)} is not an option of {what}; the line is left out",
                    Spelling.Nearest(word.Text, options.Concat(flags)));
                return null;
            }

            if (options.Contains(word.Text) && !takesValue)
            {
                report.Error(word, $"'{word.Text}' lacks its value; the line is left out");
                return null;
            }

            int length = 1 + (takesValue ? LengthOfValue(line, i) : 0);
            noTrack |= word.Text == "no_track";
            group = word.Text == "track_group" ? line.Words[i + 1].Text : group;
            if (word.Text is not ("no_track" or "track_group"))
            {
                string[] part = [.. line.Words.AsSpan(i, length).ToArray().Select(one => one.Text)];
                isIpv6 |= part.Any(text => AddressValues.IsAddress(text, out bool isOfIpv6Too) && isOfIpv6Too);
                words.AddRange(part);
            }

            i += length - 1;
        }

        return new RouteLine(words.ToImmutable(), isIpv6, group, noTrack, report.Span(line.Header()));
    }

    /// <summary>One word, and with <c>lock</c> in front of it two.</summary>
    private static int LengthOfValue(Statement line, int option) =>
        line.Words[option + 1].Text == "lock" && option + 2 < line.Words.Length ? 2 : 1;
}
