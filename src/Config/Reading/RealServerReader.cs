using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;

namespace XdpLvs.Config;

/// <summary>A <c>real_server</c> while it is being read.</summary>
internal sealed class RealServerDraft : TimingDraft
{
    public int? Weight { get; set; }

    public int UpperThreshold { get; set; }

    public (Word Place, int Value)? LowerThreshold { get; set; }

    public TimeSpan SlowStart { get; set; }

    public bool IsMethodWrong { get; set; }

    public bool? InhibitOnFailure { get; set; }

    public bool CheckNotUnderstood { get; set; }

    public TimeSpan? Drain { get; set; }

    public ScriptCommand? NotifyUp { get; set; }

    public ScriptCommand? NotifyDown { get; set; }

    public bool? SmtpAlert { get; set; }

    /// <summary>Its checks, to be made when all around them is known.</summary>
    public List<CheckMaker> Checks { get; } = [];
}

/// <summary>Reads <c>real_server</c> and the checks in it.</summary>
internal static class RealServerReader
{
    private const int DefaultWeight = 1;

    /// <summary>The keywords of the block.</summary>
    public static Grammar<RealServerDraft> Grammar { get; } = new(
        "real_server",
        [
            .. TimingRules.With<RealServerDraft>(),
            TimingRules.ConnectTimeout<RealServerDraft>(),
            TimingRules.VirtualHost<RealServerDraft>(),
            new("weight", false, (draft, line, report) => draft.Weight = ReadWeight(line, report) ?? draft.Weight),
            new("uthreshold", false, UpperThreshold),
            new("lthreshold", false, LowerThreshold),
            new("slow_start", false, SlowStart),
            new("drain", false, (draft, line, report) => draft.Drain = ReadDrain(line, report) ?? draft.Drain),
            new("lvs_method", false, Method, ForwardingMethod.Words),
            new("inhibit_on_failure", false, (draft, line, report) => draft.InhibitOnFailure = report.Switch(line)),
            new("notify_up", false, (draft, line, report) =>
                draft.NotifyUp = report.TryScript(line, out ScriptCommand command) ? command : draft.NotifyUp, 3),
            new("notify_down", false, (draft, line, report) =>
                draft.NotifyDown = report.TryScript(line, out ScriptCommand command) ? command : draft.NotifyDown, 3),
            new("smtp_alert", false, (draft, line, report) => draft.SmtpAlert = report.Switch(line)),
            new("snmp_name", false, (_, line, report) => report.NeedsWord(line, "a name")),
            .. CheckReader.All,
        ]);

    /// <summary>The weight behind the keyword; null if it cannot be used.</summary>
    public static int? ReadWeight(Statement statement, Reporter report) =>
        report.TryNumber(statement, 0, ushort.MaxValue, out int weight) ? weight : null;

    /// <summary>The time behind <c>drain</c>; null if it cannot be used.</summary>
    public static TimeSpan? ReadDrain(Statement statement, Reporter report) =>
        report.TryTimerOrZero(statement, out TimeSpan time) ? time : null;

    /// <summary>Whether a statement that was skipped was, or may have been meant as, a check.</summary>
    public static bool MayBeCheck(Statement statement) =>
        KeywordCatalog.IsCheckerOrOption(statement.Keyword)
        || Spelling.Nearest(statement.Keyword, KeywordCatalog.Checkers) is not null;

    /// <summary>Reads one <c>real_server</c> of a virtual server; null if its header cannot be used.</summary>
    public static RealServer? Read(Statement statement, VirtualServerDraft service, Reporter report)
    {
        var draft = new RealServerDraft();
        Grammar.Read(statement.Body!, draft, report, (skipped, _) =>
            draft.CheckNotUnderstood |= skipped.Body is not null || MayBeCheck(skipped));
        ushort written = 0;
        if (!report.TryIpHost(statement, out IPAddress address)
            || !report.IsOfFamily(statement.Words[1], address, service.Address, "real server")
            || (statement.Words.Length > 2 && !report.TryPortOrZero(statement.Words[2], out written))
            || draft.IsMethodWrong)
        {
            return null;
        }

        ushort port = service.Port ?? 0;
        ushort checkPort = written == 0 ? port : written;
        if (checkPort != port && service.Port is not null)
        {
            report.Warning(
                statement.Words[2],
                port == 0
                    ? $"the virtual server is for all ports: port {checkPort} is for checks only"
                    : $"DR cannot change ports: port {port} is taken; checks still use {checkPort}");
        }

        Word header = statement.Header(3);
        draft.InheritFrom(service);
        draft.InheritOrigins(service, ["weight", "inhibit_on_failure", "drain"]);
        var around = new CheckSurroundings(draft, address, checkPort, service.Context);
        ImmutableArray<ICheck> checks = CheckReader.Build(draft, around, report);
        if (draft.CheckNotUnderstood)
        {
            report.Warning(header, "this real server stays out of service, because a check of it was not understood");
        }

        (int upper, int lower) = Thresholds(draft, report);
        MailChoice mail = service.Context.Globals.Mail;
        return new RealServer(
            address,
            port,
            draft.Weight ?? service.Weight ?? DefaultWeight,
            upper,
            lower,
            draft.SlowStart,
            draft.InhibitOnFailure ?? service.InhibitOnFailure ?? false,
            draft.Alpha ?? false,
            draft.CheckNotUnderstood,
            checks,
            report.Span(header))
        {
            Drain = draft.Drain ?? service.Drain,
            NotifyUp = draft.NotifyUp,
            NotifyDown = draft.NotifyDown,
            SmtpAlert = draft.SmtpAlert ?? mail.Checker ?? mail.All ?? true,
            VirtualHost = draft.VirtualHost,
            Origins = draft.Origins,
        };
    }

    /// <summary>The kernel refuses a lower threshold above the upper one (<c>ip_vs_add_dest</c>).</summary>
    private static (int Upper, int Lower) Thresholds(RealServerDraft draft, Reporter report)
    {
        if (draft.LowerThreshold is not { } lower || lower.Value <= draft.UpperThreshold)
        {
            return (draft.UpperThreshold, draft.LowerThreshold?.Value ?? 0);
        }

        report.Error(
            lower.Place, $"lthreshold {lower.Value} is above uthreshold {draft.UpperThreshold}; neither is used");
        return (0, 0);
    }

    private static void UpperThreshold(RealServerDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 0, int.MaxValue, out int connections))
        {
            draft.UpperThreshold = connections;
        }
    }

    private static void LowerThreshold(RealServerDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 0, int.MaxValue, out int connections))
        {
            draft.LowerThreshold = (statement.Words[1], connections);
        }
    }

    private static void SlowStart(RealServerDraft draft, Statement statement, Reporter report)
    {
        if (report.TryTimerOrZero(statement, out TimeSpan time))
        {
            draft.SlowStart = time;
        }
    }

    private static void Method(RealServerDraft draft, Statement statement, Reporter report) =>
        draft.IsMethodWrong = !ForwardingMethod.IsDirect(statement, "; the real server is left out", report);
}
