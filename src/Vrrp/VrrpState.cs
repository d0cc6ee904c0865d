namespace XdpLvs.Vrrp;

/// <summary>All that a virtual router remembers. Whoever calls the machine owns it.</summary>
/// <param name="Role">Which part it plays.</param>
/// <param name="Deadline">Adver_Timer when active, Master_Down_Timer when backup, else never.</param>
public readonly record struct VrrpState(Role Role, Instant Deadline)
{
    /// <summary>Before startup and after shutdown.</summary>
    public static readonly VrrpState Initial = new(Role.Initialize, Instant.Never);

    /// <summary>When the next delayed burst of announcements is due.</summary>
    public Instant AnnounceDeadline { get; init; } = Instant.Never;

    /// <summary>Announcements of each address in that burst.</summary>
    public byte AnnouncementsDue { get; init; }

    /// <summary>When the next periodic announcement is due (garp_master_refresh).</summary>
    public Instant RefreshDeadline { get; init; } = Instant.Never;

    /// <summary>End of a running preempt delay; never if none has begun.</summary>
    public Instant PreemptAfter { get; init; } = Instant.Never;

    /// <summary>Until then weaker routers are neither answered nor reported: one answer per interval.</summary>
    public Instant QuietUntil { get; init; }

    /// <summary>Until then the answer to a resignation waits: a flood of resignations draws few answers.</summary>
    public Instant ResignQuietUntil { get; init; }

    /// <summary>Whether a late wake-up was forgiven since an advert was last heard. It is forgiven once.</summary>
    public bool StallForgiven { get; init; }

    /// <summary>When a tick is wanted at the latest.</summary>
    public Instant NextDeadline => Instant.Min(Deadline, Instant.Min(AnnounceDeadline, RefreshDeadline));
}
