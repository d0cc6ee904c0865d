using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>A vrrp_track_process as it was configured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Match">Which processes count.</param>
internal sealed record ProcessTrackerSettings(string Name, ProcessMatch Match)
{
    /// <summary>Processes that must be there.</summary>
    internal int Quorum { get; init; } = 1;

    /// <summary>Processes that there may be.</summary>
    internal int QuorumMax { get; init; } = int.MaxValue;

    /// <summary>fork_delay: how long to wait after a process came, microseconds. delay sets both.</summary>
    internal long ForkDelayMicroseconds { get; init; }

    /// <summary>terminate_delay: how long to wait after one went, microseconds: it may be restarted.</summary>
    internal long TerminateDelayMicroseconds { get; init; }
}

/// <summary>All that is remembered of a tracked process.</summary>
/// <param name="Reading">What it says.</param>
/// <param name="Count">Processes that match.</param>
/// <param name="Due">When a change takes effect unless it is undone; never if none waits.</param>
internal readonly record struct ProcessTrackerState(Reading Reading, int Count, Instant Due)
{
    /// <summary>Before the processes were counted for the first time.</summary>
    internal static readonly ProcessTrackerState Initial = new(Reading.Unknown, 0, Instant.Never);
}

/// <summary>What a number of processes means, as a function.</summary>
internal static class ProcessTracker
{
    /// <summary>So many match now.</summary>
    /// <returns>The state to keep, and whether its reading has changed.</returns>
    internal static (ProcessTrackerState Next, bool HasChanged) Count(
        in ProcessTrackerState state, int count, Instant now, ProcessTrackerSettings self)
    {
        Reading wanted = Judge(count, self);
        ProcessTrackerState counted = state with { Count = count };
        if (wanted == state.Reading)
        {
            return (counted with { Due = Instant.Never }, false);
        }

        long delay = state.Reading == Reading.Unknown ? 0
            : count > state.Count ? self.ForkDelayMicroseconds
            : self.TerminateDelayMicroseconds;
        if (delay == 0)
        {
            return (new ProcessTrackerState(wanted, count, Instant.Never), true);
        }

        return (state.Due == Instant.Never ? counted with { Due = now.After(delay) } : counted, false);
    }

    /// <summary>Time has passed.</summary>
    internal static (ProcessTrackerState Next, bool HasChanged) Tick(
        in ProcessTrackerState state, Instant now, ProcessTrackerSettings self) => state.Due.HasCome(now)
        ? (new ProcessTrackerState(Judge(state.Count, self), state.Count, Instant.Never), true)
        : (state, false);

    /// <summary>keepalived's line for a changed reading.</summary>
    internal static string Line(string name, Reading reading) =>
        $"Quorum {(reading == Reading.Of(isUp: true) ? "gained" : "lost")} for tracked process {name}";

    private static Reading Judge(int count, ProcessTrackerSettings self) =>
        Reading.Of(count >= self.Quorum && count <= self.QuorumMax);
}
