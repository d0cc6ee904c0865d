using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>The keywords of a virtual server that say who is chosen: scheduler, its flags, one-packet mode.</summary>
internal static class SchedulingRules
{
    private static readonly ImmutableArray<(string Name, SchedulerKind Kind)> Schedulers =
    [
        ("rr", SchedulerKind.RoundRobin),
        ("wrr", SchedulerKind.WeightedRoundRobin),
        ("lc", SchedulerKind.LeastConnections),
        ("wlc", SchedulerKind.WeightedLeastConnections),
        ("lblc", SchedulerKind.LocalityLeastConnections),
        ("lblcr", SchedulerKind.LocalityLeastConnectionsReplicated),
        ("sh", SchedulerKind.SourceHashing),
        ("mh", SchedulerKind.Maglev),
        ("dh", SchedulerKind.DestinationHashing),
        ("fo", SchedulerKind.WeightedFailover),
        ("ovf", SchedulerKind.WeightedOverflow),
        ("sed", SchedulerKind.ShortestExpectedDelay),
        ("nq", SchedulerKind.NeverQueue),
        ("twos", SchedulerKind.PowerOfTwo),
    ];

    /// <summary>
    /// The numbered flags are the kernel's own: <c>ip_vs_sh.c</c> and <c>ip_vs_mh.c</c> agree on what they mean.
    /// </summary>
    private static readonly ImmutableArray<(string Keyword, SchedulerKind? Of, SchedulerSwitches Flag)> FlagKeywords =
    [
        ("sh-port", SchedulerKind.SourceHashing, SchedulerSwitches.UsePort),
        ("sh-fallback", SchedulerKind.SourceHashing, SchedulerSwitches.Fallback),
        ("mh-port", SchedulerKind.Maglev, SchedulerSwitches.UsePort),
        ("mh-fallback", SchedulerKind.Maglev, SchedulerSwitches.Fallback),
        ("flag-1", null, SchedulerSwitches.Fallback),
        ("flag-2", null, SchedulerSwitches.UsePort),
        ("flag-3", null, SchedulerSwitches.None),
    ];

    /// <summary>The rules.</summary>
    public static Rule<VirtualServerDraft>[] All { get; } =
    [
        new("lb_algo", false, Scheduler),
        new("lvs_sched", false, Scheduler),
        new("ops", false, OnePacket),
        .. FlagKeywords.Select(flag => new Rule<VirtualServerDraft>(
            flag.Keyword,
            false,
            (draft, statement, report) => draft.Flags[statement.Keyword] = (statement, report.Switch(statement)))),
    ];

    /// <summary>What a scheduler is called.</summary>
    public static string NameOf(SchedulerKind scheduler) => Schedulers.First(one => one.Kind == scheduler).Name;

    /// <summary>The flags that the scheduler has, once it is known: the order of the lines does not matter.</summary>
    public static SchedulerSwitches SwitchesOf(VirtualServerDraft draft, SchedulerKind scheduler, Reporter report)
    {
        SchedulerSwitches switches = SchedulerSwitches.None;
        string name = Schedulers.First(one => one.Kind == scheduler).Name;
        bool hasFlags = scheduler is SchedulerKind.SourceHashing or SchedulerKind.Maglev;
        foreach ((string keyword, SchedulerKind? of, SchedulerSwitches flag) in FlagKeywords)
        {
            if (!draft.Flags.TryGetValue(keyword, out (Statement Line, bool IsOn) written) || !written.IsOn)
            {
                continue;
            }

            Word place = written.Line.Words[0];
            if (of is not null && of != scheduler)
            {
                report.Error(place, $"'{keyword}' is for scheduler {keyword[..2]}, not for {name}; it is ignored");
            }
            else if (!hasFlags || flag == SchedulerSwitches.None)
            {
                report.Warning(place, $"'{keyword}' means nothing to scheduler {name}");
            }
            else
            {
                switches |= flag;
            }
        }

        return switches;
    }

    /// <summary>Whether datagrams are scheduled one by one; with another protocol than UDP never.</summary>
    public static bool IsOnePacket(VirtualServerDraft draft, TransportProtocol protocol, Reporter report)
    {
        bool isOn = draft.OnePacket is { IsOn: true };
        if (isOn && protocol != TransportProtocol.Udp)
        {
            report.Error(draft.OnePacket!.Value.Line.Words[0], "'ops' is for protocol UDP only; it is ignored");
        }

        return isOn && protocol == TransportProtocol.Udp;
    }

    private static void Scheduler(VirtualServerDraft draft, Statement statement, Reporter report)
    {
        draft.Scheduler = null;
        string names = string.Join(' ', Schedulers.Select(one => one.Name));
        if (!report.TryWord(statement, $"one of {names}{VirtualServerReader.LeftOut}", out Word name))
        {
            return;
        }

        foreach ((string known, SchedulerKind kind) in Schedulers)
        {
            draft.Scheduler = known == name.Text ? kind : draft.Scheduler;
        }

        if (draft.Scheduler is null)
        {
            report.Error(
                name,
                $"unknown scheduler {Reporter.Quote(name.Text)}{VirtualServerReader.LeftOut}",
                Spelling.Nearest(name.Text, Schedulers.Select(one => one.Name)));
        }
    }

    private static void OnePacket(VirtualServerDraft draft, Statement statement, Reporter report) =>
        draft.OnePacket = (statement, report.Switch(statement));
}
