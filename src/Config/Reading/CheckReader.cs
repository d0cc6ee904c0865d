using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace XdpLvs.Config;

/// <summary>
/// Makes the check of one kind from its block, once its real server is known; null if it is not understood, which
/// has been reported then.
/// </summary>
internal delegate ICheck? CheckMaker(CheckSurroundings surroundings, Reporter report);

/// <summary>What is around a check.</summary>
/// <param name="Server">The real server, with what it inherits.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port as written; 0: none.</param>
/// <param name="Context">The rest of the file.</param>
internal sealed record CheckSurroundings(TimingDraft Server, IPAddress Address, ushort Port, ServiceContext Context);

/// <summary>What a kind of check does where nothing is written.</summary>
/// <param name="Retry">Further tries.</param>
/// <param name="DelayBeforeRetry">Time between those; null: the time between checks.</param>
/// <param name="NeedsPort">Whether it cannot do without a port.</param>
internal sealed record CheckDefaults(int Retry, TimeSpan? DelayBeforeRetry, bool NeedsPort)
{
    /// <summary>As of <c>TCP_CHECK</c>.</summary>
    public static CheckDefaults Usual { get; } = new(1, TimeSpan.FromSeconds(1), NeedsPort: true);

    /// <summary>As of <c>HTTP_GET</c> and <c>SSL_GET</c>.</summary>
    public static CheckDefaults Http { get; } = Usual with { DelayBeforeRetry = TimeSpan.FromSeconds(3) };

    /// <summary>As of <c>DNS_CHECK</c>.</summary>
    public static CheckDefaults Dns { get; } = new(3, null, NeedsPort: true);

    /// <summary>As of <c>PING_CHECK</c>, which has no ports.</summary>
    public static CheckDefaults Ping { get; } = Usual with { NeedsPort = false };

    /// <summary>As of <c>MISC_CHECK</c>.</summary>
    public static CheckDefaults Misc { get; } = new(0, TimeSpan.FromSeconds(1), NeedsPort: false);
}

/// <summary>Reads the checks of a real server.</summary>
internal static class CheckReader
{
    private static readonly TimeSpan DefaultConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DefaultDelayLoop = TimeSpan.FromSeconds(60);

    /// <summary>The rules of the blocks in a real server.</summary>
    public static Rule<RealServerDraft>[] All { get; } =
    [
        Kind("TCP_CHECK", TcpGrammar, () => new TcpCheck(null!, null!, default), Tcp),
        .. HttpReader.All,
        .. OtherChecks.All,
    ];

    /// <summary>The keywords of <c>TCP_CHECK</c>.</summary>
    public static Grammar<CheckDraft<TcpCheck>> TcpGrammar => TcpKeywords.Grammar;

    /// <summary>The rule of one kind of check.</summary>
    /// <param name="keyword">Its block.</param>
    /// <param name="grammar">The keywords of that.</param>
    /// <param name="initial">The check with its kind's defaults; its target and timing are filled in later.</param>
    /// <param name="make">Makes the check of what was read.</param>
    public static Rule<RealServerDraft> Kind<TModel>(
        string keyword,
        Grammar<CheckDraft<TModel>> grammar,
        Func<TModel> initial,
        Func<CheckDraft<TModel>, CheckSurroundings, Reporter, ICheck?> make) =>
        new(keyword, true, (server, statement, report) =>
        {
            var draft = new CheckDraft<TModel>(statement.Words[0], initial());
            int errors = report.ErrorsMet;
            grammar.Read(statement.Body!, draft, report, (skipped, _) =>
                server.CheckNotUnderstood |= skipped.Body is not null || keyword != "TCP_CHECK");
            server.CheckNotUnderstood |= report.ErrorsMet > errors && keyword != "TCP_CHECK";
            server.Checks.Add((surroundings, findings) =>
            {
                draft.InheritFrom(surroundings.Server);
                return make(draft, surroundings, findings);
            });
        });

    /// <summary>Whereto a check connects; null, and reported, if that is nowhere.</summary>
    public static CheckTarget? TargetOf(
        CheckDraft check, CheckSurroundings around, CheckDefaults defaults, Reporter report)
    {
        IPAddress ip = check.Ip ?? around.Address;
        if (check.BindTo is { } source && source.Address.AddressFamily != ip.AddressFamily)
        {
            report.Error(source.Place, $"a check of {ip} cannot come from an {source.Address.Family()} address");
            check.BindTo = null;
        }

        ushort port = check.Port ?? around.Port;
        if (port == 0 && defaults.NeedsPort)
        {
            report.Error(
                check.Place, "this check needs a 'connect_port', because the virtual server is for all ports");
            return null;
        }

        return new CheckTarget(
            ip,
            port,
            check.ConnectTimeout ?? DefaultConnectTimeout,
            check.BindTo?.Address,
            check.BindPort,
            check.BindInterface,
            check.Fwmark);
    }

    /// <summary>When a check runs.</summary>
    public static CheckTiming TimingOf(CheckDraft check, CheckSurroundings around, CheckDefaults defaults)
    {
        TimeSpan delayLoop = check.DelayLoop ?? DefaultDelayLoop;
        return new CheckTiming(
            check.Retry ?? defaults.Retry,
            check.DelayBeforeRetry ?? defaults.DelayBeforeRetry ?? delayLoop,
            delayLoop,
            check.Warmup ?? delayLoop,
            check.Alpha ?? false,
            check.LogAllFailures ?? around.Context.Globals.LogAllCheckFailures);
    }

    /// <summary>All checks of a real server; one that is not understood is remembered there.</summary>
    public static ImmutableArray<ICheck> Build(
        RealServerDraft server, CheckSurroundings surroundings, Reporter report)
    {
        var checks = new List<ICheck>();
        foreach (CheckMaker make in server.Checks)
        {
            ICheck? check = make(surroundings, report);
            server.CheckNotUnderstood |= check is null;
            checks.AddRange(check is null ? [] : Enumerable.Repeat(check, 1));
        }

        return [.. checks];
    }

    private static TcpCheck? Tcp(CheckDraft<TcpCheck> draft, CheckSurroundings around, Reporter report) =>
        TargetOf(draft, around, CheckDefaults.Usual, report) is { } target
            ? new TcpCheck(target, TimingOf(draft, around, CheckDefaults.Usual), report.Span(draft.Place))
            {
                Origins = draft.Origins,
            }
            : null;

    private static class TcpKeywords
    {
        public static Grammar<CheckDraft<TcpCheck>> Grammar { get; } =
            new("TCP_CHECK", CheckRules.WithTarget<TcpCheck>());
    }
}
