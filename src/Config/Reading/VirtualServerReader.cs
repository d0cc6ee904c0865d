using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>A <c>virtual_server</c> while it is being read.</summary>
internal sealed class VirtualServerDraft : TimingDraft
{
    /// <summary>Its port; 0 while, or because, it is not known.</summary>
    public ushort Port { get; set; }

    public SchedulerKind? Scheduler { get; set; }

    public bool IsDirectRouting { get; set; }

    public TransportProtocol? Protocol { get; set; }

    public TimeSpan? PersistenceTimeout { get; set; }

    public bool IsPersistenceOff { get; set; }

    public Ipv4Address? PersistenceMask { get; set; }

    public int? Weight { get; set; }

    public bool? InhibitOnFailure { get; set; }

    /// <summary>A check stands outside the real servers: nobody knows whose it is.</summary>
    public bool HasStrayCheck { get; set; }

    /// <summary>Keywords that were written, but misspelt or in a way that is not supported.</summary>
    public HashSet<string> NotUnderstood { get; } = [];

    public List<Statement> RealServers { get; } = [];
}

/// <summary>Reads the keywords of <c>virtual_server</c>.</summary>
internal static class VirtualServerReader
{
    private const string LeftOut = "; the virtual server is left out";

    private static readonly TimeSpan BarePersistence = TimeSpan.FromSeconds(360);

    private static readonly ImmutableArray<string> UnsupportedSchedulers =
        ["wlc", "lc", "lblc", "lblcr", "sh", "mh", "dh", "fo", "ovf", "sed", "nq", "twos"];

    /// <summary>The keywords of the block.</summary>
    public static Grammar<VirtualServerDraft> Grammar { get; } = new(
        "virtual_server",
        TimingRules.With<VirtualServerDraft>(
            new("lb_algo", false, Scheduler),
            new("lvs_sched", false, Scheduler),
            new("lb_kind", false, Method),
            new("lvs_method", false, Method),
            new("persistence_timeout", false, PersistenceTimeout),
            new("persistence_granularity", false, PersistenceGranularity),
            new("protocol", false, Protocol),
            new("weight", false, Weight),
            new("inhibit_on_failure", false, (draft, line, report) => draft.InhibitOnFailure = report.Switch(line)),
            new("real_server", true, (draft, statement, _) => draft.RealServers.Add(statement))));

    /// <summary>Reads one <c>virtual_server</c>; null if it cannot be run as it is written.</summary>
    public static VirtualServer? Read(Statement statement, Reporter report)
    {
        var draft = new VirtualServerDraft();
        bool hasHeader = TryReadHeader(statement, report, out Ipv4Address address, out ushort port);
        draft.Port = port;
        Grammar.Read(statement.Body!, draft, report, (skipped, meant) =>
        {
            draft.HasStrayCheck |= RealServerReader.MayBeCheck(skipped);
            draft.NotUnderstood.Add(meant ?? skipped.Keyword);
        });
        ImmutableArray<RealServer> servers = ReadRealServers(draft, report);
        bool isComplete = Requires(draft.Scheduler is not null, statement, draft, ["lb_algo", "lvs_sched"], report)
            & Requires(draft.IsDirectRouting, statement, draft, ["lb_kind", "lvs_method"], report)
            & Requires(draft.Protocol is not null, statement, draft, ["protocol"], report);
        if (!hasHeader || !isComplete)
        {
            return null;
        }

        return new VirtualServer(
            address,
            port,
            draft.Protocol!.Value,
            draft.Scheduler!.Value,
            PersistenceOf(draft),
            draft.PersistenceMask ?? Ipv4Address.Mask(32),
            servers,
            report.Span(statement.Header(3)));
    }

    private static TimeSpan? PersistenceOf(VirtualServerDraft draft) =>
        draft.IsPersistenceOff
            ? null
            : draft.PersistenceTimeout ?? (draft.PersistenceMask is null ? null : BarePersistence);

    private static bool TryReadHeader(
        Statement statement, Reporter report, out Ipv4Address address, out ushort port)
    {
        (address, port) = (default, 0);
        if (!report.TryWord(statement, $"an IPv4 address and a port{LeftOut}", out Word first))
        {
            return false;
        }

        if (first.Text is "fwmark" or "group" or "match")
        {
            report.Error(first, $"'virtual_server {first.Text}' is not supported yet{LeftOut}");
            return false;
        }

        if (!report.TryHost(first, out address))
        {
            return false;
        }

        if (statement.Words.Length < 3 || statement.Words[2].Text == "0")
        {
            report.Error(statement.Header(3), $"a virtual server for all ports is not supported yet{LeftOut}");
            return false;
        }

        return report.TryPort(statement.Words[2], out port);
    }

    /// <summary>keepalived fills these in with what nobody means: wlc, NAT, UDP. Here they are needed.</summary>
    private static bool Requires(
        bool isThere, Statement statement, VirtualServerDraft draft, string[] names, Reporter report)
    {
        if (!isThere && names.Any(draft.NotUnderstood.Contains))
        {
            report.Warning(statement.Header(3), $"'{names[0]}' was not understood{LeftOut}");
        }
        else if (!isThere && !names.Any(statement.Body!.Mentions))
        {
            report.Error(statement.Header(3), $"there is no '{names[0]}'{LeftOut}");
        }

        return isThere;
    }

    private static ImmutableArray<RealServer> ReadRealServers(VirtualServerDraft draft, Reporter report)
    {
        ImmutableArray<RealServer>.Builder servers = ImmutableArray.CreateBuilder<RealServer>();
        var seen = new HashSet<Ipv4Address>();
        foreach (Statement statement in draft.RealServers)
        {
            RealServer? server = RealServerReader.Read(statement, draft, report);
            if (server is not null && !seen.Add(server.Address))
            {
                report.Error(
                    statement.Header(3),
                    $"real server {server.Address} exists already in this virtual server; this one is left out");
            }
            else if (server is not null)
            {
                servers.Add(server with { CheckNotUnderstood = server.CheckNotUnderstood || draft.HasStrayCheck });
            }
        }

        return servers.ToImmutable();
    }

    private static void Scheduler(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.Scheduler = null;
        if (!report.TryWord(statement, $"rr or wrr{LeftOut}", out Word name))
        {
            return;
        }

        string quoted = Reporter.Quote(name.Text);
        draft.Scheduler = name.Text switch
        {
            "rr" => SchedulerKind.RoundRobin,
            "wrr" => SchedulerKind.WeightedRoundRobin,
            _ => null,
        };
        if (draft.Scheduler is null && UnsupportedSchedulers.Contains(name.Text))
        {
            report.Error(name, $"scheduler {quoted} is not supported yet, only rr and wrr{LeftOut}");
        }
        else if (draft.Scheduler is null)
        {
            string? nearest = Spelling.Nearest(name.Text, ["rr", "wrr", .. UnsupportedSchedulers]);
            report.Error(name, $"unknown scheduler {quoted}{LeftOut}", nearest);
        }
    }

    private static void Method(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.IsDirectRouting = false;
        if (!report.TryWord(statement, $"DR{LeftOut}", out Word name))
        {
            return;
        }

        draft.IsDirectRouting = name.Text == "DR";
        string quoted = Reporter.Quote(name.Text);
        if (name.Text is "NAT" or "TUN")
        {
            report.Error(name, $"forwarding method {quoted} is not supported, only DR{LeftOut}");
        }
        else if (!draft.IsDirectRouting)
        {
            string? nearest = Spelling.Nearest(name.Text, ["DR"]);
            report.Error(name, $"unknown forwarding method {quoted}{LeftOut}", nearest);
        }
    }

    private static void PersistenceTimeout(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.IsPersistenceOff = false;
        if (statement.Words.Length == 1)
        {
            draft.PersistenceTimeout = BarePersistence;
        }
        else if (statement.Words[1].Text == "0")
        {
            draft.IsPersistenceOff = true;
            report.Error(
                statement.Words[1],
                $"persistence_timeout takes 1 to {Values.SecondsMax} seconds; 0 is taken as off: remove the line");
        }
        else if (report.TryNumber(statement, 1, Values.SecondsMax, out int seconds))
        {
            draft.PersistenceTimeout = TimeSpan.FromSeconds(seconds);
        }
    }

    private static void PersistenceGranularity(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "a netmask or a prefix length, 1 to 32", out Word word))
        {
            return;
        }

        if (!word.Text.Contains('.', StringComparison.Ordinal))
        {
            draft.PersistenceMask = report.TryNumber(statement, 1, 32, out int length)
                ? Ipv4Address.Mask(length)
                : draft.PersistenceMask;
        }
        else if (Ipv4Address.TryParse(word.Text, out Ipv4Address mask) && mask.IsNetmask && mask.Value != 0)
        {
            draft.PersistenceMask = mask;
        }
        else
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not a netmask of 1 to 32 bits");
        }
    }

    private static void Protocol(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.Protocol = null;
        if (!report.TryWord(statement, $"TCP or UDP{LeftOut}", out Word name))
        {
            return;
        }

        string quoted = Reporter.Quote(name.Text);
        switch (name.Text.ToUpperInvariant())
        {
            case "TCP":
                draft.Protocol = TransportProtocol.Tcp;
                break;
            case "UDP":
                draft.Protocol = TransportProtocol.Udp;
                break;
            case "SCTP":
                report.Error(name, $"protocol {quoted} is not supported yet, only TCP and UDP{LeftOut}");
                break;
            default:
                report.Error(
                    name, $"unknown protocol {quoted}{LeftOut}", Spelling.Nearest(name.Text, ["TCP", "UDP"]));
                break;
        }
    }

    private static void Weight(VirtualServerDraft draft, Statement statement, Reporter report) =>
        draft.Weight = RealServerReader.ReadWeight(statement, report) ?? draft.Weight;
}
