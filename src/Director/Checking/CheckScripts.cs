using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Checks;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Checking;

/// <summary>
/// Runs the scripts of MISC_CHECKs, each of which was admitted before. There is a place for each, so that none waits
/// for another, up to <see cref="PlacesMax"/>.
/// </summary>
/// <remarks>
/// Who is cancelled gives up waiting; the script itself ends by its own timeout, or with this object, and with it all
/// that it started.
/// </remarks>
internal sealed class CheckScripts : IScriptRunner, IDisposable
{
    /// <summary>Scripts at once. What goes beyond waits, and its wait counts as its own time.</summary>
    internal const int PlacesMax = 256;

    private readonly FrozenDictionary<ScriptCall, Script> _scripts;
    private readonly ScriptRunner? _runner;

    /// <param name="scripts">What may run, by what asks for it. With none, there is no thread either.</param>
    internal CheckScripts(IReadOnlyDictionary<ScriptCall, Script> scripts)
    {
        _scripts = scripts.ToFrozenDictionary();
        _runner = scripts.Count == 0
            ? null
            : new ScriptRunner("xdplvs-misc", Math.Min(scripts.Count, PlacesMax), scripts.Count);
    }

    /// <inheritdoc/>
    public async ValueTask<ScriptEnd> RunAsync(ScriptCall script, CancellationToken cancellation)
    {
        var end = new TaskCompletionSource<ScriptEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_runner is null || !_scripts.TryGetValue(script, out Script? admitted))
        {
            return default; // fails: no server serves unchecked
        }

        var request = new ScriptRequest(
            admitted,
            script.Timeout.Ticks / TimeSpan.TicksPerMicrosecond,
            KillLeftovers: true,
            result => end.TrySetResult(EndOf(result)));
        return _runner.TryRun(request) ? await end.Task.WaitAsync(cancellation).ConfigureAwait(false) : default;
    }

    /// <summary>Kills what still runs.</summary>
    public void Dispose() => _runner?.Dispose();

    private static ScriptEnd EndOf(ScriptResult result) => result.Outcome switch
    {
        ScriptOutcome.Succeeded or ScriptOutcome.Failed => new ScriptEnd(result.Code, null, TimedOut: false),
        ScriptOutcome.Signalled => new ScriptEnd(null, result.Code, TimedOut: false),
        ScriptOutcome.TimedOut => new ScriptEnd(null, null, TimedOut: true),
        _ => default,
    };
}
