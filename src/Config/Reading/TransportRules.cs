using System;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace XdpLvs.Config;

using On = Options<VrrpInstance>;

/// <summary>The keywords of an instance about how its adverts travel.</summary>
internal static class TransportRules
{
    /// <summary>The rules.</summary>
    public static Rule<Draft<VrrpInstance>>[] All { get; } =
    [
        On.Block("unicast_peer", Peers),
        Address("unicast_src_ip", "an address of this host", isGroup: false),
        Address("mcast_src_ip", "an address of this host", isGroup: false),
        Address("mcast_dst_ip", "a multicast address", isGroup: true),
        Set("track_src_ip", all => all with { TrackSource = true }),
        Set("unicast_fault_no_peer", all => all with { FaultWithoutPeer = true }),
        On.Switch("check_unicast_src", (all, isOn) =>
            all with { Transport = all.Transport with { CheckUnicastSource = isOn } }),
        On.Switch("old_unicast_checksum", (all, isOn) =>
            all with { Transport = all.Transport with { OldUnicastChecksum = isOn } }),
        On.Number("unicast_ttl", 0, 255, (all, ttl) =>
            all with { Transport = all.Transport with { UnicastTtl = ttl } }),
    ];

    private static Rule<Draft<VrrpInstance>> Set(string keyword, Func<AdvertTransport, AdvertTransport> set) =>
        On.Switch(keyword, (all, isOn) => isOn ? all with { Transport = set(all.Transport) } : all);

    private static Rule<Draft<VrrpInstance>> Address(string keyword, string expected, bool isGroup) =>
        On.Any(keyword, (draft, statement, report) =>
        {
            if (report.TryWord(statement, expected, out Word word)
                && (isGroup ? report.TryMulticast(word, out IPAddress address)
                    : report.TryLinkHost(word, out address)))
            {
                AdvertTransport transport = draft.Model.Transport;
                draft.Model = draft.Model with
                {
                    Transport = isGroup ? transport with { Group = address } : transport with { Source = address },
                };
            }
        });

    private static void Peers(Draft<VrrpInstance> draft, Statement block, Reporter report)
    {
        ImmutableArray<UnicastPeer>.Builder peers = draft.Model.Transport.Peers.ToBuilder();
        foreach (Statement line in block.Body!.Statements.Where(line => !line.Words.IsEmpty))
        {
            if (ReadPeer(line, report) is { } peer)
            {
                peers.Add(peer);
            }
        }

        if (peers.Count == 0)
        {
            report.Error(block.Words[0], "there is no peer: adverts go to the group");
        }

        draft.Model = draft.Model with { Transport = draft.Model.Transport with { Peers = peers.ToImmutable() } };
    }

    private static UnicastPeer? ReadPeer(Statement line, Reporter report)
    {
        Word first = line.Words[0];
        if (!report.TryLinkHost(first with { Text = first.Text.Split('/')[0] }, out IPAddress address))
        {
            return null;
        }

        var peer = new UnicastPeer(address, -1, -1, report.Span(first));
        for (int i = 1; i < line.Words.Length; i += 2)
        {
            Word name = line.Words[i];
            if (name.Text is not ("min_ttl" or "max_ttl"))
            {
                report.Error(
                    name,
                    $"{Reporter.Quote(name.Text)} is neither min_ttl nor max_ttl; every peer needs a line of its own",
                    Spelling.Nearest(name.Text, ["min_ttl", "max_ttl"]));
                break;
            }

            if (i + 1 == line.Words.Length)
            {
                report.Error(name, $"'{name.Text}' lacks its value, 0 to 255");
            }
            else if (report.TryNumber(name.Text, line.Words[i + 1], 0, 255, out int ttl))
            {
                peer = name.Text == "min_ttl" ? peer with { TtlMin = ttl } : peer with { TtlMax = ttl };
            }
        }

        return peer;
    }
}
