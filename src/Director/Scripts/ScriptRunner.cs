using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using XdpLvs.Linux;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Scripts;

/// <summary>A script to run once.</summary>
/// <param name="Script">What and as whom.</param>
/// <param name="TimeoutMicroseconds">How long it may take; null is for ever.</param>
/// <param name="KillLeftovers">
/// Whether what it left running in its process group ends with it: true for checks, false for notifications, which may
/// well start a service. After a time-out nothing of its group survives either way.
/// </param>
/// <param name="Done">Told the result, on the runner's thread; must not block. Null if nobody cares.</param>
internal sealed record ScriptRequest(
    Script Script, long? TimeoutMicroseconds, bool KillLeftovers, Action<ScriptResult>? Done = null);

/// <summary>Runs scripts: one thread starts them in the order of asking, and polls for all.</summary>
/// <remarks>
/// Bounded twice: so many at once, so many waiting. Who asks never waits: what finds no room is refused and counted. A
/// process that leaves its group (setsid) leaves our reach with it.
/// </remarks>
internal sealed class ScriptRunner : IDisposable
{
    private const long ReapMicroseconds = 100_000;

    private readonly Lock _gate = new(); // held for a few instructions: to ask, and to begin the end
    private readonly int _runningMax, _waitingMax;
    private readonly ConcurrentQueue<ScriptRequest> _waiting = new();
    private readonly List<Run> _running = [];
    private readonly PollSlot[] _slots;
    private readonly FileDescriptor _wake;
    private readonly Thread _thread;
    private long _refused;
    private volatile bool _stopping;
    private long _patienceMicroseconds;

    /// <summary>Starts its thread.</summary>
    /// <param name="name">At most 15 octets: the thread's name.</param>
    /// <param name="runningMax">Scripts at once.</param>
    /// <param name="waitingMax">Scripts that wait for one of those places.</param>
    internal ScriptRunner(string name, int runningMax, int waitingMax)
    {
        _runningMax = runningMax;
        _waitingMax = waitingMax;
        _slots = new PollSlot[runningMax + 1];
        _wake = Syscalls.EventCounter(name);
        _thread = new Thread(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Scripts refused for want of room.</summary>
    internal long Refused => Interlocked.Read(ref _refused);

    /// <summary>Asks for a run. Any thread; never blocks.</summary>
    /// <returns>False: no room, or ending; then nobody is told a result.</returns>
    internal bool TryRun(ScriptRequest request)
    {
        lock (_gate)
        {
            if (_stopping || _waiting.Count >= _waitingMax)
            {
                Interlocked.Increment(ref _refused);
                return false;
            }

            _waiting.Enqueue(request);
            Syscalls.Wake(_wake);
            return true;
        }
    }

    /// <summary>Ends: what waits is still started and gets this long; then checks are killed, the rest runs on.
    /// </summary>
    /// <param name="patienceMicroseconds">How long scripts may still take; keepalived gives a second.</param>
    internal void Stop(long patienceMicroseconds)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _patienceMicroseconds = patienceMicroseconds;
            _stopping = true;
            Syscalls.Wake(_wake);
        }

        _thread.Join();
        _wake.Dispose();
    }

    /// <summary>As <see cref="Stop"/>, without patience.</summary>
    public void Dispose() => Stop(0);

    private static Instant Now() => new(Clock.NowMicroseconds);

    private void Work()
    {
        Instant end = Instant.Never;
        while (true)
        {
            StartWaiting();
            Instant next = Tick(Now());
            if (_stopping)
            {
                end = end == Instant.Never ? Now().After(_patienceMicroseconds) : end;
                if (end.HasCome(Now()) || (_running.Count == 0 && _waiting.IsEmpty))
                {
                    break;
                }

                next = Instant.Min(next, end);
            }

            Wait(next);
        }

        _running.ForEach(Abandon);
    }

    private void StartWaiting()
    {
        while (_running.Count < _runningMax && _waiting.TryDequeue(out ScriptRequest? request))
        {
            int errno = ChildProcess.TryStart(
                request.Script.CommandLine(), request.Script.Environment(), out ChildProcess? child);
            if (errno == 0)
            {
                _running.Add(new Run(request, child!, ScriptTimer.Begin(Now(), request.TimeoutMicroseconds)));
            }
            else
            {
                request.Done?.Invoke(new ScriptResult(ScriptOutcome.NotStarted, errno));
            }
        }
    }

    /// <summary>Sends the signals that are due. Returns when the next one will be.</summary>
    private Instant Tick(Instant now)
    {
        Instant next = Instant.Never;
        foreach (Run run in _running)
        {
            (run.Patience, bool changed) = ScriptTimer.Tick(run.Patience, now);
            if (changed)
            {
                run.Child.SignalGroup(
                    run.Patience.Phase == RunPhase.Killing ? ChildProcess.SIGKILL : ChildProcess.SIGTERM);
            }

            next = Instant.Min(next, run.Patience.Deadline);
        }

        return next;
    }

    private void Wait(Instant until)
    {
        _slots[0] = new PollSlot { Descriptor = _wake.Number, Wanted = PollSlot.In };
        for (int i = 0; i < _running.Count; i++)
        {
            _slots[i + 1] = new PollSlot { Descriptor = _running[i].Child.End.Number, Wanted = PollSlot.In };
        }

        long microseconds = until == Instant.Never ? -1 : until.MicrosecondsFrom(Now());
        Syscalls.Poll(_slots.AsSpan(0, _running.Count + 1), microseconds);
        if (_slots[0].Found != 0)
        {
            Syscalls.ClearWake(_wake);
        }

        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (_slots[i + 1].Found != 0 && _running[i].Child.TryPeekExit(out ExitStatus status))
            {
                Finish(_running[i], status);
                _running.RemoveAt(i);
            }
        }
    }

    /// <summary>The leader has ended. Unreaped, it still holds the number of the group that may live on.</summary>
    private static void Finish(Run run, ExitStatus status)
    {
        if (run.Patience.IsTimedOut || run.Request.KillLeftovers)
        {
            run.Child.SignalGroup(ChildProcess.SIGKILL);
        }

        run.Child.Dispose();
        run.Request.Done?.Invoke(ScriptResult.Of(status, run.Patience.IsTimedOut));
    }

    private static void Abandon(Run run)
    {
        if (run.Patience.IsTimedOut || run.Request.KillLeftovers)
        {
            run.Child.SignalGroup(ChildProcess.SIGKILL);
            Span<PollSlot> end = [new PollSlot { Descriptor = run.Child.End.Number, Wanted = PollSlot.In }];
            Syscalls.Poll(end, ReapMicroseconds);
        }

        run.Child.Dispose();
    }

    private sealed class Run(ScriptRequest request, ChildProcess child, RunPatience patience)
    {
        internal ScriptRequest Request { get; } = request;

        internal ChildProcess Child { get; } = child;

        internal RunPatience Patience { get; set; } = patience;
    }
}
