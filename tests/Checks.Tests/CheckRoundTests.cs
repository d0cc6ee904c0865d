using System;
using System.Linq;
using System.Text;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>Checks with several pages: keepalived's rule for HTTP_GET and SSL_GET.</summary>
public sealed class CheckRoundTests
{
    private static readonly CheckSettings Settings = new()
    {
        DelayLoop = TimeSpan.FromSeconds(2),
        DelayBeforeRetry = TimeSpan.FromSeconds(3),
        Retry = 1,
        CleanRound = true,
    };

    [Theory]
    [InlineData("++++", "0101")] // one page at each check
    [InlineData("+-+", "011")] // a page that failed is asked again
    [InlineData("++--+++", "0100001")] // down: the page that failed first, then all of them
    [InlineData("++--+-++", "01000000")] // a failure in that round begins it anew
    public void Pages_take_turns(string results, string turns) => Assert.Equal(turns, Turns(results, Settings));

    [Theory]
    [InlineData("++--+++", "UUUDDDU")] // healed, then a clean round of both
    [InlineData("++--++-+++", "UUUDDDDDDU")] // the second page fails in it: once more from there
    [InlineData("+-", "UD")] // the first round forgives nothing
    [InlineData("+++-+", "UUUUU")]
    public void Recovery_takes_a_clean_round(string results, string verdicts) =>
        Assert.Equal(verdicts, Verdicts(results, Settings, turns: 2));

    [Fact]
    public void A_single_page_must_pass_twice() => Assert.Equal("UUDDU", Verdicts("+--++", Settings, turns: 1));

    [Fact]
    public void The_recorded_recovery_takes_as_long()
    {
        // Two pages, 2 s apart; the second was found healed at 19.1, and keepalived put the server back at 23.1.
        var state = new CheckState(IsUp: false, HasRun: true, 0) { Turn = 1, HasFailedTurn = true };
        double now = 19.1;
        while (true)
        {
            CheckStep step = CheckMachine.Step(state, succeeded: true, Settings, turns: 2);
            if (step.Next.IsUp)
            {
                break;
            }

            (state, now) = (step.Next, now + step.UntilNext.TotalSeconds);
        }

        Assert.Equal(23.1, now, 3);
    }

    [Theory]
    [InlineData(false, "2222")]
    [InlineData(true, "0202")] // the first round, and the round that ends an outage
    public void Fast_recovery_waits_only_between_rounds(bool isFast, string seconds)
    {
        CheckSettings settings = Settings with { FastRecovery = isFast };
        var waits = new StringBuilder();
        CheckState state = CheckMachine.Start(settings);
        for (int i = 0; i < 4; i++)
        {
            if (i == 2)
            {
                state = new CheckState(IsUp: false, HasRun: true, 0);
            }

            CheckStep step = CheckMachine.Step(state, succeeded: true, settings, turns: 2);
            waits.Append((int)step.UntilNext.TotalSeconds);
            state = step.Next;
        }

        Assert.Equal(seconds, waits.ToString());
    }

    [Fact]
    public void A_page_of_a_server_that_is_down_is_told()
    {
        var down = new CheckState(IsUp: false, HasRun: true, 0) { HasFailedTurn = true };

        CheckStep step = CheckMachine.Step(down, succeeded: true, Settings, turns: 2);

        Assert.Equal((CheckNews.PassedTurn, false), (step.News, step.VerdictChanged));
    }

    private static string Turns(string results, CheckSettings settings)
    {
        var turns = new StringBuilder();
        CheckState state = CheckMachine.Start(settings);
        foreach (char result in results)
        {
            turns.Append(state.Turn);
            state = CheckMachine.Step(state, result == '+', settings, turns: 2).Next;
        }

        return turns.ToString();
    }

    private static string Verdicts(string results, CheckSettings settings, int turns)
    {
        CheckState state = CheckMachine.Start(settings);
        return string.Concat(results.Select(result =>
        {
            state = CheckMachine.Step(state, result == '+', settings, turns).Next;
            return state.IsUp ? 'U' : 'D';
        }));
    }
}
