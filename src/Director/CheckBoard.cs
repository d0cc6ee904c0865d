using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Checks;
using XdpLvs.Config;
using XdpLvs.Director.Logging;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director;

/// <summary>All checks: runs each on its own, says what they find, and tells the director loop what changed.</summary>
internal sealed class CheckBoard : IAsyncDisposable
{
    private const int VerdictsMax = 256;

    private readonly Channel<Verdict> _verdicts = Channel.CreateBounded<Verdict>(VerdictsMax);
    private readonly ImmutableArray<CheckPlan> _plans;
    private readonly List<CheckRunner> _runners;
    private readonly ChannelWriter<DirectorEvent> _director;
    private readonly EventLog _log;
    private Task _pump = Task.CompletedTask;

    internal CheckBoard(
        ImmutableArray<CheckPlan> plans,
        ChannelWriter<DirectorEvent> director,
        EventLog log,
        TimeProvider time,
        Random random)
    {
        _plans = plans;
        _director = director;
        _log = log;
        _runners = [.. plans.Select((plan, number) => Runner(plan.Settings, number, time, random))];
    }

    /// <summary>Starts every check, spread over its warm-up.</summary>
    internal void Start()
    {
        _pump = Task.Run(PumpAsync);
        _runners.ForEach(runner => runner.Start());
    }

    /// <summary>Stops every check.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runners.Select(runner => runner.DisposeAsync().AsTask())).ConfigureAwait(false);
        _verdicts.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private CheckRunner Runner(TcpCheck check, int number, TimeProvider time, Random random)
    {
        IPEndPoint? bindTo = check.BindTo is { } source ? new IPEndPoint(source, 0) : null;
        var probe = new TcpProbe(new IPEndPoint(check.Ip, check.Port), check.ConnectTimeout, time, bindTo);
        var settings = new CheckSettings
        {
            DelayLoop = check.DelayLoop,
            Retry = check.Retry,
            DelayBeforeRetry = check.DelayBeforeRetry,
            Warmup = check.Warmup,
            Alpha = check.Alpha,
            ProbeTimeLimit = check.ConnectTimeout + TimeSpan.FromSeconds(1),
        };
        return new CheckRunner(number, probe, settings, _verdicts.Writer, time, random);
    }

    private async Task PumpAsync()
    {
        await foreach (Verdict verdict in _verdicts.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            CheckPlan plan = _plans[verdict.Check];
            var given = new VerdictGiven(plan.Name, verdict.IsUp, Clock.NowMicroseconds);
            _log.Event(CheckLog.TcpLine(verdict, plan.Service));
            if (verdict.IsChange && !_director.TryWrite(given))
            {
                await TellAsync(given).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for room; a loop that has ended needs no verdicts.</summary>
    private async Task TellAsync(VerdictGiven verdict)
    {
        while (await _director.WaitToWriteAsync().ConfigureAwait(false))
        {
            if (_director.TryWrite(verdict))
            {
                return;
            }
        }
    }
}
