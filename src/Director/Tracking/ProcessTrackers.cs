using System;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>All tracked processes. One thread.</summary>
internal sealed class ProcessTrackers : IDisposable
{
    private const long CountMicroseconds = 30_000_000, PollMicroseconds = 1_000_000;
    private const int EventsPerTurnMax = 1024, NoDescriptor = -1;

    private readonly ImmutableArray<ProcessTrackerSettings> _all;
    private readonly Action<string> _log;
    private readonly Action<TrackerId, Reading> _report;
    private readonly ProcessTrackerState[] _states;
    private readonly ProcessCensus _census;
    private readonly ProcessEvents? _events;
    private Instant _countAt;
    private bool _isTold;

    /// <summary>Nobody is counted yet.</summary>
    /// <param name="all">What to track.</param>
    /// <param name="log">Told of changes.</param>
    /// <param name="report">Told of first readings and changes.</param>
    /// <param name="useConnector">False: count only.</param>
    internal ProcessTrackers(
        ImmutableArray<ProcessTrackerSettings> all,
        Action<string> log,
        Action<TrackerId, Reading> report,
        bool useConnector = true)
    {
        (_all, _log, _report) = (all, log, report);
        _states = [.. all.Select(_ => ProcessTrackerState.Initial)];
        _census = new ProcessCensus([.. all.Select(each => each.Match)]);
        _events = all.IsEmpty || !useConnector ? null : ProcessEvents.TryOpen();
    }

    /// <summary>To poll for; negative where there is no connector.</summary>
    internal int Descriptor => _events?.Descriptor.Number ?? NoDescriptor;

    /// <summary>Whether the kernel has agreed to tell of processes.</summary>
    internal bool IsTold => _isTold;

    /// <summary>Takes what happened, counts if it is time. Returns when something is due next.</summary>
    internal Instant Turn(Instant now)
    {
        if (_all.IsEmpty)
        {
            return Instant.Never;
        }

        bool more = HearEvents();
        if (_countAt.HasCome(now))
        {
            _census.TakeAll();
            _countAt = now.After(_isTold ? CountMicroseconds : PollMicroseconds);
        }

        Instant next = more ? now : _countAt;
        for (int i = 0; i < _all.Length; i++)
        {
            (_states[i], bool counted) = ProcessTracker.Count(_states[i], _census.CountOf(i), now, _all[i]);
            (_states[i], bool waited) = ProcessTracker.Tick(_states[i], now, _all[i]);
            if (counted || waited)
            {
                _log(ProcessTracker.Line(_all[i].Name, _states[i].Reading));
                _report(new TrackerId(TrackerKind.Process, _all[i].Name), _states[i].Reading);
            }

            next = Instant.Min(next, _states[i].Due);
        }

        return next;
    }

    /// <inheritdoc/>
    public void Dispose() => _events?.Dispose();

    /// <summary>Returns whether there may be more.</summary>
    private bool HearEvents()
    {
        int count = 0;
        while (_events is not null
            && count < EventsPerTurnMax
            && _events.TryRead(out ProcessEvent happened, out bool isLost))
        {
            count++;
            if (isLost)
            {
                _countAt = default;
            }

            Hear(happened);
        }

        return count == EventsPerTurnMax;
    }

    private void Hear(in ProcessEvent happened)
    {
        switch (happened.Kind)
        {
            case ProcessEventKind.Answer:
                _isTold = happened.ProcessId == 0;
                break;
            case ProcessEventKind.Forked:
                _census.HearFork(happened.ParentId, happened.ProcessId);
                break;
            case ProcessEventKind.Changed:
                _census.Look(happened.ProcessId);
                break;
            case ProcessEventKind.Exited:
                _census.HearExit(happened.ProcessId);
                break;
            default:
                break;
        }
    }
}
