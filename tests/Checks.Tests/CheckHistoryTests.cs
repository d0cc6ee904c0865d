using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Checks.Tests;

public sealed class CheckHistoryTests
{
    [Fact]
    public void The_last_results_are_remembered_and_no_more()
    {
        var history = new CheckHistory();
        for (int i = 0; i < 50; i++)
        {
            history.Add(new CheckRecord(default, TimeSpan.FromMilliseconds(i), ProbeFailure.None, "", true));
        }

        Assert.Equal(
            Enumerable.Range(30, CheckHistory.RecordsMax),
            history.Snapshot().Select(record => (int)record.Took.TotalMilliseconds));
    }
}
