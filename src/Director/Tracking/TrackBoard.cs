using System;
using System.Collections.Immutable;
using System.Threading;
using XdpLvs.Director.Scripts;
using XdpLvs.Linux;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tracking;

/// <summary>What the trackers of a daemon are, other than interfaces and BFD.</summary>
/// <param name="Scripts">Every vrrp_script that somebody tracks.</param>
/// <param name="Files">Every track_file that somebody tracks.</param>
/// <param name="Processes">Every vrrp_track_process that somebody tracks.</param>
internal sealed record TrackPlan(
    ImmutableArray<ScriptTrackerSettings> Scripts,
    ImmutableArray<FileTrackerSettings> Files,
    ImmutableArray<ProcessTrackerSettings> Processes)
{
    /// <summary>Nothing at all.</summary>
    internal static readonly TrackPlan None = new([], [], []);

    /// <summary>Whether there is nothing to do.</summary>
    internal bool IsEmpty => Scripts.IsEmpty && Files.IsEmpty && Processes.IsEmpty;
}

/// <summary>The tracking thread: runs scripts when they are due, and looks at files and processes.</summary>
/// <remarks>
/// It owns the state of all trackers and tells changes only. Files: inotify wakes it, and it looks again by itself
/// every five seconds, for what inotify cannot see. Processes: the kernel's connector tells it where there is one, and
/// it counts again every half minute; elsewhere it counts every second.
/// </remarks>
internal sealed class TrackBoard : IDisposable
{
    private readonly ScriptTrackers _scripts;
    private readonly FileTrackers _files;
    private readonly ProcessTrackers _processes;
    private readonly FileDescriptor _wake = Syscalls.EventCounter("tracking thread");
    private readonly Thread _thread;
    private readonly Lock _gate = new(); // a result may come while this ends
    private volatile bool _stopping;
    private bool _isClosed;

    /// <summary>Opens what it watches by; nothing runs yet.</summary>
    /// <param name="plan">What to track.</param>
    /// <param name="runner">Runs the scripts, with a place for each; stays its owner's.</param>
    /// <param name="log">Told of changes, in keepalived's words.</param>
    /// <param name="report">Told each tracker's first reading and every change. On the tracking thread; must not block.
    /// </param>
    internal TrackBoard(
        TrackPlan plan, ScriptRunner runner, Action<string> log, Action<TrackerId, Reading> report)
    {
        _scripts = new ScriptTrackers(plan.Scripts, runner, log, report, Wake);
        _files = new FileTrackers(plan.Files, log, report);
        _processes = new ProcessTrackers(plan.Processes, log, report);
        _thread = new Thread(Run) { Name = "xdplvs-track", IsBackground = true };
    }

    /// <summary>Places that a runner needs for these scripts.</summary>
    internal static int PlacesFor(TrackPlan plan) => Math.Max(1, plan.Scripts.Length);

    /// <summary>Starts tracking: files and processes are read at once, scripts run for the first time.</summary>
    internal void Start() => _thread.Start();

    /// <summary>Ends the thread. The runner ends after it: a run that cannot start would look like a failure.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _files.Dispose();
        _processes.Dispose();
        lock (_gate)
        {
            _isClosed = true;
            _wake.Dispose();
        }
    }

    private static Instant Now() => new(Clock.NowMicroseconds);

    private void Wake()
    {
        lock (_gate)
        {
            if (!_isClosed)
            {
                Syscalls.Wake(_wake);
            }
        }
    }

    private void Run()
    {
        PollSlot[] slots =
        [
            new() { Descriptor = _wake.Number, Wanted = PollSlot.In },
            new() { Descriptor = _files.Descriptor, Wanted = PollSlot.In },
            new() { Descriptor = _processes.Descriptor, Wanted = PollSlot.In },
        ];
        while (!_stopping)
        {
            Instant now = Now();
            Instant next = _scripts.Turn(now);
            next = Instant.Min(next, _files.Turn(now));
            next = Instant.Min(next, _processes.Turn(now));
            Syscalls.Poll(slots, next == Instant.Never ? -1 : next.MicrosecondsFrom(Now()));
            if (slots[0].Found != 0)
            {
                Syscalls.ClearWake(_wake);
            }
        }
    }
}
