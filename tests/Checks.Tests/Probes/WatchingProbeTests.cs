using System;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>MISC_CHECK, FILE_CHECK and BFD_CHECK: probes whose answers others find out.</summary>
public sealed class WatchingProbeTests
{
    private static readonly ScriptCall Call = new(
        ValueList.Of("/etc/check.sh", "a b"), TimeSpan.FromSeconds(3), User: null, Group: null);

    [Theory]
    [InlineData(0, false, true, null)]
    [InlineData(1, false, false, null)]
    [InlineData(2, false, false, null)]
    [InlineData(255, false, false, null)]
    [InlineData(0, true, true, null)]
    [InlineData(1, true, false, null)]
    [InlineData(2, true, true, 0)]
    [InlineData(50, true, true, 48)]
    [InlineData(255, true, true, 253)]
    public async Task An_exit_status_is_a_result_and_maybe_a_weight(
        int status, bool isDynamic, bool isFine, int? weight)
    {
        ProbeResult result = await AskAsync(new ScriptEnd(status, null, TimedOut: false), isDynamic);

        Assert.Equal(isFine, result.Succeeded);
        Assert.Equal(weight is { } set ? WeightAdvice.Set(set) : WeightAdvice.None, result.Weight);
        Assert.Equal("/etc/check.sh", result.Subject);
    }

    [Theory]
    [InlineData(3, null, false, "failed (exited with status 3)")]
    [InlineData(null, 11, false, "failed (due to signal 11)")]
    [InlineData(null, 15, true, "timed out")]
    [InlineData(0, null, true, "timed out")] // it ended well when told to, but too late
    [InlineData(null, null, false, "failed")]
    public async Task An_end_that_is_none_is_said_in_keepaliveds_words(
        int? status, int? signal, bool timedOut, string phrase)
    {
        ProbeResult result = await AskAsync(new ScriptEnd(status, signal, timedOut), isDynamic: false);

        Assert.Equal((false, phrase), (result.Succeeded, result.Phrase));
    }

    [Theory]
    [InlineData(0, 0, false, true, 0)]
    [InlineData(1, 0, false, false, 0)]
    [InlineData(-1, 0, false, false, 0)]
    [InlineData(0, 0, true, false, 0)] // reversed
    [InlineData(7, 0, true, true, 0)]
    [InlineData(7, 2, false, true, 14)]
    [InlineData(7, 2, true, true, -14)]
    [InlineData(int.MaxValue, 2, false, true, int.MaxValue)]
    [InlineData(int.MinValue, 1, false, false, 0)] // keepalived's way of saying fault
    [InlineData(int.MaxValue, -2, false, false, 0)]
    public async Task A_number_in_a_file_is_a_result_or_a_weight(
        int value, int weight, bool isReversed, bool isFine, int change)
    {
        ProbeResult result = await ProbeTest.AskAsync(
            new FileProbe(new FileProbeSettings("f", weight, isReversed), new WatchedValue<int>(value)));

        Assert.Equal(isFine, result.Succeeded);
        Assert.Equal(isFine && weight != 0 ? WeightAdvice.Add(change) : WeightAdvice.None, result.Weight);
    }

    [Fact]
    public async Task A_session_is_up_or_down()
    {
        var session = new WatchedValue<bool>(true);
        var probe = new BfdProbe(new BfdProbeSettings("peer"), session);

        ProbeResult up = await ProbeTest.AskAsync(probe);
        session.Set(false);
        ProbeResult down = await ProbeTest.AskAsync(probe);

        Assert.Equal((true, false, "peer"), (up.Succeeded, down.Succeeded, down.Subject));
    }

    [Fact]
    public async Task A_change_is_heard_at_once_and_not_at_the_next_check()
    {
        var clock = new TestClock();
        var session = new WatchedValue<bool>(true);
        Channel<Verdict> verdicts = Channel.CreateBounded<Verdict>(16);
        var settings = new CheckSettings { StartupDelay = TimeSpan.FromSeconds(10), Warmup = TimeSpan.Zero, Retry = 0 };
        await using var runner = new CheckRunner(
            1, [new BfdProbe(new BfdProbeSettings("peer"), session)], settings, verdicts.Writer, clock, new Random(1));
        runner.Start();

        Assert.True((await TestClock.WithinPatienceAsync(verdicts.Reader)).IsUp); // before the start-up delay is over
        session.Set(false);
        Assert.False((await TestClock.WithinPatienceAsync(verdicts.Reader)).IsUp);
        session.Set(true);
        Assert.True((await TestClock.WithinPatienceAsync(verdicts.Reader)).IsUp);
        Assert.Equal(0, clock.Seconds);
    }

    [Fact]
    public async Task A_watched_value_wakes_whoever_has_seen_another()
    {
        var value = new WatchedValue<int>(1);

        Task seen = value.WaitForOtherThanAsync(1, ProbeTest.Cancellation);
        Assert.True(value.WaitForOtherThanAsync(2, ProbeTest.Cancellation).IsCompletedSuccessfully);
        value.Set(1);
        Assert.False(seen.IsCompleted);
        value.Set(3);
        await seen;
    }

    [Fact]
    public async Task What_does_not_exist_is_down_and_says_so()
    {
        var around = new ProbeSurroundings(TimeProvider.System, new Scripts(default), _ => null, _ => null);

        ProbeResult file = await ProbeTest.AskAsync(
            ProbeFactory.Make(new FileProbeSettings("gone", 0, false), around)[0]);
        ProbeResult session = await ProbeTest.AskAsync(ProbeFactory.Make(new BfdProbeSettings("gone"), around)[0]);

        Assert.Equal(
            ("there is no track_file gone", "there is no bfd_instance gone"), (file.Reason, session.Reason));
    }

    private static Task<ProbeResult> AskAsync(ScriptEnd end, bool isDynamic) =>
        ProbeTest.AskAsync(new ScriptProbe(new ScriptProbeSettings(Call, isDynamic), new Scripts(end)));

    private sealed class Scripts(ScriptEnd end) : IScriptRunner
    {
        public ValueTask<ScriptEnd> RunAsync(ScriptCall script, CancellationToken cancellation) =>
            ValueTask.FromResult(end);
    }
}
