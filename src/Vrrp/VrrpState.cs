namespace XdpLvs.Vrrp;

/// <summary>All that a virtual router remembers. Whoever calls the machine owns it.</summary>
/// <param name="Role">Which part it plays.</param>
/// <param name="Deadline">
/// Adver_Timer when active, Active_Down_Timer when backup, end of the startup delay or of the wait for a successor;
/// else never.
/// </param>
public readonly record struct VrrpState(Role Role, Instant Deadline)
{
    /// <summary>Before startup and after shutdown.</summary>
    public static readonly VrrpState Initial = new(Role.Initialize, Instant.Never);

    /// <summary>What is wrong at the moment.</summary>
    public FaultCauses Faults { get; init; }

    /// <summary>Sum of all tracked weights.</summary>
    public int Weight { get; init; }

    /// <summary>
    /// Active_Adver_Interval, microseconds: what the active router announced last; 0 until one was heard.
    /// </summary>
    public long ActiveIntervalMicroseconds { get; init; }

    /// <summary>Whom we take for the active router.</summary>
    public Followed Following { get; init; }

    /// <summary>Other active routers that were answered of late.</summary>
    public Rivals Rivals { get; init; }

    /// <summary>Whether a member of a sync group would be active if the others agreed.</summary>
    public bool WantsActive { get; init; }

    /// <summary>When the next delayed burst of announcements is due.</summary>
    public Instant AnnounceDeadline { get; init; } = Instant.Never;

    /// <summary>Announcements of each address in that burst.</summary>
    public byte AnnouncementsDue { get; init; }

    /// <summary>When the next periodic announcement is due (garp_master_refresh).</summary>
    public Instant RefreshDeadline { get; init; } = Instant.Never;

    /// <summary>End of a running preempt delay; never if none has begun.</summary>
    public Instant PreemptAfter { get; init; } = Instant.Never;

    /// <summary>Until then what repeats itself is not told again.</summary>
    public Instant QuietUntil { get; init; }

    /// <summary>Until then the answer to a resignation waits: a flood of resignations draws few answers.</summary>
    public Instant ResignQuietUntil { get; init; }

    /// <summary>Whether a late wake-up was forgiven since an advert was last heard. It is forgiven once.</summary>
    public bool StallForgiven { get; init; }

    /// <summary>When a tick is wanted at the latest.</summary>
    public Instant NextDeadline => Instant.Min(Deadline, Instant.Min(AnnounceDeadline, RefreshDeadline));

    /// <summary>The priority that is sent and compared.</summary>
    public byte PriorityOf(VrrpSettings self) => EffectivePriority.Of(self.Priority, Weight);

    /// <summary>The interval that the down timer goes by: the active router's, or ours if it never told.</summary>
    public long IntervalOf(VrrpSettings self) =>
        ActiveIntervalMicroseconds > 0 ? ActiveIntervalMicroseconds : self.IntervalMicroseconds;

    /// <summary>The same router with all timers stopped: what outlives a change of role is kept.</summary>
    internal VrrpState Into(Role role, Instant deadline) => new(role, deadline)
    {
        Faults = Faults,
        Weight = Weight,
        ActiveIntervalMicroseconds = ActiveIntervalMicroseconds,
        Following = Following,
        Rivals = Rivals,
        QuietUntil = QuietUntil,
        ResignQuietUntil = ResignQuietUntil,
    };
}

/// <summary>The router that a backup takes for the active one.</summary>
/// <param name="Router">Its address; nobody if unspecified.</param>
/// <param name="Priority">What it said last.</param>
/// <param name="Until">When it is no longer believed to be there.</param>
public readonly record struct Followed(VrrpAddress Router, byte Priority, Instant Until)
{
    /// <summary>
    /// The stronger of two that are heard: a weak second one cannot pass for the active router. Who fell silent is
    /// forgotten.
    /// </summary>
    internal Followed Hear(in Advert advert, Instant now, long downMicroseconds)
    {
        bool replaces = advert.Sender == Router || Until.HasCome(now) || advert.Priority > Priority
            || (advert.Priority == Priority && advert.Sender > Router);
        return replaces ? new Followed(advert.Sender, advert.Priority, now.After(downMicroseconds)) : this;
    }

    /// <summary>Whether news about a router are news about the active one: it is, or nobody is known to be.</summary>
    internal bool Concerns(VrrpAddress router, Instant now) => router == Router || Until.HasCome(now);
}
