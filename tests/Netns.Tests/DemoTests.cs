using Xunit;

namespace XdpLvs.Netns.Tests;

/// <summary>The tutorial's claims, step by step, for every way of taking frames.</summary>
public sealed class DemoTests(DemoRuns runs) : IClassFixture<DemoRuns>
{
    /// <summary>Each step, and how many claims it makes: one that makes fewer has skipped something.</summary>
    private static readonly (string Step, int Claims)[] Steps =
    [
        ("1", 6), ("2", 1), ("3", 4), ("4", 10), ("5", 11), ("6a", 9), ("6b", 7), ("7", 13),
    ];

    public static TheoryData<string, string, int> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, int>();
            foreach (string io in DemoRuns.Ways)
            {
                foreach ((string step, int claims) in Steps)
                {
                    rows.Add(io, step, claims);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_claim_of_a_step_holds(string io, string step, int claims)
    {
        DemoStep seen = runs[io, step];

        Assert.True(seen.Failed == 0 && seen.Held >= claims, $"--io {io}, expected {claims} claims\n{seen.Output}");
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("xdp-generic")]
    [InlineData("packet")]
    public void A_demo_ends_with_a_summary_without_failures(string io)
    {
        Assert.NotEmpty(runs[io, "1"].Output);
        Assert.EndsWith(" passed, 0 failed", runs.Output(io).TrimEnd());
    }
}
