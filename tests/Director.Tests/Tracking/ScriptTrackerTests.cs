using Xunit;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tracking;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>When a script is run, and what its results mean.</summary>
public sealed class ScriptTrackerTests
{
    private const long Second = 1_000_000;

    private static readonly ScriptTrackerSettings Defaults =
        new("chk", new Script(["/bin/true"], new ScriptUser(0, 0, "root", "/root")));

    private static readonly Instant Start = new(1_000 * Second);

    [Theory]
    [InlineData(1, 1, "+", "U")]
    [InlineData(3, 1, "+", "U")]
    [InlineData(3, 3, "-", "D")]
    [InlineData(1, 1, "+-+-", "UDUD")]
    [InlineData(1, 3, "+---", "U..D")]
    [InlineData(1, 3, "+--+--+---", "U........D")]
    [InlineData(3, 1, "-+++", "D..U")]
    [InlineData(3, 1, "-++-++-+++", "D........U")]
    [InlineData(2, 2, "-+++--", "D.U..D")]
    public void Rise_and_fall_count_results_in_a_row_but_the_first_counts_at_once(
        int rise, int fall, string results, string reports) =>
        Assert.Equal(reports, Play(Defaults with { Rise = rise, Fall = fall }, results));

    [Theory]
    [InlineData(1, "+", "U")]
    [InlineData(3, "+-+++", "....U")]
    public void Init_fail_begins_down_without_waiting(int rise, string results, string reports)
    {
        ScriptTrackerSettings self = Defaults with { Rise = rise, StartsFailed = true };

        Assert.Equal(Reading.Of(isUp: false), ScriptTracker.Begin(Start, self).Reading);
        Assert.Equal(reports, Play(self, results));
    }

    [Fact]
    public void It_runs_at_once_and_then_every_interval_from_start_to_start()
    {
        ScriptTrackerState state = ScriptTracker.Begin(Start, Defaults);
        (state, ScriptTrackerEffects effects) = ScriptTracker.Tick(state, Start, Defaults);
        Assert.Equal((ScriptTrackerEffects.Run, Start.After(Second)), (effects, state.Due));

        (state, _) = ScriptTracker.Hear(state, succeeded: true, Defaults);
        (state, effects) = ScriptTracker.Tick(state, Start.After(Second - 1), Defaults);
        Assert.Equal(ScriptTrackerEffects.None, effects);
        (state, effects) = ScriptTracker.Tick(state, Start.After(Second + 7), Defaults);
        Assert.Equal((ScriptTrackerEffects.Run, Start.After(2 * Second)), (effects, state.Due));
    }

    [Fact]
    public void A_run_that_is_not_over_when_the_next_is_due_is_let_be_and_told_once()
    {
        ScriptTrackerState state = ScriptTracker.Begin(Start, Defaults);
        (state, _) = ScriptTracker.Tick(state, Start, Defaults);

        (state, ScriptTrackerEffects effects) = ScriptTracker.Tick(state, Start.After(Second), Defaults);
        Assert.Equal(ScriptTrackerEffects.ReportSkip, effects);
        (state, effects) = ScriptTracker.Tick(state, Start.After(2 * Second), Defaults);
        Assert.Equal(ScriptTrackerEffects.None, effects);

        (state, _) = ScriptTracker.Hear(state, succeeded: true, Defaults);
        (state, effects) = ScriptTracker.Tick(state, Start.After(3 * Second), Defaults);
        Assert.Equal(ScriptTrackerEffects.Run, effects);
    }

    [Fact]
    public void Runs_that_were_missed_are_not_made_up_for()
    {
        ScriptTrackerState state = ScriptTracker.Begin(Start, Defaults);

        (state, ScriptTrackerEffects effects) = ScriptTracker.Tick(state, Start.After(10 * Second), Defaults);

        Assert.Equal((ScriptTrackerEffects.Run, Start.After(11 * Second)), (effects, state.Due));
    }

    /// <summary>A letter for each result: U or D where it was reported, else a dot.</summary>
    private static string Play(ScriptTrackerSettings self, string results)
    {
        ScriptTrackerState state = ScriptTracker.Begin(Start, self);
        string reports = "";
        foreach (char result in results)
        {
            (state, ScriptTrackerEffects effects) = ScriptTracker.Hear(state, result == '+', self);
            reports += (effects & ScriptTrackerEffects.Report) == 0 ? '.'
                : state.Reading == Reading.Of(isUp: true) ? 'U' : 'D';
        }

        return reports;
    }
}
