using System;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using XdpLvs.Director.Scripts;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>All tracked scripts. One thread, but for the results, which the runner's thread brings.</summary>
internal sealed class ScriptTrackers(
    ImmutableArray<ScriptTrackerSettings> all,
    ScriptRunner runner,
    Action<string> log,
    Action<TrackerId, Reading> report,
    Action wake)
{
    private readonly ConcurrentQueue<(int Index, ScriptResult Result)> _results = new();
    private readonly ScriptTrackerState[] _states = new ScriptTrackerState[all.Length];
    private bool _hasBegun;

    /// <summary>Takes the results that came, starts what is due. Returns when the next run is.</summary>
    internal Instant Turn(Instant now)
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            Begin(now);
        }

        while (_results.TryDequeue(out (int Index, ScriptResult Result) over))
        {
            ScriptTrackerSettings self = all[over.Index];
            (_states[over.Index], ScriptTrackerEffects effects) =
                ScriptTracker.Hear(_states[over.Index], over.Result.IsSuccess, self);
            if ((effects & ScriptTrackerEffects.Report) != 0)
            {
                log($"VRRP_Script({self.Name}) {over.Result}");
                report(Id(self), _states[over.Index].Reading);
            }
        }

        Instant next = Instant.Never;
        for (int i = 0; i < all.Length; i++)
        {
            (_states[i], ScriptTrackerEffects effects) = ScriptTracker.Tick(_states[i], now, all[i]);
            Perform(i, effects);
            next = Instant.Min(next, _states[i].Due);
        }

        return next;
    }

    private static TrackerId Id(ScriptTrackerSettings self) => new(TrackerKind.Script, self.Name);

    private void Begin(Instant now)
    {
        for (int i = 0; i < all.Length; i++)
        {
            _states[i] = ScriptTracker.Begin(now, all[i]);
            if (_states[i].Reading != Reading.Unknown)
            {
                report(Id(all[i]), _states[i].Reading);
            }
        }
    }

    private void Perform(int index, ScriptTrackerEffects effects)
    {
        ScriptTrackerSettings self = all[index];
        if ((effects & ScriptTrackerEffects.ReportSkip) != 0)
        {
            log($"Track script {self.Name} is already running, expect idle - skipping run");
        }

        if ((effects & ScriptTrackerEffects.Run) == 0)
        {
            return;
        }

        var request = new ScriptRequest(
            self.Script,
            self.TimeoutMicroseconds ?? self.IntervalMicroseconds,
            KillLeftovers: true,
            result => Hear(index, result));
        if (!runner.TryRun(request))
        {
            Hear(index, new ScriptResult(ScriptOutcome.NotStarted, Linux.Errno.EAGAIN));
        }
    }

    private void Hear(int index, ScriptResult result)
    {
        _results.Enqueue((index, result));
        wake();
    }
}
