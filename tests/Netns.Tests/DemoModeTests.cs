using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests;

/// <summary>
/// The same claims without any program. With the program above the driver the traffic matrix has them.
/// </summary>
[Trait("Group", "Modes")]
public sealed class DemoModeTests(DemoRuns runs) : IClassFixture<DemoRuns>
{
    public static TheoryData<string, int> Steps => DemoTests.Steps;

    [Theory]
    [MemberData(nameof(Steps))]
    public Task Every_claim_of_a_step_holds_by_packet_rings(string step, int claims) =>
        DemoTests.CheckStepAsync(runs, "packet", step, claims);

    [Theory]
    [InlineData("packet")]
    public Task The_demo_ends_with_a_summary_without_failures(string io) => DemoTests.CheckSummaryAsync(runs, io);
}
