using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>xdplvs on what the development kernel does not have: a bond, a VLAN, a VLAN on a bond, all in one daemon.
/// </summary>
[Trait("Group", "Guest")]
public sealed class AttachTests(GuestRun guest)
{
    [Theory]
    [InlineData("bond")]
    [InlineData("vlan")]
    [InlineData("vlan-on-bond")]
    [InlineData("bond-other-port")]
    public async Task Requests_reach_the_real_servers_in_turn(string name)
    {
        string[] answers = await AnswersAsync(name);

        Assert.Equal(4, answers.Length);
        Assert.Equal(2, answers.Take(2).Distinct().Count());
        Assert.Equal(answers.Take(2), answers.Skip(2));
        Assert.All(answers, answer => Assert.Contains(answer, (string[])["103", "104"]));
    }

    [Theory]
    [InlineData("bond0: forwarding by XDP generic", "not native: on a bond it would run in the ports' drivers")]
    [InlineData("eth203.10: forwarding by XDP generic", "not native: a VLAN interface has no driver of its own")]
    [InlineData("bond0.20: forwarding by XDP generic", "not native: a VLAN interface has no driver of its own")]
    public async Task The_log_says_how_frames_are_taken_and_why_not_better(string how, string why)
    {
        string log = await guest.ReadAsync("attach", "daemon.log");

        Assert.Contains(log.Split('\n'), line => line.Contains(how) && line.Contains(why));
    }

    /// <summary>INIT, COOKIE ECHO and DATA of the client pass the director; answers go by themselves.</summary>
    [Fact]
    public async Task Sctp_associations_go_to_the_real_servers_in_turn_and_carry_data_both_ways()
    {
        string[] answers = (await guest.ReadAsync("attach", "sctp.answers.txt")).TrimEnd().Split('\n');
        string log = await guest.ReadAsync("attach", "sctp.log");

        Assert.True(answers is [_, _, _, _], log);
        Assert.All(answers, answer => Assert.Contains(answer, (string[])["103 100000 200000", "104 100000 200000"]));
        Assert.Equal(answers.Take(2), answers.Skip(2));
        Assert.NotEqual(answers[0], answers[1]);
    }

    [Fact]
    public async Task An_open_association_is_listed_as_the_kernel_names_it()
    {
        string[] lines = (await guest.ReadAsync("attach", "connections.txt")).Split('\n');

        Assert.Contains(lines, line => line.StartsWith("SCTP 14:", System.StringComparison.Ordinal)
            && line.Contains(" ESTABLISHED ") && line.Contains("192.168.6.100:2905"));
    }

    [Fact]
    public async Task A_port_of_a_bond_is_refused_and_the_message_says_what_to_write()
    {
        Assert.Equal("1", (await guest.ReadAsync("attach", "port.status")).Trim());
        string log = await guest.ReadAsync("attach", "port.log");
        Assert.Contains("fatal: interface eth202 cannot give frames to virtual servers: it is a port of the bond", log);
        Assert.Contains("write 'interface bond0'", log);
    }

    private async Task<string[]> AnswersAsync(string name) =>
        (await guest.ReadAsync("attach", $"{name}.answers.txt")).TrimEnd().Split('\n');
}
