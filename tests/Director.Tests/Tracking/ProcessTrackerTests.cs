using System;
using System.Collections.Immutable;
using Xunit;
using XdpLvs.Director.Tracking;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>Which processes count, and what their number means.</summary>
public sealed class ProcessTrackerTests
{
    private const long Second = 1_000_000;

    private static readonly ProcessTrackerSettings Web = new("web", new ProcessMatch("nginx"));
    private static readonly Instant Start = new(1_000 * Second);

    [Theory]
    [InlineData(1, int.MaxValue, 0, false)]
    [InlineData(1, int.MaxValue, 1, true)]
    [InlineData(2, 3, 1, false)]
    [InlineData(2, 3, 3, true)]
    [InlineData(2, 3, 4, false)]
    [InlineData(0, 0, 0, true)]
    [InlineData(0, 0, 1, false)]
    public void The_first_count_is_told_at_once(int quorum, int most, int count, bool isUp)
    {
        ProcessTrackerSettings self = Web with
        {
            Quorum = quorum,
            QuorumMax = most,
            ForkDelayMicroseconds = Second,
            TerminateDelayMicroseconds = Second,
        };

        (ProcessTrackerState state, bool changed) =
            ProcessTracker.Count(ProcessTrackerState.Initial, count, Start, self);

        Assert.Equal((Reading.Of(isUp), true), (state.Reading, changed));
    }

    [Fact]
    public void A_process_that_is_back_within_the_terminate_delay_was_never_gone()
    {
        ProcessTrackerSettings self = Web with { TerminateDelayMicroseconds = Second };
        (ProcessTrackerState state, _) = ProcessTracker.Count(ProcessTrackerState.Initial, 1, Start, self);

        (state, bool changed) = ProcessTracker.Count(state, 0, Start, self);
        Assert.Equal((false, Start.After(Second)), (changed, state.Due));
        (state, changed) = ProcessTracker.Count(state, 1, Start.After(Second / 2), self);

        Assert.Equal((false, Instant.Never), (changed, state.Due));
        Assert.False(ProcessTracker.Tick(state, Start.After(2 * Second), self).HasChanged);
    }

    [Fact]
    public void One_that_stays_away_is_lost_after_the_delay_and_not_before()
    {
        ProcessTrackerSettings self = Web with { TerminateDelayMicroseconds = Second };
        (ProcessTrackerState state, _) = ProcessTracker.Count(ProcessTrackerState.Initial, 1, Start, self);
        (state, _) = ProcessTracker.Count(state, 0, Start, self);
        (state, _) = ProcessTracker.Count(state, 0, Start.After(Second / 2), self);

        Assert.False(ProcessTracker.Tick(state, Start.After(Second - 1), self).HasChanged);
        (state, bool changed) = ProcessTracker.Tick(state, Start.After(Second), self);

        Assert.Equal((true, Reading.Of(isUp: false)), (changed, state.Reading));
        Assert.Equal("Quorum lost for tracked process web", ProcessTracker.Line("web", state.Reading));
    }

    [Fact]
    public void One_that_comes_waits_for_the_fork_delay_only()
    {
        ProcessTrackerSettings self = Web with { ForkDelayMicroseconds = 3 * Second };
        (ProcessTrackerState state, _) = ProcessTracker.Count(ProcessTrackerState.Initial, 0, Start, self);

        (state, _) = ProcessTracker.Count(state, 1, Start, self);
        Assert.Equal(Start.After(3 * Second), state.Due);
        (state, _) = ProcessTracker.Tick(state, Start.After(3 * Second), self);
        Assert.Equal(Reading.Of(isUp: true), state.Reading);
        (state, bool changed) = ProcessTracker.Count(state, 0, Start.After(4 * Second), self);

        Assert.Equal((true, Reading.Of(isUp: false)), (changed, state.Reading));
    }

    [Theory]
    [InlineData(ParameterMatch.None, "", "/usr/sbin/httpd", true)]
    [InlineData(ParameterMatch.None, "", "/usr/sbin/httpd -k start", true)]
    [InlineData(ParameterMatch.None, "", "/usr/sbin/httpd2", false)]
    [InlineData(ParameterMatch.Exact, "", "/usr/sbin/httpd", true)]
    [InlineData(ParameterMatch.Exact, "", "/usr/sbin/httpd -k", false)]
    [InlineData(ParameterMatch.Exact, "-k start", "/usr/sbin/httpd -k start", true)]
    [InlineData(ParameterMatch.Exact, "-k start", "/usr/sbin/httpd -k", false)]
    [InlineData(ParameterMatch.Leading, "-k start", "/usr/sbin/httpd -k start -D x", true)]
    [InlineData(ParameterMatch.Leading, "-k sta", "/usr/sbin/httpd -k start -D x", false)]
    [InlineData(ParameterMatch.Leading, "-k start", "/usr/sbin/httpd -k", false)]
    [InlineData(ParameterMatch.LeadingPart, "-k sta", "/usr/sbin/httpd -k start -D x", true)]
    [InlineData(ParameterMatch.LeadingPart, "-q sta", "/usr/sbin/httpd -k start", false)]
    internal void A_command_line_is_compared_word_by_word(
        ParameterMatch how, string parameters, string process, bool fits)
    {
        var match = new ProcessMatch("/usr/sbin/httpd", Words(parameters), how, FullCommand: true);

        Assert.Equal(fits, match.Fits(new ProcessIdentity("httpd", Words(process))));
    }

    [Fact]
    public void Without_the_command_line_the_kernels_short_name_counts()
    {
        Assert.False(Web.Match.NeedsWords);
        Assert.True(Web.Match.Fits(new ProcessIdentity("nginx", [])));
        Assert.False(Web.Match.Fits(new ProcessIdentity("nginx2", [])));
    }

    [Fact]
    public void A_name_that_cannot_be_a_short_name_is_looked_for_in_the_command_line()
    {
        Assert.True(new ProcessMatch("a-name-of-sixteen").NeedsWords);
        Assert.True(new ProcessMatch("/sbin/x").NeedsWords);
        Assert.False(new ProcessMatch("a-name-of-15-oc").NeedsWords);
    }

    private static ImmutableArray<string> Words(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
