using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>keepalived's rule, one test per sentence.</summary>
public sealed class CheckMachineTests
{
    private static readonly CheckSettings Settings = new()
    {
        DelayLoop = TimeSpan.FromSeconds(2),
        DelayBeforeRetry = TimeSpan.FromSeconds(1),
        Retry = 2,
    };

    [Fact]
    public void A_server_is_assumed_to_be_up_unless_alpha_is_set()
    {
        Assert.True(CheckMachine.Start(Settings).IsUp);
        Assert.False(CheckMachine.Start(Settings with { Alpha = true }).IsUp);
    }

    [Theory]
    [InlineData("+", "U")]
    [InlineData("-", "D")] // the very first failure removes at once, retries or not
    [InlineData("--", "DD")]
    [InlineData("+-", "UU")]
    [InlineData("+--", "UUU")]
    [InlineData("+---", "UUUD")] // retry 2: one failure and two more
    [InlineData("+--+--+--+", "UUUUUUUUUU")] // a success forgets the failures before it
    [InlineData("+---+", "UUUDU")] // one success brings it back
    [InlineData("+---+--+", "UUUDUUUU")]
    [InlineData("+---+---", "UUUDUUUD")] // and then it takes three failures again
    [InlineData("-+-+", "DUUU")] // after a first failure, too
    public void Verdicts_follow_results(string results, string verdicts) =>
        Assert.Equal(verdicts, string.Concat(Run(results, Settings).Select(step => step.Next.IsUp ? 'U' : 'D')));

    [Theory]
    [InlineData("+", "U")]
    [InlineData("-", "D")]
    [InlineData("--+", "DDU")]
    public void With_alpha_the_first_success_brings_it_in(string results, string verdicts) =>
        Assert.Equal(
            verdicts,
            string.Concat(Run(results, Settings with { Alpha = true }).Select(step => step.Next.IsUp ? 'U' : 'D')));

    [Theory]
    [InlineData("+---", "2112")] // retries come sooner
    [InlineData("----+", "22222")] // while down, only the loop
    [InlineData("+-+", "212")]
    public void The_wait_depends_on_what_the_next_check_is_for(string results, string seconds) =>
        Assert.Equal(seconds, string.Concat(Run(results, Settings).Select(step => (int)step.UntilNext.TotalSeconds)));

    [Theory]
    [InlineData("+", false)]
    [InlineData("-", true)]
    [InlineData("+-", false)]
    [InlineData("+---", true)]
    [InlineData("+----", false)]
    [InlineData("+---+", true)]
    public void Only_a_change_of_verdict_is_a_change(string results, bool changed) =>
        Assert.Equal(changed, Run(results, Settings).Last().VerdictChanged);

    [Theory]
    [InlineData("+", CheckNews.Succeeded, 0)] // assumed, now known: keepalived says so
    [InlineData("++", CheckNews.None, 0)]
    [InlineData("-", CheckNews.Failed, 0)]
    [InlineData("--", CheckNews.None, 0)]
    [InlineData("+-", CheckNews.FailedTry, 0)]
    [InlineData("+---", CheckNews.Failed, 2)]
    [InlineData("+---+", CheckNews.Succeeded, 0)]
    public void News_is_told_once(string results, CheckNews news, int retries)
    {
        CheckStep last = Run(results, Settings).Last();

        Assert.Equal((news, retries), (last.News, last.Retries));
    }

    [Fact]
    public void With_alpha_a_first_failure_is_told_although_nothing_changes()
    {
        CheckStep only = Run("-", Settings with { Alpha = true }).Single();

        Assert.Equal((CheckNews.Failed, false), (only.News, only.VerdictChanged));
    }

    [Fact]
    public void Without_retries_the_first_failure_is_the_last() =>
        Assert.True(Run("+-", Settings with { Retry = 0 }).Last() is { VerdictChanged: true, Retries: 0 });

    [Fact]
    public void The_first_check_comes_within_the_warm_up_after_the_start_up_delay()
    {
        var random = new Random(7);
        double[] delays = [.. Enumerable.Range(0, 1_000)
            .Select(_ => CheckMachine.FirstDelay(Settings, random).TotalSeconds)];

        Assert.All(delays, delay => Assert.InRange(delay, 1.0, 3.0)); // warm-up is delay_loop unless set
        Assert.InRange(delays.Min(), 1.0, 1.1);
        Assert.InRange(delays.Max(), 2.9, 3.0);
    }

    [Fact]
    public void Without_a_warm_up_it_comes_right_after_the_start_up_delay() =>
        Assert.Equal(
            TimeSpan.FromSeconds(1),
            CheckMachine.FirstDelay(Settings with { Warmup = TimeSpan.Zero }, new Random(1)));

    [Fact]
    public void Equal_seeds_give_equal_moments() =>
        Assert.Equal(
            CheckMachine.FirstDelay(Settings, new Random(3)), CheckMachine.FirstDelay(Settings, new Random(3)));

    [Fact]
    public void Advice_about_the_weight_is_a_change_each_time_it_is_new()
    {
        CheckState state = CheckMachine.Start(Settings);
        var changes = new List<bool>();
        foreach (WeightAdvice weight in new[] { WeightAdvice.None, WeightAdvice.Set(48), WeightAdvice.Set(48) })
        {
            CheckStep step = CheckMachine.Step(state, succeeded: true, Settings, weight: weight);
            changes.Add(step.VerdictChanged);
            state = step.Next;
        }

        Assert.Equal([false, true, false], changes);
        Assert.Equal(WeightAdvice.Set(48), state.Weight);
    }

    [Fact]
    public void A_failed_try_keeps_the_weight_and_a_failure_forgets_it()
    {
        CheckState state = CheckMachine.Step(
            CheckMachine.Start(Settings), succeeded: true, Settings, weight: WeightAdvice.Set(0)).Next;

        CheckState tried = CheckMachine.Step(state, succeeded: false, Settings).Next;
        CheckState failed = CheckMachine.Step(tried with { FailedTries = 2 }, succeeded: false, Settings).Next;

        Assert.Equal(WeightAdvice.Set(0), tried.Weight);
        Assert.Equal(WeightAdvice.None, failed.Weight);
    }

    private static List<CheckStep> Run(string results, CheckSettings settings)
    {
        var steps = new List<CheckStep>();
        CheckState state = CheckMachine.Start(settings);
        foreach (char result in results)
        {
            steps.Add(CheckMachine.Step(state, result == '+', settings));
            state = steps[^1].Next;
        }

        return steps;
    }
}
