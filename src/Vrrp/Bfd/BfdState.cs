using System;

namespace XdpLvs.Vrrp.Bfd;

/// <summary>All that a session remembers. Whoever calls the machine owns it.</summary>
/// <param name="Session">bfd.SessionState.</param>
/// <remarks>RFC 5880 section 6.8.1.</remarks>
public readonly record struct BfdState(BfdSession Session)
{
    /// <summary>Before it is started and after it was stopped.</summary>
    public static readonly BfdState Initial = new(BfdSession.AdminDown) { RemoteMinRxMicroseconds = 1 };

    /// <summary>bfd.LocalDiag.</summary>
    public BfdDiagnostic Diagnostic { get; init; }

    /// <summary>bfd.RemoteSessionState.</summary>
    public BfdSession RemoteSession { get; init; } = BfdSession.Down;

    /// <summary>The neighbour's diagnostic.</summary>
    public BfdDiagnostic RemoteDiagnostic { get; init; }

    /// <summary>bfd.RemoteDiscr; 0 while unknown, and again once the neighbour is forgotten.</summary>
    public uint RemoteDiscriminator { get; init; }

    /// <summary>bfd.RemoteMinRxInterval; 1 while unknown.</summary>
    public long RemoteMinRxMicroseconds { get; init; } = 1;

    /// <summary>Whether a poll sequence runs: our packets ask for an answer (section 6.5).</summary>
    public bool IsPolling { get; init; }

    /// <summary>What we announce as bfd.DesiredMinTxInterval, microseconds.</summary>
    public long MinTxMicroseconds { get; init; } = BfdSettings.SlowMicroseconds;

    /// <summary>
    /// What we hold ourselves to: differs from what we announce until the neighbour has answered a poll about a slower
    /// interval (section 6.8.3).
    /// </summary>
    public long AppliedMinTxMicroseconds { get; init; } = BfdSettings.SlowMicroseconds;

    /// <summary>Silence after which the neighbour is gone (section 6.8.4), microseconds; 0 while unknown.</summary>
    public long DetectionMicroseconds { get; init; }

    /// <summary>When the next periodic packet is due.</summary>
    public Instant TransmitDeadline { get; init; } = Instant.Never;

    /// <summary>When the neighbour's silence becomes its end.</summary>
    public Instant DetectionDeadline { get; init; } = Instant.Never;

    /// <summary>When a tick is wanted at the latest.</summary>
    public Instant NextDeadline => Instant.Min(TransmitDeadline, DetectionDeadline);

    /// <summary>The negotiated interval of our packets before jitter (section 6.8.7), microseconds.</summary>
    public long TransmitMicroseconds => Math.Max(AppliedMinTxMicroseconds, RemoteMinRxMicroseconds);
}
