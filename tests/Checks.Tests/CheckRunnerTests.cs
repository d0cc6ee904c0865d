using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>The machine with a clock and a probe: traces of keepalived 2.2.7 reproduced, without waiting.</summary>
public sealed class CheckRunnerTests
{
    private const string Service = "[192.168.5.103]:tcp:80";
    private static readonly CheckSubject Subject = new(Service, "[192.168.5.100]:tcp:80", "192.168.5.103");

    /// <summary>
    /// delay_loop 2, retry 2, delay_before_retry 1; the first check at 1.1 s, as in the recorded runs.
    /// </summary>
    private static readonly CheckSettings Settings = new()
    {
        DelayLoop = TimeSpan.FromSeconds(2),
        DelayBeforeRetry = TimeSpan.FromSeconds(1),
        Retry = 2,
        StartupDelay = TimeSpan.FromSeconds(1.1),
        Warmup = TimeSpan.Zero,
    };

    private readonly TestClock _clock = new();
    private readonly Channel<Verdict> _verdicts = Channel.CreateBounded<Verdict>(16);

    [Fact]
    public async Task A_server_that_dies_goes_down_after_its_retries()
    {
        var probe = new TestProbe(_clock, alive: now => now < 4.0);

        await RunAsync(probe, Settings, checks: 6);

        Assert.Equal("1.1+ 3.1+ 5.1- 6.1- 7.1- 9.1-", probe.Trace);
        Verdict first = Next(), second = Next();
        Assert.Equal((true, false), (first.IsUp, first.IsChange));
        Assert.Equal($"TCP connection to {Service} success.", CheckLog.Line(CheckKind.Tcp, first, Subject));
        Assert.Equal((false, true, 2), (second.IsUp, second.IsChange, second.Retries));
        Assert.Equal(
            $"TCP_CHECK on service {Service} failed after 2 retries.", CheckLog.Line(CheckKind.Tcp, second, Subject));
        AssertNoMore();
    }

    [Fact]
    public async Task A_server_that_is_dead_from_the_start_goes_down_at_the_first_check()
    {
        var probe = new TestProbe(_clock, alive: _ => false);

        await RunAsync(probe, Settings, checks: 3);

        Assert.Equal("1.1- 3.1- 5.1-", probe.Trace);
        Verdict only = Next();
        Assert.Equal((false, true, 0), (only.IsUp, only.IsChange, only.Retries));
        Assert.Equal($"TCP_CHECK on service {Service} failed.", CheckLog.Line(CheckKind.Tcp, only, Subject));
        AssertNoMore();
    }

    [Fact]
    public async Task A_server_that_recovers_comes_back_at_the_first_success()
    {
        var probe = new TestProbe(_clock, alive: now => now is < 4.0 or > 8.0);

        await RunAsync(probe, Settings, checks: 7);

        Assert.Equal("1.1+ 3.1+ 5.1- 6.1- 7.1- 9.1+ 11.1+", probe.Trace);
        Assert.Equal([(true, false), (false, true), (true, true)], [Told(), Told(), Told()]);
        AssertNoMore();
    }

    [Fact]
    public async Task With_alpha_a_server_comes_in_at_its_first_success()
    {
        var probe = new TestProbe(_clock, alive: now => now > 4.0);

        await RunAsync(probe, Settings with { Alpha = true }, checks: 4);

        Assert.Equal("1.1- 3.1- 5.1+ 7.1+", probe.Trace);
        Assert.Equal([(false, false), (true, true)], [Told(), Told()]);
        AssertNoMore();
    }

    [Fact]
    public async Task Every_failed_try_is_told_if_asked_for()
    {
        var probe = new TestProbe(_clock, alive: now => now < 4.0);

        await RunAsync(probe, Settings with { LogAllFailures = true }, checks: 5);

        string[] lines = [.. Enumerable.Range(0, 4).Select(_ => CheckLog.Line(CheckKind.Tcp, Next(), Subject))];
        Assert.Equal(
            [
                $"TCP connection to {Service} success.",
                $"TCP connection to {Service} failed.",
                $"TCP connection to {Service} failed.",
                $"TCP_CHECK on service {Service} failed after 2 retries.",
            ],
            lines);
    }

    [Fact]
    public async Task What_an_earlier_runner_knew_goes_on()
    {
        var probe = new TestProbe(_clock, alive: _ => false);
        var known = new CheckState(IsUp: true, HasRun: true, FailedTries: 1);

        CheckState state = await RunAsync(probe, Settings, checks: 2, known);

        Assert.Equal("1.1- 2.1-", probe.Trace);
        Assert.Equal((false, true, 2), (Next() is var v ? v.IsUp : default, v.IsChange, v.Retries));
        Assert.Equal(new CheckState(IsUp: false, HasRun: true, 0), state);
    }

    [Fact]
    public async Task A_probe_that_hangs_counts_as_failed_and_delays_nobody()
    {
        var hung = new HungProbe();
        var healthy = new TestProbe(_clock, alive: _ => true);
        CheckSettings impatient = Settings with { ProbeTimeLimit = TimeSpan.FromSeconds(30) };
        await using CheckRunner first = Runner(hung, impatient);
        await using CheckRunner second = Runner(healthy, Settings with { StartupDelay = TimeSpan.FromSeconds(2) });
        first.Start();
        await _clock.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(1.1));
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await _clock.NextWaitAsync(wait => wait == impatient.ProbeTimeLimit);

        second.Start();
        await _clock.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(2));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Verdict other = await NextAsync();
        _clock.Advance(TimeSpan.FromSeconds(28));
        Verdict given = await NextAsync();

        Assert.True(other.IsUp);
        Assert.Equal((false, ProbeFailure.Timeout), (given.IsUp, given.Result.Failure));
        Assert.Equal("given up after 30 s", given.Result.Reason);
        Assert.True(hung.WasCancelled);
    }

    [Fact]
    public async Task Results_are_remembered_with_their_times()
    {
        var probe = new TestProbe(_clock, alive: now => now < 4.0);
        await using CheckRunner runner = Runner(probe, Settings);
        runner.Start();
        for (int i = 0; i < 4; i++)
        {
            _clock.Advance(await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit));
        }

        await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit); // the fourth is done

        CheckRecord[] records = [.. runner.History.Snapshot()];
        Assert.Equal(
            [1.1, 3.1, 5.1, 6.1], records.Select(record => Math.Round((record.Began - _clock.Began).TotalSeconds, 3)));
        Assert.Equal([true, true, true, true], records.Select(record => record.IsUp)); // retries are not over
        Assert.Equal(["", "", "Connection refused", "Connection refused"], records.Select(record => record.Reason));
    }

    [Fact]
    public async Task Probes_take_turns()
    {
        var first = new TestProbe(_clock, alive: _ => true);
        var second = new TestProbe(_clock, alive: now => now < 4.0);
        await using var runner = new CheckRunner(
            7, [first, second], Settings, _verdicts.Writer, _clock, new Random(1));
        runner.Start();
        for (int i = 0; i < 5; i++)
        {
            _clock.Advance(await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit));
        }

        await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit);

        Assert.Equal(("1.1+ 5.1+", "3.1+ 7.1- 8.1-"), (first.Trace, second.Trace));
    }

    [Fact]
    public async Task A_check_that_counts_from_its_beginning_loses_no_time()
    {
        var probe = new SlowProbe(_clock, TimeSpan.FromSeconds(0.5));
        await using CheckRunner runner = Runner(probe, Settings with { CountsFromBeginning = true });
        runner.Start();
        for (int i = 0; i < 4; i++) // wait, answer, wait, answer
        {
            _clock.Advance(await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit));
        }

        Assert.Equal(TimeSpan.FromSeconds(1.5), await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit));
        Assert.Equal("1.1 3.1", probe.Trace);
    }

    [Fact]
    public async Task A_probe_that_throws_counts_as_failed()
    {
        await RunAsync(new BrokenProbe(), Settings, checks: 1);

        Assert.Equal((false, "no such digest"), (Next() is var v ? v.IsUp : default, v.Result.Reason));
    }

    [Fact]
    public async Task A_stopped_runner_says_nothing_more()
    {
        var probe = new TestProbe(_clock, alive: _ => false);
        CheckRunner runner = Runner(probe, Settings);
        runner.Start();
        await _clock.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(1.1));

        await runner.DisposeAsync();
        await runner.DisposeAsync();
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("", probe.Trace);
        Assert.True(runner.Completion.IsCompletedSuccessfully);
        AssertNoMore();
        Assert.Throws<ObjectDisposedException>(runner.Start);
    }

    [Fact]
    public async Task A_runner_stops_in_the_middle_of_a_probe()
    {
        CheckRunner runner = Runner(new HungProbe(), Settings);
        runner.Start();
        await _clock.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(1.1));
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        await _clock.NextWaitAsync(wait => wait == Settings.ProbeTimeLimit);

        await runner.DisposeAsync();

        AssertNoMore();
    }

    [Fact]
    public async Task A_full_channel_makes_the_writer_wait_and_loses_nothing()
    {
        Channel<Verdict> narrow = Channel.CreateBounded<Verdict>(1);
        var probe = new TestProbe(_clock, alive: now => now > 3.0);
        await using var runner = new CheckRunner(7, [probe], Settings, narrow.Writer, _clock, new Random(1));
        runner.Start();
        foreach (double seconds in new[] { 1.1, 2.0 })
        {
            TimeSpan wait = await _clock.NextWaitAsync(w => w < Settings.ProbeTimeLimit);
            Assert.Equal(seconds, wait.TotalSeconds);
            _clock.Advance(wait);
        }

        Assert.False((await TestClock.WithinPatienceAsync(narrow.Reader)).IsUp);
        Assert.True((await TestClock.WithinPatienceAsync(narrow.Reader)).IsUp);
    }

    [Fact]
    public async Task A_closed_channel_ends_the_check()
    {
        await using CheckRunner runner = Runner(new TestProbe(_clock, alive: _ => true), Settings);
        _verdicts.Writer.Complete();
        runner.Start();
        await _clock.NextWaitAsync(wait => wait == TimeSpan.FromSeconds(1.1));
        _clock.Advance(TimeSpan.FromSeconds(1.1));

        await runner.Completion;
    }

    /// <summary>Moves the clock from wait to wait until so many checks are done, then stops.</summary>
    private async Task<CheckState> RunAsync(IProbe probe, CheckSettings settings, int checks, CheckState? known = null)
    {
        await using CheckRunner runner = Runner(probe, settings, known);
        runner.Start();
        for (int i = 0; i <= checks; i++)
        {
            TimeSpan wait = await _clock.NextWaitAsync(w => w < settings.ProbeTimeLimit);
            _clock.Advance(i < checks ? wait : TimeSpan.Zero);
        }

        await runner.DisposeAsync();
        return runner.State;
    }

    private CheckRunner Runner(IProbe probe, CheckSettings settings, CheckState? known = null) =>
        new(7, [probe], settings, _verdicts.Writer, _clock, new Random(1), known);

    private Verdict Next()
    {
        Assert.True(_verdicts.Reader.TryRead(out Verdict verdict));
        Assert.Equal(7, verdict.Check);
        return verdict;
    }

    private (bool IsUp, bool IsChange) Told() => Next() is var verdict ? (verdict.IsUp, verdict.IsChange) : default;

    private Task<Verdict> NextAsync() => TestClock.WithinPatienceAsync(_verdicts.Reader);

    private void AssertNoMore() => Assert.False(_verdicts.Reader.TryRead(out _));

    private sealed class TestProbe(TestClock clock, Func<double, bool> alive) : IProbe
    {
        private readonly ConcurrentQueue<string> _tries = new();

        public string Trace => string.Join(' ', _tries);

        public ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
        {
            bool succeeded = alive(clock.Seconds);
            _tries.Enqueue(clock.Seconds.ToString("0.0", CultureInfo.InvariantCulture) + (succeeded ? '+' : '-'));
            return ValueTask.FromResult(
                succeeded ? ProbeResult.Success : new ProbeResult(ProbeFailure.Refused, "Connection refused"));
        }
    }

    private sealed class SlowProbe(TestClock clock, TimeSpan takes) : IProbe
    {
        private readonly ConcurrentQueue<string> _tries = new();

        public string Trace => string.Join(' ', _tries);

        public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
        {
            _tries.Enqueue(clock.Seconds.ToString("0.0", CultureInfo.InvariantCulture));
            await Task.Delay(takes, clock, cancellation);
            return ProbeResult.Success;
        }
    }

    private sealed class HungProbe : IProbe
    {
        private readonly TaskCompletionSource<ProbeResult> _never = new();

        public bool WasCancelled { get; private set; }

        public ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
        {
            cancellation.Register(() => WasCancelled = true);
            return new ValueTask<ProbeResult>(_never.Task);
        }
    }

    private sealed class BrokenProbe : IProbe
    {
        public ValueTask<ProbeResult> RunAsync(CancellationToken cancellation) =>
            throw new InvalidOperationException("no such digest");
    }
}
