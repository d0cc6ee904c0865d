using System;

namespace XdpLvs.Vrrp;

/// <summary>RFC 9568 section 6.3. The RFC says Active where keepalived says MASTER.</summary>
public enum Role
{
    /// <summary>Not taking part.</summary>
    Initialize,

    /// <summary>Listening, ready to take over.</summary>
    Backup,

    /// <summary>Holding the virtual addresses.</summary>
    Active,

    /// <summary>
    /// Unable to serve: link down, addresses gone or something tracked is down. keepalived's addition.
    /// </summary>
    Fault,
}

/// <summary>A received advertisement, already validated by <see cref="AdvertReader"/>.</summary>
/// <param name="Priority">0 means that the sender resigns.</param>
/// <param name="IntervalMicroseconds">What the sender announces; equals ours in VRRPv2.</param>
/// <param name="Sender">Source address of the packet, host order.</param>
public readonly record struct Advert(byte Priority, long IntervalMicroseconds, uint Sender);

/// <summary>Something that happened. A timer is no event: it is a deadline that a tick finds in the past.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Advert">Meaningful for <see cref="VrrpEventKind.Advert"/> only.</param>
public readonly record struct VrrpEvent(VrrpEventKind Kind, Advert Advert = default)
{
    /// <summary>Time has passed. Give it only after every advert that waits in the socket was given.</summary>
    public static readonly VrrpEvent Tick = new(VrrpEventKind.Tick);

    /// <summary>An advertisement arrived and was found valid.</summary>
    public static VrrpEvent Heard(in Advert advert) => new(VrrpEventKind.Advert, advert);
}

/// <summary>Kinds of <see cref="VrrpEvent"/>.</summary>
public enum VrrpEventKind
{
    /// <summary>Time has passed.</summary>
    Tick,

    /// <summary>Start taking part; the interface is ready.</summary>
    Startup,

    /// <summary>Start taking part, but the interface or something tracked is not ready.</summary>
    StartupInFault,

    /// <summary>Stop taking part.</summary>
    Shutdown,

    /// <summary>An advertisement arrived.</summary>
    Advert,

    /// <summary>The interface lost its carrier or was taken down.</summary>
    LinkDown,

    /// <summary>Our source address or a virtual address that we hold was removed by somebody else.</summary>
    AddressesGone,

    /// <summary>A tracked script, file, process or interface without weight failed.</summary>
    TrackDown,

    /// <summary>Nothing is wrong any more. The shell counts what is; this is sent once the count is zero.</summary>
    LinkUp,
}

/// <summary>What the shell must now do, in the order the members are declared.</summary>
[Flags]
public enum Effects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send an advertisement with our priority.</summary>
    Advertise = 1,

    /// <summary>Send an advertisement with priority 0.</summary>
    Resign = 2,

    /// <summary>Add the virtual addresses to the interface.</summary>
    TakeAddresses = 4,

    /// <summary>Remove the virtual addresses from the interface.</summary>
    DropAddresses = 8,

    /// <summary>
    /// Announce each virtual address <see cref="VrrpStep.AnnouncementsPerAddress"/> times, taking turns.
    /// </summary>
    AnnounceAddresses = 16,

    /// <summary>Tell the operator that another router uses our address and priority.</summary>
    ReportDuplicate = 32,
}

/// <summary>Why a step did what it did.</summary>
public enum Reason
{
    /// <summary>Nothing worth telling.</summary>
    None,

    /// <summary>The instance was started.</summary>
    Startup,

    /// <summary>The active router fell silent, or resigned, and the down timer ran out.</summary>
    AdvertTimeout,

    /// <summary>An active router of higher priority was heard while active.</summary>
    HigherPriority,

    /// <summary>An active router of equal priority and higher address was heard while active.</summary>
    HigherAddress,

    /// <summary>The link went down.</summary>
    LinkDown,

    /// <summary>Addresses were removed by somebody else.</summary>
    AddressesGone,

    /// <summary>Something tracked failed.</summary>
    TrackDown,

    /// <summary>Nothing is wrong any more.</summary>
    LinkUp,

    /// <summary>The instance was stopped.</summary>
    Shutdown,

    /// <summary>No transition: a weaker active router was heard while active, and answered.</summary>
    LowerPriority,

    /// <summary>No transition: a weaker active router was heard while backup; the down timer goes on.</summary>
    LowerPriorityDiscarded,

    /// <summary>No transition: a router resigned.</summary>
    PriorityZero,

    /// <summary>No transition: a router with our priority and our address was heard.</summary>
    Duplicate,

    /// <summary>No transition: the preempt delay begins.</summary>
    PreemptDelayStarted,

    /// <summary>No transition: the preempt delay ends early, because a router at least as strong was heard.</summary>
    PreemptDelayStopped,

    /// <summary>
    /// No transition: the down timer was found expired too late to mean anything, and goes on for a skew.
    /// </summary>
    Stalled,
}

/// <summary>What happened in a step, for the log, for scripts and for counters.</summary>
/// <param name="Before">Role before the step.</param>
/// <param name="After">Role after it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Cause">The advert that caused it, if one did.</param>
public readonly record struct Notice(Role Before, Role After, Reason Reason, Advert Cause)
{
    /// <summary>Whether the role changed.</summary>
    public bool IsTransition => Before != After;
}

/// <summary>Result of one step: what we are now and what to do about it.</summary>
/// <param name="Next">The state to keep.</param>
/// <param name="Effects">What to do now, in the order the flags are declared.</param>
/// <param name="AnnouncementsPerAddress">For <see cref="Effects.AnnounceAddresses"/>: how many of each address.</param>
/// <param name="Notice">What to tell others, if its reason is not <see cref="Reason.None"/>.</param>
public readonly record struct VrrpStep(VrrpState Next, Effects Effects, int AnnouncementsPerAddress, Notice Notice);
