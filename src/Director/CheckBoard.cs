using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Checks;
using XdpLvs.Director.Checking;
using XdpLvs.Director.Control;
using XdpLvs.Director.Logging;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director;

/// <summary>
/// All checks: runs each on its own, says what they find, and tells the director loop what changed. Checks that ask the
/// same in the same way, for several virtual servers, are one check with several listeners.
/// </summary>
internal sealed class CheckBoard : IAsyncDisposable
{
    private const int VerdictsMax = 256;

    private readonly Channel<Verdict> _verdicts = Channel.CreateBounded<Verdict>(VerdictsMax);
    private readonly ImmutableArray<ImmutableArray<CheckPlan>> _plans;
    private readonly ImmutableArray<CheckRunner> _runners;
    private readonly ChannelWriter<DirectorEvent> _director;
    private readonly EventLog _log;
    private Task _pump = Task.CompletedTask;

    /// <param name="plans">The checks.</param>
    /// <param name="director">Hears what changed.</param>
    /// <param name="log">Hears the rest too.</param>
    /// <param name="around">The clock, and whom scripts, files and BFD sessions are asked of.</param>
    /// <param name="random">Spreads the first checks.</param>
    internal CheckBoard(
        ImmutableArray<CheckPlan> plans,
        ChannelWriter<DirectorEvent> director,
        EventLog log,
        ProbeSurroundings around,
        Random random)
    {
        _plans = [.. plans.GroupBy(plan => (plan.Probe, plan.Settings)).Select(group => group.ToImmutableArray())];
        _director = director;
        _log = log;
        _runners =
        [
            .. _plans.Select((same, number) => new CheckRunner(
                number,
                ProbeFactory.Make(same[0].Probe, around),
                same[0].Settings,
                _verdicts.Writer,
                around.Clock,
                random)),
        ];
    }

    /// <summary>How many checks run: those that ask the same count once.</summary>
    internal int Count => _runners.Length;

    /// <summary>Starts every check, spread over its warm-up.</summary>
    internal void Start()
    {
        _pump = Task.Run(PumpAsync);
        foreach (CheckRunner runner in _runners)
        {
            runner.Start();
        }
    }

    /// <summary>Answers "show checks"; may be called by any thread.</summary>
    internal ControlAnswer Answer(ReadOnlySpan<string> words) => CheckQuestions.Answer(View(), words);

    /// <summary>Stops every check.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_runners.Select(runner => runner.DisposeAsync().AsTask())).ConfigureAwait(false);
        _verdicts.Writer.TryComplete();
        await _pump.ConfigureAwait(false);
    }

    private IEnumerable<CheckView> View()
    {
        for (int number = 0; number < _plans.Length; number++)
        {
            CheckRunner runner = _runners[number];
            ImmutableArray<CheckRecord> records = runner.History.Snapshot();
            CheckState state = runner.State;
            foreach (CheckPlan plan in _plans[number])
            {
                yield return CheckView.Of(plan, state, records, sharedBy: _plans[number].Length);
            }
        }
    }

    private async Task PumpAsync()
    {
        await foreach (Verdict verdict in _verdicts.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            foreach (CheckPlan plan in _plans[verdict.Check])
            {
                await TakeAsync(plan, verdict).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeAsync(CheckPlan plan, Verdict verdict)
    {
        if (verdict.News != CheckNews.None)
        {
            _log.Event(CheckLog.Line(plan.Probe.Kind, verdict, plan.Subject));
        }

        bool isFirst = verdict.News is CheckNews.Succeeded or CheckNews.Failed; // the table may have assumed otherwise
        var given = new VerdictGiven(
            plan.Name,
            new CheckReport(verdict.IsUp, verdict.Weight),
            isFirst ? CheckLog.Mail(plan.Probe.Kind, verdict) : null,
            Clock.NowMicroseconds);
        if ((verdict.IsChange || isFirst) && !_director.TryWrite(given))
        {
            await TellAsync(given).ConfigureAwait(false);
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
