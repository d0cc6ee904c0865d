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
    ImmutableArray<ICheck> Checks,
    SourceSpan Span)
{
    /// <summary>How long clients that it has may stay after it was taken out; null: for ever.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>What is run when it comes into service.</summary>
    public ScriptCommand? NotifyUp { get; init; }

    /// <summary>What is run when it goes out of service.</summary>
    public ScriptCommand? NotifyDown { get; init; }

    /// <summary>Whether a mail is sent then; on unless written here or globally.</summary>
    public bool SmtpAlert { get; init; }

    /// <summary>What the Host header of its HTTP checks says; null: address and port.</summary>
    public string? VirtualHost { get; init; }

    /// <summary>What was written in its block or inherited.</summary>
    public Origins Origins { get; init; } = Origins.None;
}
