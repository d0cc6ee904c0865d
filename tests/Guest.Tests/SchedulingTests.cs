using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>Our schedulers beside the kernel's, connection by connection.</summary>
[Trait("Group", "Guest")]
public sealed class SchedulingTests(GuestRun guest)
{
    public static TheoryData<string> Names => [.. SchedulingPlan.Cases.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Chooses_the_servers_that_the_kernel_chooses(string name)
    {
        string answered = await guest.ReadAsync("scheduling", $"{name}.txt");

        Assert.Equal(Row(answered), Row(SchedulingPlan.Cases.Single(one => one.Name == name).OurChoices()));
    }

    private static string Row(string lines) => lines.Trim().Replace('\n', ' ');
}
