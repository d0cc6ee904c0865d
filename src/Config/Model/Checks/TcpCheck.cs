using System;
using System.Net;

namespace XdpLvs.Config;

/// <summary>One <c>TCP_CHECK</c>: the real server is alive if it accepts a connection.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record TcpCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "TCP_CHECK";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary><see cref="CheckTarget.Ip"/>.</summary>
    public IPAddress Ip => Target.Ip;

    /// <summary><see cref="CheckTarget.Port"/>, never 0.</summary>
    public ushort Port => Target.Port;

    /// <summary><see cref="CheckTarget.ConnectTimeout"/>.</summary>
    public TimeSpan ConnectTimeout => Target.ConnectTimeout;

    /// <summary><see cref="CheckTarget.BindTo"/>.</summary>
    public IPAddress? BindTo => Target.BindTo;

    /// <summary><see cref="CheckTiming.Retry"/>.</summary>
    public int Retry => Timing.Retry;

    /// <summary><see cref="CheckTiming.DelayBeforeRetry"/>.</summary>
    public TimeSpan DelayBeforeRetry => Timing.DelayBeforeRetry;

    /// <summary><see cref="CheckTiming.DelayLoop"/>.</summary>
    public TimeSpan DelayLoop => Timing.DelayLoop;

    /// <summary><see cref="CheckTiming.Warmup"/>.</summary>
    public TimeSpan Warmup => Timing.Warmup;

    /// <summary><see cref="CheckTiming.Alpha"/>.</summary>
    public bool Alpha => Timing.Alpha;
}
