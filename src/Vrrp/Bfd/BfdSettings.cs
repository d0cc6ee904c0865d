namespace XdpLvs.Vrrp.Bfd;

/// <summary>What an operator configured for one BFD session: keepalived's bfd_instance.</summary>
/// <remarks>RFC 5880 section 6.8.1. The discriminator is the shell's choice: unique here and never zero.</remarks>
public sealed record BfdSettings
{
    /// <summary>The least that a session which is not up may send at: one second (RFC 5880 section 6.8.3).</summary>
    public const long SlowMicroseconds = 1_000_000;

    /// <summary>The session's name in the configuration and in the log.</summary>
    public required string Name { get; init; }

    /// <summary>bfd.LocalDiscr: by what the neighbour's packets name this session.</summary>
    public required uint Discriminator { get; init; }

    /// <summary>bfd.RequiredMinRxInterval (min_rx): how often the neighbour may send, microseconds.</summary>
    public long MinRxMicroseconds { get; init; } = 10_000;

    /// <summary>bfd.DesiredMinTxInterval while up (min_tx): how often we want to send, microseconds.</summary>
    public long MinTxMicroseconds { get; init; } = 10_000;

    /// <summary>bfd.DesiredMinTxInterval otherwise (idle_tx), microseconds; less than a second counts as one.</summary>
    public long IdleTxMicroseconds { get; init; } = SlowMicroseconds;

    /// <summary>bfd.DetectMult (multiplier): packets of ours that may be lost, 1 to 255.</summary>
    public byte Multiplier { get; init; } = 5;

    /// <summary>Whether to wait for the neighbour to begin (RFC 5880 section 6.1).</summary>
    public bool IsPassive { get; init; }
}
