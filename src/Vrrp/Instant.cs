using System;

namespace XdpLvs.Vrrp;

/// <summary>A moment on a monotonic clock, in microseconds since an epoch that the shell chooses.</summary>
/// <param name="Microseconds">Microseconds since that epoch; never a calendar time.</param>
/// <remarks>
/// Microseconds hold both VRRPv2's skew, (256 - priority) / 256 s (RFC 3768 section 6.1), and VRRPv3's centiseconds
/// (RFC 9568 section 5.2.7) to better than any timer fires.
/// </remarks>
public readonly record struct Instant(long Microseconds)
{
    /// <summary>Never reached: the deadline of a stopped timer.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>The moment that many microseconds later. What never comes does not come later either.</summary>
    public Instant After(long microseconds) => this == Never ? Never : new(Microseconds + microseconds);

    /// <summary>True once <paramref name="now"/> has come this far.</summary>
    public bool HasCome(Instant now) => now.Microseconds >= Microseconds;

    /// <summary>Microseconds still to wait at <paramref name="now"/>: 0 if this has come, else up to never.</summary>
    public long MicrosecondsFrom(Instant now) =>
        this == Never ? long.MaxValue : Math.Max(0, Microseconds - now.Microseconds);

    /// <summary>The earlier of two moments.</summary>
    public static Instant Min(Instant left, Instant right) =>
        left.Microseconds <= right.Microseconds ? left : right;
}
