using System;

namespace XdpLvs.Vrrp;

/// <summary>Announcements that are still to be sent: rounds over all addresses, in turns, as keepalived does.</summary>
/// <param name="Left">How many in all.</param>
/// <param name="Position">Which address comes next.</param>
public readonly record struct Burst(int Left, int Position)
{
    /// <summary>Whether nothing is left.</summary>
    public bool IsDone => Left == 0;

    /// <summary>The same and so many rounds, at least; what is under way is not repeated.</summary>
    public Burst With(int rounds, int addresses) => this with { Left = Math.Max(Left, rounds * addresses) };

    /// <summary>After one was sent.</summary>
    public Burst Next(int addresses) => Left <= 1 ? default : new Burst(Left - 1, (Position + 1) % addresses);
}

/// <summary>Keeps announcements on one interface apart: garp_interval and gna_interval.</summary>
/// <param name="ArpInterval">Least time between two gratuitous ARPs, microseconds; 0 = none.</param>
/// <param name="NeighbourInterval">Least time between two unsolicited NAs.</param>
public readonly record struct Pacer(long ArpInterval, long NeighbourInterval)
{
    /// <summary>When the next gratuitous ARP may be sent.</summary>
    public Instant ArpAfter { get; init; }

    /// <summary>When the next unsolicited NA may be sent.</summary>
    public Instant NeighbourAfter { get; init; }

    /// <summary>When the next announcement of that family may be sent.</summary>
    public Instant FreeAt(bool isV6) => isV6 ? NeighbourAfter : ArpAfter;

    /// <summary>After one was sent.</summary>
    public Pacer Sent(bool isV6, Instant now) => isV6
        ? this with { NeighbourAfter = now.After(NeighbourInterval) }
        : this with { ArpAfter = now.After(ArpInterval) };

    /// <summary>The slower of two wishes.</summary>
    public Pacer Slower(AnnounceSettings wish) => this with
    {
        ArpInterval = Math.Max(ArpInterval, wish.ArpIntervalMicroseconds),
        NeighbourInterval = Math.Max(NeighbourInterval, wish.NeighbourIntervalMicroseconds),
    };
}
