using XdpLvs.Vrrp;

namespace XdpLvs.Director.Scripts;

/// <summary>How far a run has come.</summary>
internal enum RunPhase
{
    /// <summary>It may still take its time.</summary>
    Running,

    /// <summary>Its time was over: it was asked to end.</summary>
    Terminating,

    /// <summary>It did not end: it was killed.</summary>
    Killing,
}

/// <summary>The patience with one run, as a value.</summary>
/// <param name="Phase">How far it has come.</param>
/// <param name="Deadline">When the next signal is due.</param>
internal readonly record struct RunPatience(RunPhase Phase, Instant Deadline)
{
    /// <summary>Whether its end is our doing.</summary>
    internal bool IsTimedOut => Phase != RunPhase.Running;
}

/// <summary>SIGTERM when the time is over, SIGKILL two seconds later: as keepalived does.</summary>
internal static class ScriptTimer
{
    /// <summary>From SIGTERM to SIGKILL.</summary>
    internal const long GraceMicroseconds = 2_000_000;

    /// <summary>A run begins.</summary>
    /// <param name="now">When.</param>
    /// <param name="timeoutMicroseconds">How long it may take; null is for ever.</param>
    internal static RunPatience Begin(Instant now, long? timeoutMicroseconds) =>
        new(RunPhase.Running, timeoutMicroseconds is { } most ? now.After(most) : Instant.Never);

    /// <summary>Time has passed.</summary>
    /// <returns>The patience that is left, and whether it just changed: its phase names the signal to send.</returns>
    internal static (RunPatience Next, bool HasChanged) Tick(in RunPatience patience, Instant now)
    {
        if (!patience.Deadline.HasCome(now))
        {
            return (patience, false);
        }

        return patience.Phase == RunPhase.Running
            ? (Terminate(now), true)
            : (new RunPatience(RunPhase.Killing, Instant.Never), true);
    }

    /// <summary>It shall end now, whatever time it had.</summary>
    internal static RunPatience Terminate(Instant now) =>
        new(RunPhase.Terminating, now.After(GraceMicroseconds));
}
