using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>What all that an instance tracks comes to.</summary>
/// <param name="Priority">Its effective priority.</param>
/// <param name="Faults">The names of what puts it into FAULT.</param>
/// <param name="Awaited">How many things must be known before it may begin.</param>
internal readonly record struct TrackSum(byte Priority, ImmutableArray<string> Faults, int Awaited)
{
    /// <summary>Whether nothing that is tracked keeps the instance from taking part.</summary>
    internal bool IsReady => Faults.IsEmpty && Awaited == 0;

    /// <summary>Adds everything up. The owner's 255 stays, others stay within 1 to 254, as in keepalived.</summary>
    internal static TrackSum Of(byte basePriority, IEnumerable<TrackerOutput> outputs)
    {
        int priority = basePriority, awaited = 0;
        ImmutableArray<string> faults = [];
        foreach (TrackerOutput output in outputs)
        {
            priority += output.Weight;
            awaited += output.IsAwaited ? 1 : 0;
            faults = output.IsFault ? faults.Add(output.Name) : faults;
        }

        bool isOwner = basePriority == VrrpMachine.OwnerPriority;
        byte effective = isOwner ? basePriority : (byte)Math.Clamp(priority, 1, VrrpMachine.OwnerPriority - 1);
        return new TrackSum(effective, faults, awaited);
    }

    /// <summary>keepalived's line for a changed priority.</summary>
    internal static string PriorityLine(string instance, byte before, byte after) =>
        $"({instance}) Changing effective priority from {before} to {after}";
}

/// <summary>What one instance tracks, and what each of it last said. One thread: that of the instance.</summary>
internal sealed class TrackedInstance
{
    private readonly byte _basePriority;
    private readonly ImmutableArray<TrackedItem> _items;
    private readonly Reading[] _readings;

    /// <summary>Nothing is known yet, but that BFD sessions are down.</summary>
    /// <param name="basePriority">The configured priority.</param>
    /// <param name="items">All its track_* lines.</param>
    internal TrackedInstance(byte basePriority, ImmutableArray<TrackedItem> items)
    {
        _basePriority = basePriority;
        _items = items;
        _readings = [.. items.Select(item => Initial(item.Id.Kind))];
        Sum = Add();
    }

    /// <summary>What it all comes to now.</summary>
    internal TrackSum Sum { get; private set; }

    /// <summary>A tracked thing reads differently now. Returns whether that changes <see cref="Sum"/>.</summary>
    internal bool Hear(TrackerId id, Reading reading)
    {
        for (int i = 0; i < _items.Length; i++)
        {
            if (_items[i].Id == id)
            {
                _readings[i] = reading;
            }
        }

        TrackSum before = Sum;
        Sum = Add();
        return before.Priority != Sum.Priority
            || before.Awaited != Sum.Awaited
            || !before.Faults.SequenceEqual(Sum.Faults);
    }

    /// <summary>As in keepalived: a session that never was up is down. All else is waited for.</summary>
    private static Reading Initial(TrackerKind kind) =>
        kind == TrackerKind.Bfd ? Reading.Of(isUp: false) : Reading.Unknown;

    private TrackSum Add() => TrackSum.Of(_basePriority, _items.Select((item, i) => item.Output(_readings[i])));
}
