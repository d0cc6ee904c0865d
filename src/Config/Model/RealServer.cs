using System;
using System.Collections.Immutable;
using System.Net;

namespace XdpLvs.Config;

/// <summary>One <c>real_server</c> with what it inherits from its virtual server.</summary>
/// <param name="Address">Its address, of the virtual server's family.</param>
/// <param name="Port">Its port; in DR always the virtual server's, so 0 if that is for all ports.</param>
/// <param name="Weight">Its weight; 0 takes no new connections.</param>
/// <param name="UpperThreshold">Connections from which on it takes no new ones; 0 means any number.</param>
/// <param name="LowerThreshold">
/// Connections below which it takes new ones again, at most <paramref name="UpperThreshold"/>; 0 means three
/// quarters of that.
/// </param>
/// <param name="SlowStart">A new or returned server grows to its full weight over this time; zero: at once.</param>
/// <param name="InhibitOnFailure">Whether a failure makes its weight 0 instead of removing it.</param>
/// <param name="Alpha">Whether it counts as down until its first check has succeeded.</param>
/// <param name="CheckNotUnderstood">
/// It has a check that could not be read: it must stay out of service, since nobody knows whether it is alive.
/// </param>
/// <param name="Checks">Its checks; it is up while all of them are. With none it is always up.</param>
/// <param name="Span">Its header.</param>
public sealed record RealServer(
    IPAddress Address,
    ushort Port,
    int Weight,
    int UpperThreshold,
    int LowerThreshold,
    TimeSpan SlowStart,
    bool InhibitOnFailure,
    bool Alpha,
    bool CheckNotUnderstood,
    ImmutableArray<TcpCheck> Checks,
    SourceSpan Span);

/// <summary>One <c>TCP_CHECK</c>: the real server is alive if it accepts a connection.</summary>
/// <param name="Ip">Where to connect to, IPv4 or IPv6; the real server unless written.</param>
/// <param name="Port">The port, never 0; the one written at the real server unless written here.</param>
/// <param name="ConnectTimeout">How long one try may take.</param>
/// <param name="BindTo">The source address, if written; of the family of <paramref name="Ip"/>.</param>
/// <param name="Retry">Further tries before a real server that was up counts as down.</param>
/// <param name="DelayBeforeRetry">Time between those tries.</param>
/// <param name="DelayLoop">Time between checks.</param>
/// <param name="Warmup">The first check waits for a random part of this.</param>
/// <param name="Alpha">Whether the check counts as failed until it has first succeeded.</param>
/// <param name="Span">Its keyword.</param>
public sealed record TcpCheck(
    IPAddress Ip,
    ushort Port,
    TimeSpan ConnectTimeout,
    IPAddress? BindTo,
    int Retry,
    TimeSpan DelayBeforeRetry,
    TimeSpan DelayLoop,
    TimeSpan Warmup,
    bool Alpha,
    SourceSpan Span);
