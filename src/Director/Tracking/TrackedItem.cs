using System;

namespace XdpLvs.Director.Tracking;

/// <summary>What one tracked thing does to one instance now.</summary>
/// <param name="Name">The thing's name.</param>
/// <param name="IsFault">It puts the instance into FAULT.</param>
/// <param name="IsAwaited">The instance must not begin before it is known.</param>
/// <param name="Weight">What it adds to the priority.</param>
internal readonly record struct TrackerOutput(string Name, bool IsFault, bool IsAwaited, int Weight);

/// <summary>One line of a track_* block: what an instance tracks, and how much it matters.</summary>
/// <param name="Id">What is tracked.</param>
/// <param name="Weight">0: it decides about FAULT. Else it changes the priority.</param>
/// <param name="IsReverse">The effect is turned around.</param>
internal sealed record TrackedItem(TrackerId Id, int Weight = 0, bool IsReverse = false)
{
    /// <summary>A number that means FAULT, whatever the weight.</summary>
    private const int FaultValue = -254;

    private const int ValueMax = 253;

    /// <summary>What it does when the thing reads so. keepalived: vrrp/vrrp_track.c.</summary>
    /// <remarks>
    /// Up or down: weight 0 is FAULT while down; a positive weight is added while up, a negative one while down;
    /// <see cref="IsReverse"/> makes weight 0 FAULT while up and turns the sign of others. A number: times the weight,
    /// FAULT at -254 and below; with weight 0 any number but zero is FAULT.
    /// </remarks>
    internal TrackerOutput Output(Reading reading) => reading.Kind switch
    {
        ReadingKind.Unknown => new TrackerOutput(Id.Name, IsFault: false, IsAwaited: Weight == 0, 0),
        ReadingKind.Value => OfValue(reading.Value),
        _ => OfState(reading.Kind == ReadingKind.Up),
    };

    private TrackerOutput OfState(bool isUp)
    {
        bool isFault = Weight == 0 && isUp == IsReverse;
        bool counts = isUp ? Weight > 0 : Weight < 0;
        return new TrackerOutput(Id.Name, isFault, IsAwaited: false, counts ? Signed : 0);
    }

    private TrackerOutput OfValue(int value)
    {
        int weighted = Weight == 0
            ? (value != 0) != IsReverse ? FaultValue : 0
            : value * Signed;
        return weighted <= FaultValue
            ? new TrackerOutput(Id.Name, IsFault: true, IsAwaited: false, 0)
            : new TrackerOutput(Id.Name, IsFault: false, IsAwaited: false, Math.Min(weighted, ValueMax));
    }

    private int Signed => IsReverse ? -Weight : Weight;
}
