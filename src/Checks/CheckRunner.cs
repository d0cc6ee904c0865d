using System;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>Runs one check of one real server until it is disposed. Runners share nothing but the channel.</summary>
/// <remarks>
/// Each runner is a task of its own on the thread pool, so a probe that hangs delays nobody else; it counts as failed
/// after <see cref="CheckSettings.ProbeTimeLimit"/>. A probe that throws counts as failed too: nothing stays in service
/// because its check broke. The writer waits while the channel is full, so no verdict is lost.
/// </remarks>
/// <param name="check">A number that tells this check's verdicts from others'.</param>
/// <param name="probes">How to ask: one in turn each time, and all must pass.</param>
/// <param name="settings">How often to ask, and what the answers mean.</param>
/// <param name="verdicts">Where the news goes; closing it ends the check.</param>
/// <param name="clock">Measures the time between checks.</param>
/// <param name="random">Chooses the moment of the first check; used once, on the thread that calls Start.</param>
/// <param name="known">What an earlier runner of the same check found out; null if there was none.</param>
public sealed class CheckRunner(
    int check,
    ImmutableArray<IProbe> probes,
    CheckSettings settings,
    ChannelWriter<Verdict> verdicts,
    TimeProvider clock,
    Random random,
    CheckState? known = null) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _stateGate = new();
    private CheckState _state = known ?? CheckMachine.Start(settings);
    private Task _loop = Task.CompletedTask;
    private bool _started, _disposed;

    /// <summary>
    /// What the check knows now. It is final once <see cref="Completion"/> has come, to be handed to a successor.
    /// </summary>
    public CheckState State
    {
        get
        {
            lock (_stateGate)
            {
                return _state;
            }
        }

        private set
        {
            lock (_stateGate)
            {
                _state = value;
            }
        }
    }

    /// <summary>What it found lately.</summary>
    public CheckHistory History { get; } = new();

    /// <summary>Ends when the check has stopped. Faulted only if the check itself is wrong.</summary>
    public Task Completion => _loop;

    /// <summary>Starts checking. Once.</summary>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_started)
        {
            throw new InvalidOperationException($"check {check} was started already");
        }

        _started = true;
        TimeSpan first = CheckMachine.FirstDelay(settings, random);
        _loop = Task.Run(() => RunUntilStoppedAsync(first, _stop.Token));
    }

    /// <summary>Stops checking; after that, no more verdict is written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunUntilStoppedAsync(TimeSpan first, CancellationToken stop)
    {
        try
        {
            await RunAsync(first, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // asked for
        }
        catch (ChannelClosedException)
        {
            // nobody listens any more
        }
    }

    private async Task RunAsync(TimeSpan delay, CancellationToken stop)
    {
        while (true)
        {
            CheckState before = State;
            IProbe probe = probes[before.Turn % probes.Length];
            await WaitAsync(delay, probe, stop).ConfigureAwait(false);
            DateTimeOffset began = clock.GetUtcNow();
            long start = clock.GetTimestamp();
            ProbeResult result = await ProbeAsync(probe, stop).ConfigureAwait(false);
            TimeSpan took = clock.GetElapsedTime(start);

            CheckStep step = CheckMachine.Step(before, result.Succeeded, settings, probes.Length, result.Weight);
            State = step.Next;
            History.Add(new CheckRecord(began, took, result.Failure, result.Reason, step.Next.IsUp));
            delay = settings.CountsFromBeginning ? Rest(step.UntilNext, took) : step.UntilNext;
            if (step.VerdictChanged || IsTold(step.News))
            {
                var verdict = new Verdict(
                    check, step.Next.IsUp, step.VerdictChanged, step.News, step.Retries, result)
                {
                    Weight = step.Next.Weight,
                };
                await verdicts.WriteAsync(verdict, stop).ConfigureAwait(false);
            }
        }
    }

    private static TimeSpan Rest(TimeSpan wait, TimeSpan gone) => wait > gone ? wait - gone : TimeSpan.Zero;

    private bool IsTold(CheckNews news) =>
        news != CheckNews.None && (news != CheckNews.FailedTry || settings.LogAllFailures);

    /// <summary>Waits for the time of the next check, or until the probe has heard something by itself.</summary>
    private async Task WaitAsync(TimeSpan delay, IProbe probe, CancellationToken stop)
    {
        if (probe is not IWakingProbe waking)
        {
            await Task.Delay(delay, clock, stop).ConfigureAwait(false);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task time = Task.Delay(delay, clock, either.Token), change = waking.WaitForNewsAsync(either.Token);
        await Task.WhenAny(time, change).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        stop.ThrowIfCancellationRequested();
    }

    private async Task<ProbeResult> ProbeAsync(IProbe probe, CancellationToken stop)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            // a work item of its own: a probe that blocks before its first await must not escape the limit
            CancellationToken given = giveUp.Token;
            Task<ProbeResult> answer = Task.Run(() => probe.RunAsync(given).AsTask(), stop);
            return await answer.WaitAsync(settings.ProbeTimeLimit, clock, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            return new ProbeResult(
                ProbeFailure.Timeout, $"given up after {settings.ProbeTimeLimit.TotalSeconds:0.###} s");
        }
        catch (Exception wrong) when (!stop.IsCancellationRequested)
        {
            return new ProbeResult(ProbeFailure.Other, wrong.Message);
        }
    }
}
