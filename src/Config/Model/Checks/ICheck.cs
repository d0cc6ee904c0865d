using System;
using System.Net;

namespace XdpLvs.Config;

/// <summary>One check of a real server.</summary>
public interface ICheck
{
    /// <summary>The block's name: <c>TCP_CHECK</c> and so on.</summary>
    string Keyword { get; }

    /// <summary>When it runs and how its results count.</summary>
    CheckTiming Timing { get; }

    /// <summary>What was written in its block or inherited.</summary>
    Origins Origins { get; }

    /// <summary>Its keyword's place.</summary>
    SourceSpan Span { get; }
}

/// <summary>When a check runs and how its results count.</summary>
/// <param name="Retry">Further tries before a real server that was up counts as down.</param>
/// <param name="DelayBeforeRetry">Time between those tries.</param>
/// <param name="DelayLoop">Time between checks.</param>
/// <param name="Warmup">The first check waits for a random part of this.</param>
/// <param name="Alpha">Whether the check counts as failed until it has first succeeded.</param>
/// <param name="LogAllFailures">Whether every try that fails is logged.</param>
public sealed record CheckTiming(
    int Retry, TimeSpan DelayBeforeRetry, TimeSpan DelayLoop, TimeSpan Warmup, bool Alpha, bool LogAllFailures);

/// <summary>Whereto and wherefrom a check connects.</summary>
/// <param name="Ip">Where to, IPv4 or IPv6; the real server unless written.</param>
/// <param name="Port">The port; the one written at the real server unless written here; 0 for PING_CHECK only.</param>
/// <param name="ConnectTimeout">How long one try may take.</param>
/// <param name="BindTo">The source address, if written; of the family of <paramref name="Ip"/>.</param>
/// <param name="BindPort">The source port; 0: any.</param>
/// <param name="BindInterface">The interface it leaves by, if written.</param>
/// <param name="Fwmark">The mark of its packets; 0: none.</param>
public sealed record CheckTarget(
    IPAddress Ip,
    ushort Port,
    TimeSpan ConnectTimeout,
    IPAddress? BindTo,
    ushort BindPort,
    string? BindInterface,
    int Fwmark);
