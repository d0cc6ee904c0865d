using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

using On = Options<BfdInstance>;

/// <summary>Reads <c>bfd_instance</c>. Its times are in milliseconds, alone in the whole language.</summary>
internal static class BfdReader
{
    private const int WeightMax = 253, HopLimitDefault = 64, AnyHops = 255;

    private const long MillisecondsMax = 178_000;

    /// <summary>The keywords of the block.</summary>
    public static Grammar<Draft<BfdInstance>> Grammar { get; } = new(
        "bfd_instance",
        Address("neighbor_ip", (all, address) => all with { Neighbor = address }),
        Address("neighbour_ip", (all, address) => all with { Neighbor = address }),
        Address("source_ip", (all, address) => all with { Source = address }),
        Milliseconds("min_rx", (all, time) => all with { MinReceive = time }),
        Milliseconds("min_tx", (all, time) => all with { MinTransmit = time }),
        Milliseconds("idle_tx", (all, time) => all with { IdleTransmit = time }),
        On.Number("multiplier", 1, 255, (all, count) => all with { Multiplier = count }),
        On.Switch("passive", (all, isOn) => all with { Passive = isOn }),
        On.Number("ttl", 1, 255, (all, ttl) => all with { Ttl = ttl }),
        On.Number("hoplimit", 1, 255, (all, ttl) => all with { Ttl = ttl }),
        On.Number("max_hops", -1, AnyHops, (all, hops) => all with { MaxHops = hops == AnyHops ? -1 : hops }),
        On.Switch("multihop", (all, isOn) => all with { Multihop = isOn }),
        TrackedReader.Weight<BfdInstance>(
            WeightMax, (all, weight, reverse) => all with { Weight = weight, Reverse = reverse }),
        On.Switch("vrrp", (all, isOn) => all with { ForVrrp = isOn }),
        On.Switch("checker", (all, isOn) => all with { ForChecks = isOn }));

    /// <summary>The sessions.</summary>
    public static ImmutableArray<BfdInstance> ReadAll(
        IEnumerable<Statement> blocks, Definitions definitions, Reporter report) =>
        Named.ReadAll(blocks, report, (block, name, header) =>
        {
            Draft<BfdInstance> draft = Draft<BfdInstance>.Read(
                Grammar, block, new BfdInstance { Name = name, Span = report.Span(header) }, report);
            BfdInstance session = draft.Model with { Origins = draft.Origins };
            if (session.Neighbor.Equals(IPAddress.None))
            {
                definitions.LeftOut.Add((TrackKind.Bfd, name));
                report.Error(header, "the session needs 'neighbor_ip'; it is left out");
                return null;
            }

            if (session.Source is { } source && source.AddressFamily != session.Neighbor.AddressFamily)
            {
                definitions.LeftOut.Add((TrackKind.Bfd, name));
                report.Error(
                    header, $"'source_ip' is {source.Family()}, the neighbour is not; the session is left out");
                return null;
            }

            bool isIpv6 = session.Neighbor.AddressFamily == AddressFamily.InterNetworkV6;
            bool isWritten = session.Origins.Of("ttl", "hoplimit") is not null;
            definitions.Add(TrackKind.Bfd, name, session.Weight, session.Reverse);
            return isIpv6 && !isWritten ? session with { Ttl = HopLimitDefault } : session;
        });

    private static Rule<Draft<BfdInstance>> Address(string keyword, Func<BfdInstance, IPAddress, BfdInstance> set) =>
        On.Any(keyword, (draft, statement, report) =>
        {
            if (report.TryWord(statement, "an address", out Word word)
                && report.TryLinkHost(word, out IPAddress address))
            {
                draft.Model = set(draft.Model, address);
            }
        });

    private static Rule<Draft<BfdInstance>> Milliseconds(
        string keyword, Func<BfdInstance, TimeSpan, BfdInstance> set) =>
        On.Any(keyword, (draft, statement, report) =>
        {
            if (report.TryMilliseconds(statement, MillisecondsMax, out TimeSpan time))
            {
                draft.Model = set(draft.Model, time);
            }
        });
}
