using Xunit;
using XdpLvs.Director.Scripts;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tests.Scripts;

/// <summary>When a script hears what signal.</summary>
public sealed class ScriptTimerTests
{
    private static readonly Instant Start = new(1_000);

    [Fact]
    public void Nothing_happens_before_the_time_is_over()
    {
        RunPatience patience = ScriptTimer.Begin(Start, 500);

        Assert.Equal((patience, false), ScriptTimer.Tick(patience, Start.After(499)));
        Assert.False(patience.IsTimedOut);
    }

    [Fact]
    public void First_it_is_asked_then_killed_two_seconds_later_then_left_alone()
    {
        RunPatience patience = ScriptTimer.Begin(Start, 500);

        (RunPatience asked, bool changed) = ScriptTimer.Tick(patience, Start.After(500));
        Assert.True(changed && asked.IsTimedOut);
        Assert.Equal(RunPhase.Terminating, asked.Phase);
        Assert.Equal(Start.After(500 + 2_000_000), asked.Deadline);

        (RunPatience killed, changed) = ScriptTimer.Tick(asked, asked.Deadline);
        Assert.True(changed);
        Assert.Equal(new RunPatience(RunPhase.Killing, Instant.Never), killed);
    }

    [Fact]
    public void Without_a_timeout_it_may_take_for_ever() =>
        Assert.Equal(Instant.Never, ScriptTimer.Begin(Start, null).Deadline);
}
