using System;
using System.Collections.Immutable;
using System.IO;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>All tracked files. One thread.</summary>
internal sealed class FileTrackers : IDisposable
{
    private const long LookMicroseconds = 5_000_000;
    private const int NoDescriptor = -1;

    private readonly ImmutableArray<FileTrackerSettings> _all;
    private readonly Action<string> _log;
    private readonly Action<TrackerId, Reading> _report;
    private readonly Reading[] _readings;
    private readonly FileEvents? _events;
    private Instant _lookAt;
    private bool _hasBegun;

    /// <summary>Nothing is read yet.</summary>
    internal FileTrackers(
        ImmutableArray<FileTrackerSettings> all, Action<string> log, Action<TrackerId, Reading> report)
    {
        (_all, _log, _report) = (all, log, report);
        _readings = new Reading[all.Length];
        _events = all.IsEmpty ? null : new FileEvents();
    }

    /// <summary>To poll for; negative where there is nothing to track.</summary>
    internal int Descriptor => _events?.Descriptor.Number ?? NoDescriptor;

    /// <summary>Looks at the files if something happened, or if it is time. Returns when it will be.</summary>
    internal Instant Turn(Instant now)
    {
        if (_events is null)
        {
            return Instant.Never;
        }

        if (!_hasBegun)
        {
            _hasBegun = true;
            Initialize();
        }

        if (_events.Drain() || _lookAt.HasCome(now))
        {
            _lookAt = now.After(LookMicroseconds);
            for (int i = 0; i < _all.Length; i++)
            {
                Look(i);
            }
        }

        return _lookAt;
    }

    /// <inheritdoc/>
    public void Dispose() => _events?.Dispose();

    private void Initialize()
    {
        foreach (FileTrackerSettings self in _all)
        {
            try
            {
                FileTracker.Initialize(self);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                _log($"track file {self.Name}: its initial value cannot be written: {error.Message}");
            }
        }
    }

    /// <summary>Watches first, reads then: what changes between the two is read twice, not never.</summary>
    private void Look(int index)
    {
        FileTrackerSettings self = _all[index];
        _ = _events!.TryWatch(Path.GetDirectoryName(self.Path) ?? "/"); // not there yet: it is tried again
        _ = _events.TryWatch(self.Path);
        Reading reading = FileTracker.Read(self);
        if (reading != _readings[index])
        {
            _readings[index] = reading;
            _report(new TrackerId(TrackerKind.File, self.Name), reading);
        }
    }
}
