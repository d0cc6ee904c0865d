using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace XdpLvs.Config;

/// <summary>Reads <c>virtual_server</c>.</summary>
internal static class VirtualServerReader
{
    /// <summary>What follows from an error after which the virtual server is not run at all.</summary>
    public const string LeftOut = "; the virtual server is left out";

    /// <summary>The keywords of the block.</summary>
    public static Grammar<VirtualServerDraft> Grammar { get; } = new(
        "virtual_server",
        [
            .. TimingRules.With<VirtualServerDraft>(),
            TimingRules.ConnectTimeout<VirtualServerDraft>(),
            TimingRules.VirtualHost<VirtualServerDraft>(),
            .. SchedulingRules.All,
            .. PersistenceRules.All,
            .. QuorumRules.All,
            .. SorryServerRules.All,
            new("ip_family", false, IpFamily),
            new("lb_kind", false, Method, ForwardingMethod.Words),
            new("lvs_method", false, Method, ForwardingMethod.Words),
            new("protocol", false, Protocol),
            new("weight", false, Weight),
            new("inhibit_on_failure", false, (draft, line, report) => draft.InhibitOnFailure = report.Switch(line)),
            .. NoticeRules,
            new("persistence_engine", false, (draft, _, _) => draft.IsLeftOut = true),
            new("hashed", false, (_, _, _) => { }),
            new("snmp_name", false, (_, line, report) => report.NeedsWord(line, "a name")),
            new("drain", false, (draft, line, report) =>
                draft.Drain = RealServerReader.ReadDrain(line, report) ?? draft.Drain),
            new("real_server", true, (draft, statement, _) => draft.RealServers.Add(statement), 2),
        ]);

    private static Rule<VirtualServerDraft>[] NoticeRules =>
    [
        new("quorum_up", false, (draft, line, report) =>
            draft.QuorumUp = report.TryScript(line, out ScriptCommand command) ? command : draft.QuorumUp, 3),
        new("quorum_down", false, (draft, line, report) =>
            draft.QuorumDown = report.TryScript(line, out ScriptCommand command) ? command : draft.QuorumDown, 3),
        new("omega", false, (draft, line, report) => draft.Omega = report.Switch(line)),
        new("ha_suspend", false, (draft, line, report) => draft.HaSuspend = report.Switch(line)),
        new("smtp_alert", false, (draft, line, report) => draft.SmtpAlert = report.Switch(line)),
    ];

    /// <summary>
    /// Reads one <c>virtual_server</c>: one service, or as many as its group has addresses, or none if it cannot be run
    /// as it is written.
    /// </summary>
    public static IEnumerable<VirtualServer> Read(Statement statement, ServiceContext context, Reporter report)
    {
        var draft = new VirtualServerDraft(context);
        bool hasHeader = TryReadHeader(statement, draft, report);
        Grammar.Read(statement.Body!, draft, report, (skipped, meant) =>
        {
            draft.HasStrayCheck |= RealServerReader.MayBeCheck(skipped);
            draft.NotUnderstood.Add(meant ?? skipped.Keyword);
        });
        ImmutableArray<RealServer> servers = ReadRealServers(draft, report);
        SorryServer? sorry = SorryServerRules.Of(draft, servers, report);
        bool isComplete = Requires(draft.Scheduler is not null, statement, draft, ["lb_algo", "lvs_sched"], report)
            & Requires(draft.IsDirectRouting, statement, draft, ["lb_kind", "lvs_method"], report)
            & Requires(draft.Protocol is not null || IsFwmark(statement), statement, draft, ["protocol"], report);
        if (!hasHeader || !isComplete || draft.IsLeftOut)
        {
            return [];
        }

        VirtualServer service = Build(statement, draft, servers, sorry, report);
        return draft.Group is { } group ? group.Expand(service) : [service];
    }

    private static VirtualServer Build(
        Statement statement,
        VirtualServerDraft draft,
        ImmutableArray<RealServer> servers,
        SorryServer? sorry,
        Reporter report)
    {
        SchedulerKind scheduler = draft.Scheduler!.Value;
        TransportProtocol protocol = draft.Protocol!.Value;
        MailChoice mail = draft.Context.Globals.Mail;
        (int quorum, int hysteresis) = QuorumRules.Of(draft, servers, report);
        return new VirtualServer(
            draft.Address!,
            draft.Port!.Value,
            protocol,
            scheduler,
            SchedulingRules.SwitchesOf(draft, scheduler, report),
            SchedulingRules.IsOnePacket(draft, protocol, report),
            PersistenceRules.TimeoutOf(draft, statement.Header(3), report),
            PersistenceRules.MaskOf(draft, draft.Address!),
            sorry,
            quorum,
            hysteresis,
            servers,
            report.Span(statement.Header(3)))
        {
            Group = draft.Group?.Name,
            QuorumUp = draft.QuorumUp,
            QuorumDown = draft.QuorumDown,
            Omega = draft.Omega,
            HaSuspend = draft.HaSuspend,
            SmtpAlert = draft.SmtpAlert ?? mail.Checker ?? mail.All ?? false,
            VirtualHost = draft.VirtualHost,
            Origins = draft.Origins,
        };
    }

    private static bool IsFwmark(Statement statement) =>
        statement.Words.Length > 1 && statement.Words[1].Text == "fwmark";

    private static bool TryReadHeader(Statement statement, VirtualServerDraft draft, Reporter report)
    {
        if (!report.TryWord(statement, $"an IPv4 or IPv6 address and a port{LeftOut}", out Word first))
        {
            return false;
        }

        if (IsFwmark(statement))
        {
            report.Error(statement.Header(3), FwmarkRefused("'virtual_server fwmark'") + LeftOut);
            return false;
        }

        if (first.Text == "match")
        {
            report.Error(first, $"'virtual_server match' is of a fork of keepalived and not supported{LeftOut}");
            return false;
        }

        if (first.Text == "group")
        {
            return TryReadGroup(statement, draft, report);
        }

        if (!report.TryIpHost(first, out IPAddress address))
        {
            return false;
        }

        draft.Address = address;
        ushort port = 0;
        if (statement.Words.Length > 2 && !report.TryPortOrZero(statement.Words[2], out port))
        {
            return false;
        }

        draft.Port = port;
        return true;
    }

    /// <summary>Address and port are those of the first member while the block is read.</summary>
    private static bool TryReadGroup(Statement statement, VirtualServerDraft draft, Reporter report)
    {
        if (statement.Words.Length < 3)
        {
            report.Error(statement.Words[1], $"'virtual_server group' lacks the name of the group{LeftOut}");
            return false;
        }

        Word name = statement.Words[2];
        if (!draft.Context.Groups.TryGetValue(name.Text, out ServiceGroup? group))
        {
            report.Error(
                name,
                $"there is no virtual_server_group {Reporter.Quote(name.Text)}{LeftOut}",
                Spelling.Nearest(name.Text, draft.Context.Groups.Keys));
            return false;
        }

        if (group.Members.IsEmpty)
        {
            report.Warning(name, $"the group {Reporter.Quote(name.Text)} has no address that can be used{LeftOut}");
            return false;
        }

        draft.Group = group;
        (draft.Address, draft.Port) = (group.Members[0].Address, group.Members[0].Port);
        return true;
    }

    /// <summary>Why a service cannot be chosen by firewall mark, wherever that is asked for.</summary>
    public static string FwmarkRefused(string what) =>
        $"{what} is not supported by this forwarder: {NoEffect.RefusalOf("virtual_server", "(fwmark)")}";

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
        var seen = new HashSet<IPAddress>();
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

    private static void Method(VirtualServerDraft draft, Statement statement, Reporter report) =>
        draft.IsDirectRouting = ForwardingMethod.IsDirect(statement, LeftOut, report);

    /// <summary>The address says its family itself; keepalived has this word for services without one.</summary>
    private static void IpFamily(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "inet or inet6", out Word name))
        {
            return;
        }

        string? family = name.Text switch
        {
            "inet" => "IPv4",
            "inet6" => "IPv6",
            _ => null,
        };
        string quoted = Reporter.Quote(name.Text);
        if (family is null)
        {
            report.Error(
                name, $"{quoted} is neither inet nor inet6", Spelling.Nearest(name.Text, ["inet", "inet6"]));
        }
        else if (draft.Address is { } address && address.Family() != family)
        {
            report.Error(name, $"{quoted} contradicts the address of the virtual server, which is {address.Family()}");
        }
    }

    private static void Protocol(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.Protocol = null;
        if (!report.TryWord(statement, $"TCP, UDP or SCTP{LeftOut}", out Word name))
        {
            return;
        }

        draft.Protocol = name.Text.ToUpperInvariant() switch
        {
            "TCP" => TransportProtocol.Tcp,
            "UDP" => TransportProtocol.Udp,
            "SCTP" => TransportProtocol.Sctp,
            _ => null,
        };
        if (draft.Protocol is null)
        {
            string quoted = Reporter.Quote(name.Text);
            report.Error(
                name, $"unknown protocol {quoted}{LeftOut}", Spelling.Nearest(name.Text, ["TCP", "UDP", "SCTP"]));
        }
    }

    private static void Weight(VirtualServerDraft draft, Statement statement, Reporter report) =>
        draft.Weight = RealServerReader.ReadWeight(statement, report) ?? draft.Weight;
}
