using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Net;

namespace XdpLvs.Config;

/// <summary>A <c>TCP_CHECK</c> while it is being read.</summary>
internal sealed class TcpCheckDraft(Word place) : TimingDraft
{
    public Word Place { get; } = place;

    public IPAddress? Ip { get; set; }

    public ushort? Port { get; set; }

    public (Word Place, IPAddress Address)? BindTo { get; set; }
}

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
            new("uthreshold", false, UpperThreshold),
            new("lthreshold", false, LowerThreshold),
            new("slow_start", false, SlowStart),
            new("lvs_method", false, Method),
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
        ImmutableArray<TcpCheck> checks = Build(draft, address, checkPort, service.Port == 0, report);
        if (draft.CheckNotUnderstood)
        {
            report.Warning(header, "this real server stays out of service, because a check of it was not understood");
        }

        (int upper, int lower) = Thresholds(draft, report);
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
            report.Span(header));
    }

    /// <summary>The checks; one that has no port to connect to counts as not understood.</summary>
    private static ImmutableArray<TcpCheck> Build(
        RealServerDraft server, IPAddress address, ushort port, bool isForAllPorts, Reporter report)
    {
        ImmutableArray<TcpCheck>.Builder checks = ImmutableArray.CreateBuilder<TcpCheck>();
        foreach (TcpCheckDraft check in server.Checks)
        {
            if (isForAllPorts && check.Port is null && port == 0)
            {
                report.Error(
                    check.Place, "this check needs a 'connect_port', because the virtual server is for all ports");
                server.CheckNotUnderstood = true;
            }
            else
            {
                checks.Add(Build(check, server, address, port, report));
            }
        }

        return checks.ToImmutable();
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

    private static TcpCheck Build(
        TcpCheckDraft check, RealServerDraft server, IPAddress address, ushort port, Reporter report)
    {
        check.InheritFrom(server);
        IPAddress ip = check.Ip ?? address;
        if (check.BindTo is { } source && source.Address.AddressFamily != ip.AddressFamily)
        {
            report.Error(source.Place, $"a check of {ip} cannot come from an {source.Address.Family()} address");
            check.BindTo = null;
        }

        TimeSpan delayLoop = check.DelayLoop ?? DefaultDelayLoop;
        return new TcpCheck(
            ip,
            check.Port ?? port,
            check.ConnectTimeout ?? DefaultConnectTimeout,
            check.BindTo?.Address,
            check.Retry ?? DefaultRetry,
            check.DelayBeforeRetry ?? DefaultDelayBeforeRetry,
            delayLoop,
            check.Warmup ?? delayLoop,
            check.Alpha ?? false,
            report.Span(check.Place));
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

    private static void ReadTcpCheck(RealServerDraft draft, Statement statement, Reporter report)
    {
        var check = new TcpCheckDraft(statement.Words[0]);
        TcpCheckGrammar.Read(statement.Body!, check, report, (skipped, _) =>
            draft.CheckNotUnderstood |= skipped.Body is not null);
        draft.Checks.Add(check);
    }

    private static void ConnectIp(TcpCheckDraft draft, Statement statement, Reporter report)
    {
        if (report.TryIpHost(statement, out IPAddress address))
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
        if (report.TryIpHost(statement, out IPAddress address))
        {
            draft.BindTo = (statement.Words[1], address);
        }
    }
}
