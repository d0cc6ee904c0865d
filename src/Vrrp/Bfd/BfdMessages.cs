using System;

namespace XdpLvs.Vrrp.Bfd;

/// <summary>RFC 5880 section 4.1, Sta; the numbers are the wire's.</summary>
public enum BfdSession
{
    /// <summary>Switched off by somebody.</summary>
    AdminDown = 0,

    /// <summary>The neighbour is not heard.</summary>
    Down = 1,

    /// <summary>It is heard, but has not said that it hears us.</summary>
    Init = 2,

    /// <summary>Both hear each other.</summary>
    Up = 3,
}

/// <summary>RFC 5880 section 4.1, Diag: why a session last left Up; the numbers are the wire's.</summary>
public enum BfdDiagnostic
{
    /// <summary>No reason.</summary>
    None = 0,

    /// <summary>The neighbour fell silent.</summary>
    Expired = 1,

    /// <summary>An echo was not returned.</summary>
    EchoFailed = 2,

    /// <summary>The neighbour said that the session is down.</summary>
    NeighbourDown = 3,

    /// <summary>Its forwarding was reset.</summary>
    ForwardingReset = 4,

    /// <summary>The path is down.</summary>
    PathDown = 5,

    /// <summary>A path that this one depends on is down.</summary>
    ConcatenatedPathDown = 6,

    /// <summary>Switched off.</summary>
    AdminDown = 7,

    /// <summary>A path that depends on this one is down.</summary>
    ReversePathDown = 8,
}

/// <summary>A received control packet, already validated by <see cref="BfdReader"/>.</summary>
/// <param name="Session">State of the sender.</param>
/// <param name="Diagnostic">Its diagnostic.</param>
/// <param name="IsPoll">It wants an answer.</param>
/// <param name="IsFinal">It answers our poll.</param>
/// <param name="Multiplier">Its detection multiplier, not 0.</param>
/// <param name="Discriminator">Its own discriminator, not 0.</param>
/// <param name="OurDiscriminator">What it thinks is ours; 0 if it does not know yet.</param>
/// <param name="MinTxMicroseconds">How often it wants to send.</param>
/// <param name="MinRxMicroseconds">How often it can hear; 0 asks for no packets.</param>
public readonly record struct BfdPacket(
    BfdSession Session,
    BfdDiagnostic Diagnostic,
    bool IsPoll,
    bool IsFinal,
    byte Multiplier,
    uint Discriminator,
    uint OurDiscriminator,
    uint MinTxMicroseconds,
    uint MinRxMicroseconds);

/// <summary>Kinds of <see cref="BfdEvent"/>.</summary>
public enum BfdEventKind
{
    /// <summary>Time has passed.</summary>
    Tick,

    /// <summary>Begin.</summary>
    Start,

    /// <summary>Switch off: the neighbour is told.</summary>
    Stop,

    /// <summary>A packet arrived.</summary>
    Packet,
}

/// <summary>Something that happened to a session.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Packet">Meaningful for <see cref="BfdEventKind.Packet"/> only.</param>
public readonly record struct BfdEvent(BfdEventKind Kind, BfdPacket Packet = default)
{
    /// <summary>Time has passed. Give it only after every packet that waits in the socket was given.</summary>
    public static readonly BfdEvent Tick = new(BfdEventKind.Tick);

    /// <summary>A packet for this session arrived and was found valid.</summary>
    public static BfdEvent Heard(in BfdPacket packet) => new(BfdEventKind.Packet, packet);
}

/// <summary>What the shell must now do, in the order the members are declared.</summary>
[Flags]
public enum BfdEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send a packet that answers a poll.</summary>
    Answer = 1,

    /// <summary>Send a packet.</summary>
    Transmit = 2,
}

/// <summary>Result of one step.</summary>
/// <param name="Next">The state to keep.</param>
/// <param name="Effects">What to send now, made of that state by <see cref="BfdWriter"/>.</param>
/// <param name="Before">The session's state before the step; differs from the next one's on a transition.</param>
public readonly record struct BfdStep(BfdState Next, BfdEffects Effects, BfdSession Before)
{
    /// <summary>Whether the session changed its state.</summary>
    public bool IsTransition => Before != Next.Session;
}
