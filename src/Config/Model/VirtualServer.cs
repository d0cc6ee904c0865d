using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>The transport protocol of a virtual server, by its IP protocol number.</summary>
public enum TransportProtocol
{
    /// <summary>TCP.</summary>
    Tcp = 6,

    /// <summary>UDP.</summary>
    Udp = 17,
}

/// <summary>How a virtual server chooses a real server for a new connection.</summary>
public enum SchedulerKind
{
    /// <summary><c>rr</c>: one after the other.</summary>
    RoundRobin,

    /// <summary><c>wrr</c>: one after the other, in proportion to their weights.</summary>
    WeightedRoundRobin,
}

/// <summary>One <c>virtual_server</c>. Its forwarding method is always DR: no other is ever taken for it.</summary>
/// <param name="Address">The virtual address.</param>
/// <param name="Port">The port, never 0.</param>
/// <param name="Protocol">TCP or UDP.</param>
/// <param name="Scheduler">How it chooses.</param>
/// <param name="PersistenceTimeout">How long a client sticks to a real server; null means it does not.</param>
/// <param name="PersistenceMask">Which bits of a client's address make it the same client.</param>
/// <param name="RealServers">Its real servers in the order of the file.</param>
/// <param name="Span">Its header.</param>
public sealed record VirtualServer(
    Ipv4Address Address,
    ushort Port,
    TransportProtocol Protocol,
    SchedulerKind Scheduler,
    TimeSpan? PersistenceTimeout,
    Ipv4Address PersistenceMask,
    ImmutableArray<RealServer> RealServers,
    SourceSpan Span);

/// <summary>One <c>real_server</c> with what it inherits from its virtual server.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port; in DR always the virtual server's.</param>
/// <param name="Weight">Its weight; 0 takes no new connections.</param>
/// <param name="InhibitOnFailure">Whether a failure makes its weight 0 instead of removing it.</param>
/// <param name="Alpha">Whether it counts as down until its first check has succeeded.</param>
/// <param name="CheckNotUnderstood">
/// It has a check that could not be read: it must stay out of service, since nobody knows whether it is alive.
/// </param>
/// <param name="Checks">Its checks; it is up while all of them are. With none it is always up.</param>
/// <param name="Span">Its header.</param>
public sealed record RealServer(
    Ipv4Address Address,
    ushort Port,
    int Weight,
    bool InhibitOnFailure,
    bool Alpha,
    bool CheckNotUnderstood,
    ImmutableArray<TcpCheck> Checks,
    SourceSpan Span);

/// <summary>One <c>TCP_CHECK</c>: the real server is alive if it accepts a connection.</summary>
/// <param name="Ip">Where to connect to; the real server unless written.</param>
/// <param name="Port">The port; the one written at the real server unless written here.</param>
/// <param name="ConnectTimeout">How long one try may take.</param>
/// <param name="BindTo">The source address, if written.</param>
/// <param name="Retry">Further tries before a real server that was up counts as down.</param>
/// <param name="DelayBeforeRetry">Time between those tries.</param>
/// <param name="DelayLoop">Time between checks.</param>
/// <param name="Warmup">The first check waits for a random part of this.</param>
/// <param name="Alpha">Whether the check counts as failed until it has first succeeded.</param>
/// <param name="Span">Its keyword.</param>
public sealed record TcpCheck(
    Ipv4Address Ip,
    ushort Port,
    TimeSpan ConnectTimeout,
    Ipv4Address? BindTo,
    int Retry,
    TimeSpan DelayBeforeRetry,
    TimeSpan DelayLoop,
    TimeSpan Warmup,
    bool Alpha,
    SourceSpan Span);
