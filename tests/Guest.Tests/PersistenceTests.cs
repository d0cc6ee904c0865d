using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>What persistence is in the kernel, so that ours can be the same.</summary>
[Trait("Group", "Guest")]
public sealed class PersistenceTests(GuestRun guest)
{
    [Fact]
    public async Task All_connections_of_a_client_go_to_the_server_of_its_first() =>
        Assert.Equal(
            Enumerable.Repeat("104", 6), (await guest.ReadAsync("persistence", "answers.txt")).Trim().Split('\n'));

    [Fact]
    public async Task The_client_has_one_template_and_its_client_port_is_0()
    {
        string[] lines = (await guest.ReadAsync("persistence", "lnc.txt")).Trim().Split('\n');

        string template = Assert.Single(lines, line => line.Contains(":0 "));
        Assert.Matches(
            @"^TCP 00:[34]\d  ASSURED     192\.168\.5\.1:0      192\.168\.5\.100:80   192\.168\.5\.104:80$",
            template);
        Assert.Equal(6, lines.Count(line => line.Contains("FIN_WAIT")));
    }
}
