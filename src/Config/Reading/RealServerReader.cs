using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>A <c>TCP_CHECK</c> while it is being read.</summary>
internal sealed class TcpCheckDraft(Word place) : TimingDraft
{
    public Word Place { get; } = place;

    public Ipv4Address? Ip { get; set; }

    public ushort? Port { get; set; }

    public Ipv4Address? BindTo { get; set; }
}

/// <summary>A <c>real_server</c> while it is being read.</summary>
internal sealed class RealServerDraft : TimingDraft
{
    public int? Weight { get; set; }

    public bool? InhibitOnFailure { get; set; }

    public bool CheckNotUnderstood { get; set; }

    public List<TcpCheckDraft> Checks { get; } = [];
}

/// <summary>Reads <c>real_server</c> and the checks in it.</summary>
internal static class RealServerReader
{
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultDelayBeforeRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DefaultDelayLoop = TimeSpan.FromSeconds(60);

    private const int DefaultRetry = 1, DefaultWeight = 1;

    /// <summary>The keywords of the block.</summary>
    public static Grammar<RealServerDraft> Grammar { get; } = new(
        "real_server",
        TimingRules.With<RealServerDraft>(
            new("weight", false, (draft, line, report) => draft.Weight = ReadWeight(line, report) ?? draft.Weight),
            new("inhibit_on_failure", false, (draft, line, report) => draft.InhibitOnFailure = report.Switch(line)),
            new("TCP_CHECK", true, ReadTcpCheck)));

    /// <summary>The keywords of a <c>TCP_CHECK</c>.</summary>
    public static Grammar<TcpCheckDraft> TcpCheckGrammar { get; } = new(
        "TCP_CHECK",
        TimingRules.With<TcpCheckDraft>(
            new("connect_ip", false, ConnectIp),
            new("connect_port", false, ConnectPort),
            new("bindto", false, BindTo),
            new("nb_get_retry", false, TimingRules.OldRetry)));

    /// <summary>The weight behind the keyword; null if it cannot be used.</summary>
    public static int? ReadWeight(Statement statement, Reporter report) =>
        report.TryNumber(statement, 0, ushort.MaxValue, out int weight) ? weight : null;

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
        if (!report.TryHost(statement, out Ipv4Address address))
        {
            return null;
        }

        ushort port = service.Port;
        if (statement.Words.Length > 2 && !report.TryPort(statement.Words[2], out port))
        {
            return null;
        }

        Word header = statement.Header(3);
        if (port != service.Port && service.Port != 0)
        {
            report.Warning(
                statement.Words[2], $"DR cannot change ports: port {service.Port} is taken; checks still use {port}");
        }

        if (draft.CheckNotUnderstood)
        {
            report.Warning(header, "this real server stays out of service, because a check of it was not understood");
        }

        draft.InheritFrom(service);
        return new RealServer(
            address,
            service.Port,
            draft.Weight ?? service.Weight ?? DefaultWeight,
            draft.InhibitOnFailure ?? service.InhibitOnFailure ?? false,
            draft.Alpha ?? false,
            draft.CheckNotUnderstood,
            [.. draft.Checks.Select(check => Build(check, draft, address, port, report))],
            report.Span(header));
    }

    private static TcpCheck Build(
        TcpCheckDraft check, RealServerDraft server, Ipv4Address address, ushort port, Reporter report)
    {
        check.InheritFrom(server);
        TimeSpan delayLoop = check.DelayLoop ?? DefaultDelayLoop;
        return new TcpCheck(
            check.Ip ?? address,
            check.Port ?? port,
            check.ConnectTimeout ?? DefaultConnectTimeout,
            check.BindTo,
            check.Retry ?? DefaultRetry,
            check.DelayBeforeRetry ?? DefaultDelayBeforeRetry,
            delayLoop,
            check.Warmup ?? delayLoop,
            check.Alpha ?? false,
            report.Span(check.Place));
    }

    private static void ReadTcpCheck(RealServerDraft draft, Statement statement, Reporter report)
    {
        var check = new TcpCheckDraft(statement.Words[0]);
        TcpCheckGrammar.Read(statement.Body!, check, report, (skipped, _) =>
            draft.CheckNotUnderstood |= skipped.Body is not null);
        draft.Checks.Add(check);
    }

    private static void ConnectIp(TcpCheckDraft draft, Statement statement, Reporter report)
    {
        if (report.TryHost(statement, out Ipv4Address address))
        {
            draft.Ip = address;
        }
    }

    private static void ConnectPort(TcpCheckDraft draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "a port, 1 to 65535", out Word word) && report.TryPort(word, out ushort port))
        {
            draft.Port = port;
        }
    }

    private static void BindTo(TcpCheckDraft draft, Statement statement, Reporter report)
    {
        if (report.TryHost(statement, out Ipv4Address address))
        {
            draft.BindTo = address;
        }
    }
}
