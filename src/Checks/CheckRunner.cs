using System;
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
/// <param name="probe">How to ask.</param>
/// <param name="settings">How often to ask, and what the answers mean.</param>
/// <param name="verdicts">Where the news goes; closing it ends the check.</param>
/// <param name="clock">Measures the time between checks.</param>
/// <param name="random">Chooses the moment of the first check; used once, on the thread that calls Start.</param>
/// <param name="known">What an earlier runner of the same check found out; null if there was none.</param>
public sealed class CheckRunner(
    int check,
    IProbe probe,
    CheckSettings settings,
    ChannelWriter<Verdict> verdicts,
    TimeProvider clock,
    Random random,
    CheckState? known = null) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;
    private bool _started, _disposed;

    /// <summary>
    /// What the check knows. Read it once <see cref="Completion"/> has come, to hand it to a successor.
    /// </summary>
    public CheckState State { get; private set; } = known ?? CheckMachine.Start(settings);

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
            await Task.Delay(delay, clock, stop).ConfigureAwait(false);
            ProbeResult result = await ProbeAsync(stop).ConfigureAwait(false);
            CheckStep step = CheckMachine.Step(State, result.Succeeded, settings);
            State = step.Next;
            delay = step.UntilNext;
            if (step.News != CheckNews.None && (step.News != CheckNews.FailedTry || settings.LogAllFailures))
            {
                var verdict = new Verdict(
                    check, step.Next.IsUp, step.VerdictChanged, step.News, step.Retries, result);
                await verdicts.WriteAsync(verdict, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task<ProbeResult> ProbeAsync(CancellationToken stop)
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
