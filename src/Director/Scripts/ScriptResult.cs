using XdpLvs.Linux;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Scripts;

/// <summary>How a run ended.</summary>
internal enum ScriptOutcome
{
    /// <summary>Status 0.</summary>
    Succeeded,

    /// <summary>Another status.</summary>
    Failed,

    /// <summary>A signal ended it, and the signal was not ours.</summary>
    Signalled,

    /// <summary>It took longer than it may, and was killed.</summary>
    TimedOut,

    /// <summary>It could not be started.</summary>
    NotStarted,
}

/// <summary>The result of one run.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">Exit status, signal or errno; 0 for the others.</param>
internal readonly record struct ScriptResult(ScriptOutcome Outcome, int Code)
{
    /// <summary>Whether it counts as a success. A script that cannot be started is a failure.</summary>
    internal bool IsSuccess => Outcome == ScriptOutcome.Succeeded;

    /// <summary>The result of a process that ended.</summary>
    /// <param name="status">How.</param>
    /// <param name="wasTimedOut">Whether we told it to end.</param>
    internal static ScriptResult Of(ExitStatus status, bool wasTimedOut) =>
        wasTimedOut ? new ScriptResult(ScriptOutcome.TimedOut, 0)
        : status.IsSignal ? new ScriptResult(ScriptOutcome.Signalled, status.Code)
        : new ScriptResult(status.Code == 0 ? ScriptOutcome.Succeeded : ScriptOutcome.Failed, status.Code);

    /// <summary>keepalived's words for it.</summary>
    public override string ToString() => Outcome switch
    {
        ScriptOutcome.Succeeded => "succeeded",
        ScriptOutcome.Failed => $"failed (exited with status {Code})",
        ScriptOutcome.Signalled => $"failed (due to signal {Code})",
        ScriptOutcome.TimedOut => "timed_out",
        _ => $"failed (could not be started: {Errno.Name(Code)})",
    };
}
