using System;

namespace XdpLvs.Vrrp;

/// <summary>What the shell must now do, in the order the members are declared.</summary>
[Flags]
public enum Effects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send an advertisement with our priority, <see cref="Notice.Priority"/>.</summary>
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

    /// <summary>The instance continues as what its crashed predecessor was.</summary>
    Adopted,

    /// <summary>The active router fell silent, or resigned, and the down timer ran out.</summary>
    AdvertTimeout,

    /// <summary>An active router of higher priority was heard while active.</summary>
    HigherPriority,

    /// <summary>An active router of equal priority and higher address was heard while active.</summary>
    HigherAddress,

    /// <summary>A link went down.</summary>
    LinkDown,

    /// <summary>Addresses are missing.</summary>
    AddressesGone,

    /// <summary>Something tracked failed.</summary>
    TrackDown,

    /// <summary>Another member of the sync group failed.</summary>
    GroupFault,

    /// <summary>All members of the sync group want to be active.</summary>
    GroupActive,

    /// <summary>Another member of the sync group yielded.</summary>
    GroupBackup,

    /// <summary>Nothing is wrong any more.</summary>
    Recovered,

    /// <summary>The instance was stopped.</summary>
    Shutdown,

    /// <summary>After the stop another router said that it is active.</summary>
    SuccessorHeard,

    /// <summary>After the stop nobody said so in the time in which anybody would.</summary>
    NoSuccessor,

    /// <summary>No transition: a weaker active router was heard while active, and answered.</summary>
    LowerPriority,

    /// <summary>No transition: a weaker active router was heard while backup; the down timer goes on.</summary>
    LowerPriorityDiscarded,

    /// <summary>No transition: a router resigned.</summary>
    PriorityZero,

    /// <summary>No transition: a router resigned that is not the one we follow. It changes nothing.</summary>
    PriorityZeroIgnored,

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

    /// <summary>No transition: the effective priority changed.</summary>
    PriorityChanged,

    /// <summary>No transition: BFD lost the active router, so the down timer ends within a skew.</summary>
    PeerDown,

    /// <summary>No transition: started, but waiting for the startup delay to pass.</summary>
    StartupDelayed,

    /// <summary>No transition: would take over, but waits for the other members of its sync group.</summary>
    WaitsForGroup,
}

/// <summary>What happened in a step, for the log, for scripts and for counters.</summary>
/// <param name="Before">Role before the step.</param>
/// <param name="After">Role after it.</param>
/// <param name="Reason">Why.</param>
/// <param name="Cause">The advert that caused it, if one did.</param>
public readonly record struct Notice(Role Before, Role After, Reason Reason, Advert Cause)
{
    /// <summary>Effective priority after the step.</summary>
    public byte Priority { get; init; }

    /// <summary>Effective priority before it.</summary>
    public byte PriorityBefore { get; init; }

    /// <summary>Whether the role changed.</summary>
    public bool IsTransition => Before != After;
}

/// <summary>Result of one step: what we are now and what to do about it.</summary>
/// <param name="Next">The state to keep.</param>
/// <param name="Effects">What to do now, in the order the flags are declared.</param>
/// <param name="AnnouncementsPerAddress">For <see cref="Effects.AnnounceAddresses"/>: how many of each address.</param>
/// <param name="Notice">What to tell others, if its reason is not <see cref="Reason.None"/>.</param>
public readonly record struct VrrpStep(VrrpState Next, Effects Effects, int AnnouncementsPerAddress, Notice Notice);
