using System;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>A script to run, as a MISC_CHECK has it.</summary>
/// <param name="Words">The path and the arguments (misc_path).</param>
/// <param name="Timeout">When it is told to end (misc_timeout); delay_loop unless written.</param>
/// <param name="User">As whom it runs; null is the default script user.</param>
/// <param name="Group">As which group it runs; null is the user's own.</param>
public sealed record ScriptCall(ValueList<string> Words, TimeSpan Timeout, string? User, string? Group);

/// <summary>How a script ended.</summary>
/// <param name="Status">Its exit status; null if it did not exit by itself.</param>
/// <param name="Signal">The signal that killed it; null if none did.</param>
/// <param name="TimedOut">Whether it was made to end because its time was over.</param>
public readonly record struct ScriptEnd(int? Status, int? Signal, bool TimedOut);

/// <summary>Runs scripts. Comes from outside: users, process groups and signals are not a check's business.</summary>
public interface IScriptRunner
{
    /// <summary>Runs one until it has ended, or was killed because its time was over; waits without a thread.</summary>
    /// <param name="script">What to run.</param>
    /// <param name="cancellation">Nobody needs the result any more: it is killed.</param>
    ValueTask<ScriptEnd> RunAsync(ScriptCall script, CancellationToken cancellation);
}

/// <summary>
/// keepalived's MISC_CHECK: a script's exit status. 0 is fine, 1 is a failure, and 2 to 255 are a weight with
/// misc_dynamic (two less than the status), and failures without.
/// </summary>
public sealed class ScriptProbe(ScriptProbeSettings settings, IScriptRunner runner) : IProbe
{
    private const int WeightOffset = 2;

    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        ScriptEnd end = await runner.RunAsync(settings.Call, cancellation).ConfigureAwait(false);
        string script = settings.Call.Words.Count > 0 ? settings.Call.Words[0] : "";
        return Judge(end) with { Subject = script };
    }

    private ProbeResult Judge(ScriptEnd end) => end switch
    {
        { TimedOut: true } => new ProbeResult(
            ProbeFailure.Timeout, $"not done within {settings.Call.Timeout.TotalSeconds:0.###} s")
        {
            Phrase = "timed out",
        },
        { Status: 0 } => ProbeResult.Success,
        { Status: >= WeightOffset and var status } when settings.IsDynamic => ProbeResult.Success with
        {
            Weight = WeightAdvice.Set(status - WeightOffset),
        },
        { Status: { } status } => new ProbeResult(ProbeFailure.WrongAnswer, $"exited with status {status}")
        {
            Phrase = $"failed (exited with status {status})",
        },
        { Signal: { } signal } => new ProbeResult(ProbeFailure.Other, $"killed by signal {signal}")
        {
            Phrase = $"failed (due to signal {signal})",
        },
        _ => new ProbeResult(ProbeFailure.Local, "it could not be run") { Phrase = "failed" },
    };
}
