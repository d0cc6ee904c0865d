namespace XdpLvs.Vrrp;

/// <summary>When and how often the virtual addresses are announced, by gratuitous ARP or unsolicited NA.</summary>
public sealed record AnnounceSettings
{
    /// <summary>keepalived's defaults.</summary>
    public static readonly AnnounceSettings Default = new();

    /// <summary>
    /// Announcements of each address in a burst after becoming active (garp_master_repeat); 0 = none.
    /// </summary>
    public byte Repeat { get; init; } = 5;

    /// <summary>Time to the second burst (garp_master_delay), microseconds; 0 = no second burst.</summary>
    public long DelayMicroseconds { get; init; } = 5_000_000;

    /// <summary>Announcements of each address after a weaker router was heard (garp_lower_prio_repeat).</summary>
    public byte LowerPriorityRepeat { get; init; } = 5;

    /// <summary>Time to the burst that follows that one (garp_lower_prio_delay), microseconds; 0 = none.</summary>
    public long LowerPriorityDelayMicroseconds { get; init; } = 5_000_000;

    /// <summary>Period of announcements while active (garp_master_refresh), microseconds; 0 = off.</summary>
    public long RefreshMicroseconds { get; init; }

    /// <summary>Announcements of each address in such a period (garp_master_refresh_repeat).</summary>
    public byte RefreshRepeat { get; init; } = 1;

    /// <summary>
    /// Least time between two gratuitous ARPs on an interface (garp_interval), microseconds; 0 = none.
    /// </summary>
    public long ArpIntervalMicroseconds { get; init; }

    /// <summary>
    /// Least time between two unsolicited NAs on an interface (gna_interval), microseconds; 0 = none.
    /// </summary>
    public long NeighbourIntervalMicroseconds { get; init; }
}
