using System;
using System.Globalization;
using System.Linq;
using XdpLvs.Linux.Process;
using Xunit;

namespace XdpLvs.Director.Tests;

public sealed class TurnTimesTests
{
    private const string Last = "verdict to table in force, last, us";
    private const string Longest = "verdict to table in force, longest, us";
    private const int Age = 5_000_000, Slack = 4_000_000;

    [Fact]
    public void The_oldest_verdict_of_a_turn_counts()
    {
        var times = new TurnTimes();
        long now = Clock.NowMicroseconds;

        times.Heard(now - Age);
        times.Heard(now);
        times.Published(now);

        Assert.InRange(Read(times, Last), Age, Age + Slack);
    }

    [Fact]
    public void A_table_without_a_verdict_leaves_the_times_of_verdicts_alone()
    {
        var times = new TurnTimes();
        long now = Clock.NowMicroseconds;
        times.Heard(now - Age);
        times.Published(now);
        times.Heard(now);
        times.Published(now);
        long last = Read(times, Last);

        times.Published(now - Age);

        Assert.Equal(last, Read(times, Last));
        Assert.InRange(Read(times, Longest), Age, Age + Slack);
        Assert.InRange(Read(times, "the last: from begun to in force, us"), Age, Age + Slack);
        Assert.Equal(3, Read(times, "published"));
    }

    private static long Read(TurnTimes times, string name) => long.Parse(
        times.Describe().Split('\n')
            .Single(line => line.StartsWith("  " + name, StringComparison.Ordinal))[(name.Length + 2)..],
        CultureInfo.InvariantCulture);
}
