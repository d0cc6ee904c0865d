using System;
using XdpLvs.Director.Scripts;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>A vrrp_script as it was configured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Script">What to run; it was inspected before.</param>
internal sealed record ScriptTrackerSettings(string Name, Script Script)
{
    /// <summary>From one start to the next, microseconds.</summary>
    internal long IntervalMicroseconds { get; init; } = 1_000_000;

    /// <summary>How long a run may take, microseconds; null: the interval.</summary>
    internal long? TimeoutMicroseconds { get; init; }

    /// <summary>Successes that bring it up; at least 1.</summary>
    internal int Rise { get; init; } = 1;

    /// <summary>Failures that bring it down; at least 1.</summary>
    internal int Fall { get; init; } = 1;

    /// <summary>init_fail: it is down until it has succeeded often enough.</summary>
    internal bool StartsFailed { get; init; }
}

/// <summary>All that is remembered of a vrrp_script.</summary>
/// <param name="Reading">What it says.</param>
/// <param name="Score">
/// keepalived's count: below <see cref="ScriptTrackerSettings.Rise"/> it is down and has so many successes, from there
/// on it is up and can bear so many failures more.
/// </param>
/// <param name="IsRunning">A run is under way.</param>
/// <param name="IsLate">It was, when the next one was due.</param>
/// <param name="Due">When the next run is.</param>
internal readonly record struct ScriptTrackerState(
    Reading Reading, int Score, bool IsRunning, bool IsLate, Instant Due);

/// <summary>What to do about a vrrp_script, in this order.</summary>
[Flags]
internal enum ScriptTrackerEffects
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Start a run.</summary>
    Run = 1,

    /// <summary>Its reading has changed: tell the instances and the log.</summary>
    Report = 2,

    /// <summary>Tell the log that a run was skipped: the one before is not over. Once for each long run.</summary>
    ReportSkip = 4,
}

/// <summary>When a script is run and what its results mean, as a function.</summary>
internal static class ScriptTracker
{
    /// <summary>Before the first run, which is due at once.</summary>
    internal static ScriptTrackerState Begin(Instant now, ScriptTrackerSettings self) => self.StartsFailed
        ? new ScriptTrackerState(Reading.Of(isUp: false), 0, IsRunning: false, IsLate: false, now)
        : new ScriptTrackerState(Reading.Unknown, self.Rise - 1, IsRunning: false, IsLate: false, now);

    /// <summary>Time has passed.</summary>
    internal static (ScriptTrackerState Next, ScriptTrackerEffects Effects) Tick(
        in ScriptTrackerState state, Instant now, ScriptTrackerSettings self)
    {
        if (!state.Due.HasCome(now))
        {
            return (state, ScriptTrackerEffects.None);
        }

        Instant planned = state.Due.After(self.IntervalMicroseconds);
        Instant due = planned.HasCome(now) ? now.After(self.IntervalMicroseconds) : planned; // missed: not made up for
        return state.IsRunning
            ? (state with { Due = due, IsLate = true },
                state.IsLate ? ScriptTrackerEffects.None : ScriptTrackerEffects.ReportSkip)
            : (state with { Due = due, IsRunning = true, IsLate = false }, ScriptTrackerEffects.Run);
    }

    /// <summary>A run is over. The first result of all counts at once, whatever rise and fall say.</summary>
    internal static (ScriptTrackerState Next, ScriptTrackerEffects Effects) Hear(
        in ScriptTrackerState state, bool succeeded, ScriptTrackerSettings self)
    {
        ScriptTrackerState over = state with { IsRunning = false, IsLate = false };
        bool isFirst = state.Reading == Reading.Unknown;
        bool isUp = state.Reading == Reading.Of(isUp: true);
        if (succeeded)
        {
            return isUp ? (over with { Score = self.Rise + self.Fall - 1 }, ScriptTrackerEffects.None)
                : state.Score < self.Rise - 1 ? (over with { Score = state.Score + 1 }, ScriptTrackerEffects.None)
                : (over with { Score = self.Rise + self.Fall - 1, Reading = Reading.Of(isUp: true) },
                    ScriptTrackerEffects.Report);
        }

        return isUp && state.Score > self.Rise
            ? (over with { Score = state.Score - 1 }, ScriptTrackerEffects.None)
            : (over with { Score = 0, Reading = Reading.Of(isUp: false) },
                isUp || isFirst ? ScriptTrackerEffects.Report : ScriptTrackerEffects.None);
    }
}
