using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests;

/// <summary>The tutorial's claims, step by step, as the daemon takes frames by itself.</summary>
public sealed class DemoTests(DemoRuns runs) : IClassFixture<DemoRuns>
{
    /// <summary>Each step, and how many claims it makes: one that makes fewer has skipped something.</summary>
    public static TheoryData<string, int> Steps => new()
    {
        { "1", 6 }, { "2", 1 }, { "3", 4 }, { "4", 10 }, { "5", 11 }, { "6a", 9 }, { "6b", 7 }, { "7", 13 },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public Task Every_claim_of_a_step_holds(string step, int claims) => CheckStepAsync(runs, "auto", step, claims);

    [Fact]
    public Task The_demo_ends_with_a_summary_without_failures() => CheckSummaryAsync(runs, "auto");

    internal static async Task CheckStepAsync(DemoRuns runs, string io, string step, int claims)
    {
        DemoStep seen = await runs.StepAsync(io, step);

        Assert.True(seen.Failed == 0 && seen.Held >= claims, $"--io {io}, expected {claims} claims\n{seen.Output}");
    }

    internal static async Task CheckSummaryAsync(DemoRuns runs, string io) =>
        Assert.EndsWith(" passed, 0 failed", (await runs.OutputAsync(io)).TrimEnd());
}
