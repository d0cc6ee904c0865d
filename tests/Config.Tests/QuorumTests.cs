using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>When a virtual server is up, who serves while it is not, and how much a real server takes.</summary>
public sealed class QuorumTests
{
    [Theory]
    [InlineData("quorum 2", 2, 0)]
    [InlineData("quorum 2\nhysteresis 1", 2, 1)]
    [InlineData("hysteresis 1\nquorum 2", 2, 1)]
    [InlineData("hysteresis 0", 1, 0)]
    public void Quorum_and_hysteresis_are_sums_of_weights(string lines, int quorum, int hysteresis)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{lines}");

        Assert.Empty(result.Diagnostics);
        Assert.Equal((quorum, hysteresis), (result.Service().Quorum, result.Service().Hysteresis));
    }

    [Theory]
    [InlineData("quorum 3", "21:8: warning: quorum 3 is above the sum of all weights, 2; 2 is taken", 2, 0)]
    [InlineData("quorum 2\nhysteresis 2", "22:12: warning: hysteresis 2 is not below quorum 2; 1 is taken", 2, 1)]
    [InlineData("hysteresis 7", "21:12: warning: hysteresis 7 is not below quorum 1; 0 is taken", 1, 0)]
    [InlineData("quorum 0", "21:8: error: '0' is outside the range of quorum, 1 to 2147483647", 1, 0)]
    [InlineData("quorum", "21:1: error: 'quorum' lacks its value: a number from 1 to 2147483647", 1, 0)]
    [InlineData("hysteresis -1", "21:12: error: '-1' is outside the range of hysteresis, 0 to 2147483647", 1, 0)]
    public void What_could_never_be_reached_or_lost_is_lowered(string lines, string finding, int quorum, int hysteresis)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{lines}");

        Assert.Equal([finding], result.Findings());
        Assert.Equal((quorum, hysteresis), (result.Service().Quorum, result.Service().Hysteresis));
    }

    [Fact]
    public void Without_any_weight_the_quorum_is_one_and_nothing_wraps_around()
    {
        ParseResult result = Sample.With("lb_algo rr", "lb_algo rr\nweight 0\nquorum 2\nhysteresis 1");

        VirtualServer drained = Sample.Parse(Sample.Text
            .Replace("lb_algo rr", "lb_algo rr\nweight 0\nquorum 2\nhysteresis 1", StringComparison.Ordinal)
            .Replace("weight 1", "", StringComparison.Ordinal)).Service();

        Assert.Equal((1, 0), (result.Service().Quorum, result.Service().Hysteresis));
        Assert.Equal((1, 0), (drained.Quorum, drained.Hysteresis));
    }

    [Fact]
    public void A_sum_of_weights_does_not_wrap_around_either()
    {
        string servers = string.Concat(Enumerable.Range(1, 40_000)
            .Select(i => $"real_server 10.0.{i / 250}.{(i % 250) + 1} 80 {{ weight 65535 }}\n"));
        ParseResult result = Sample.Parse(
            $"virtual_server 10.1.0.1 80 {{\nlb_algo rr\nlb_kind DR\nprotocol TCP\nquorum 2147483647\n{servers}}}");

        Assert.Equal(int.MaxValue, result.Service().Quorum);
        Assert.DoesNotContain(result.Diagnostics, finding => finding.Severity != Severity.Notice);
    }

    [Theory]
    [InlineData("sorry_server 192.168.5.109 80", false)]
    [InlineData("sorry_server 192.168.5.109", false)]
    [InlineData("sorry_server 192.168.5.109 0\nsorry_server_inhibit", true)]
    [InlineData("sorry_server_inhibit\nsorry_server 192.168.5.109\nsorry_server_lvs_method DR", true)]
    [InlineData("sorry_server 192.168.5.108\nsorry_server 192.168.5.109", false)]
    public void A_sorry_server_has_an_address_and_the_virtual_servers_port(string lines, bool inhibit)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{lines}");

        SorryServer sorry = result.Service().SorryServer!;
        Assert.Empty(result.Diagnostics);
        Assert.Equal(("192.168.5.109", 80, inhibit), ($"{sorry.Address}", sorry.Port, sorry.Inhibit));
    }

    [Theory]
    [InlineData("sorry_server", "21:1: error: 'sorry_server' lacks its value: an IPv4 or IPv6 address")]
    [InlineData("sorry_server www 80", "21:14: error: 'www' is not an IPv4 or IPv6 address")]
    [InlineData("sorry_server 10.0.0.1 x", "21:23: error: 'x' is not a whole number; a port takes 0 to 65535")]
    [InlineData("sorry_server_inhibit", "21:1: error: there is no 'sorry_server' that could be inhibited")]
    [InlineData(
        "sorry_server 10.0.0.1\nsorry_server_lvs_method NAT",
        "22:25: error: forwarding method 'NAT' is not supported, only DR: answers would have to come "
        + "back through the director; the sorry server is left out")]
    public void A_sorry_server_that_cannot_be_used_is_an_error(string lines, string error)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{lines}");

        Assert.Equal([error], result.Findings());
        Assert.Null(result.Service().SorryServer);
    }

    [Fact]
    public void A_sorry_server_keeps_the_virtual_servers_port()
    {
        ParseResult result = Sample.With("lb_algo rr", "lb_algo rr\nsorry_server 192.168.5.109 8080");

        Assert.Equal(["21:28: warning: DR cannot change ports: port 80 is taken"], result.Findings());
        Assert.Equal(80, result.Service().SorryServer!.Port);
    }

    [Fact]
    public void A_sorry_server_that_is_a_real_server_too_is_inhibited_as_that_is()
    {
        ParseResult result = Sample.Parse(Sample.Text
            .Replace("lb_algo rr", "lb_algo rr\nsorry_server 192.168.5.103", StringComparison.Ordinal)
            .Replace("weight 1", "inhibit_on_failure", StringComparison.Ordinal));

        Assert.Equal(
            ["21:14: warning: 192.168.5.103 is a real server too: its inhibit_on_failure, on, is taken"],
            result.Findings());
        Assert.True(result.Service().SorryServer!.Inhibit);
    }

    [Theory]
    [InlineData("", 0, 0, 0)]
    [InlineData("uthreshold 100", 100, 0, 0)]
    [InlineData("uthreshold 100\nlthreshold 80", 100, 80, 0)]
    [InlineData("lthreshold 80\nuthreshold 80", 80, 80, 0)]
    [InlineData("slow_start 30", 0, 0, 30)]
    [InlineData("slow_start 1.5\nlvs_method DR", 0, 0, 1.5)]
    [InlineData("slow_start 0", 0, 0, 0)]
    public void A_real_server_takes_a_bounded_number_and_may_start_slowly(
        string lines, int upper, int lower, double slowStart)
    {
        ParseResult result = Sample.With("weight 1", lines);

        RealServer server = result.Service().RealServers[0];
        Assert.Empty(result.Diagnostics);
        Assert.Equal((upper, lower), (server.UpperThreshold, server.LowerThreshold));
        Assert.Equal(Sample.Seconds(slowStart), server.SlowStart);
    }

    [Theory]
    [InlineData("uthreshold 5\nlthreshold 6", "25:12: error: lthreshold 6 is above uthreshold 5; neither is used")]
    [InlineData("lthreshold 6", "24:20: error: lthreshold 6 is above uthreshold 0; neither is used")]
    [InlineData("uthreshold -1", "24:20: error: '-1' is outside the range of uthreshold, 0 to 2147483647")]
    [InlineData("lthreshold x", "24:20: error: 'x' is not a whole number; lthreshold takes 0 to 2147483647")]
    [InlineData("slow_start -1", "24:20: error: '-1' is outside the range of slow_start, 0 to 2678400 seconds")]
    [InlineData("slow_start", "24:9: error: 'slow_start' lacks its value: seconds, 0 to 2678400")]
    public void Thresholds_and_times_that_cannot_work_are_errors_and_mean_none(string lines, string error)
    {
        ParseResult result = Sample.With("weight 1", lines);

        RealServer server = result.Service().RealServers[0];
        Assert.Equal([error], result.Findings());
        Assert.Equal((0, 0, TimeSpan.Zero), (server.UpperThreshold, server.LowerThreshold, server.SlowStart));
    }

    [Fact]
    public void A_real_server_with_another_method_than_DR_is_left_out()
    {
        ParseResult result = Sample.With("weight 1", "lvs_method TUN");

        Assert.Equal(
            [
                "24:20: error: forwarding method 'TUN' is not supported, only DR: packets would have to be put into "
                + "others; the real server is left out",
            ],
            result.Findings());
        Assert.Equal("192.168.5.104", Assert.Single(result.Service().RealServers).Address.ToString());
    }
}
