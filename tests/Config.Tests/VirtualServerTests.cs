using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The keywords of <c>virtual_server</c>.</summary>
public sealed class VirtualServerTests
{
    private const string LeftOut = "; the virtual server is left out";

    [Fact]
    public void A_virtual_server_is_read_with_its_defaults()
    {
        VirtualServer service = Sample.Parse(Sample.Text).Service();

        Assert.Equal(("192.168.5.100", 80), (service.Address.ToString(), service.Port));
        Assert.Equal((TransportProtocol.Tcp, SchedulerKind.RoundRobin), (service.Protocol, service.Scheduler));
        Assert.Null(service.PersistenceTimeout);
        Assert.Equal("255.255.255.255", service.PersistenceMask.ToString());
        Assert.Equal(new SourceSpan("t.conf", 18, 1, 31), service.Span);
        Assert.Equal(["192.168.5.103", "192.168.5.104"], service.RealServers.Select(server => $"{server.Address}"));
    }

    [Theory]
    [InlineData("lb_algo rr", "lb_algo wrr", SchedulerKind.WeightedRoundRobin, TransportProtocol.Tcp)]
    [InlineData("lb_algo rr", "lvs_sched wrr", SchedulerKind.WeightedRoundRobin, TransportProtocol.Tcp)]
    [InlineData("lb_algo rr", "lb_algo wlc\nlb_algo rr", SchedulerKind.RoundRobin, TransportProtocol.Tcp, 1)]
    [InlineData("lb_kind DR", "lvs_method DR", SchedulerKind.RoundRobin, TransportProtocol.Tcp)]
    [InlineData("protocol TCP", "protocol udp", SchedulerKind.RoundRobin, TransportProtocol.Udp)]
    [InlineData("protocol TCP", "protocol Tcp", SchedulerKind.RoundRobin, TransportProtocol.Tcp)]
    public void Scheduler_method_and_protocol_have_several_spellings(
        string old, string replacement, SchedulerKind scheduler, TransportProtocol protocol, int findings = 0)
    {
        ParseResult result = Sample.With(old, replacement);

        Assert.Equal(findings, result.Diagnostics.Length);
        Assert.Equal((scheduler, protocol), (result.Service().Scheduler, result.Service().Protocol));
    }

    [Theory]
    [InlineData("lb_algo rr", "lb_algo RR", "20:13: error: unknown scheduler 'RR'" + LeftOut + "; did you mean 'rr'?")]
    [InlineData("lb_algo rr", "lb_algo wlc", "20:13: error: scheduler 'wlc' is not supported yet, only rr and wrr")]
    [InlineData("lb_algo rr", "lb_algo best", "20:13: error: unknown scheduler 'best'" + LeftOut)]
    [InlineData("lb_algo rr", "lb_algo", "20:5: error: 'lb_algo' lacks its value: rr or wrr" + LeftOut)]
    [InlineData("lb_algo rr", "", "18:1: error: there is no 'lb_algo'" + LeftOut)]
    [InlineData("lb_kind DR", "lb_kind dr", "21:13: error: unknown forwarding method 'dr'" + LeftOut + "; did you")]
    [InlineData("lb_kind DR", "lb_kind NAT", "21:13: error: forwarding method 'NAT' is not supported, only DR;")]
    [InlineData("lb_kind DR", "lb_kind TUN", "21:13: error: forwarding method 'TUN' is not supported, only DR;")]
    [InlineData("lb_kind DR", "lb_kind DR\nlvs_method NAT", "22:12: error: forwarding method 'NAT' is not supported,")]
    [InlineData("lb_kind DR", "", "18:1: error: there is no 'lb_kind'" + LeftOut)]
    [InlineData("protocol TCP", "", "18:1: error: there is no 'protocol'" + LeftOut)]
    [InlineData("protocol TCP", "protocol SCTP", "22:14: error: protocol 'SCTP' is not supported yet, only TCP and")]
    [InlineData("protocol TCP", "protocol ICMP", "22:14: error: unknown protocol 'ICMP'" + LeftOut)]
    [InlineData(".100 80 {", ".100 {", "18:1: error: a virtual server for all ports is not supported yet" + LeftOut)]
    [InlineData(".100 80 {", ".100 0 {", "18:1: error: a virtual server for all ports is not supported yet" + LeftOut)]
    [InlineData(".100 80 {", ".100 65536 {", "18:30: error: '65536' is outside the range of a port, 1 to 65535")]
    [InlineData(".100 80 {", ".100 http {", "18:30: error: 'http' is not a whole number; a port takes 1 to 65535")]
    [InlineData(".100 80 {", ".300 80 {", "18:16: error: '192.168.5.300' is not an IPv4 address")]
    [InlineData("virtual_server 192.168.5.100 80", "virtual_server fwmark 3", "18:16: error: 'virtual_server fwmark'")]
    [InlineData("virtual_server 192.168.5.100 80", "virtual_server group G", "18:16: error: 'virtual_server group' is")]
    [InlineData("virtual_server 192.168.5.100 80", "virtual_server fe80::1 80", "18:16: error: IPv6 is not supported")]
    [InlineData("virtual_server 192.168.5.100 80", "virtual_server", "18:1: error: 'virtual_server' lacks its value")]
    public void A_virtual_server_that_cannot_run_as_written_is_left_out(string old, string replacement, string error)
    {
        ParseResult result = Sample.With(old, replacement);

        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Empty(result.Config.Services);
        Assert.True(result.HasErrors);
    }

    [Fact]
    public void A_misspelt_keyword_that_is_needed_is_one_error()
    {
        ParseResult result = Sample.With("protocol TCP", "protocl TCP");

        Assert.Equal(
            [
                "18:1: warning: 'protocol' was not understood" + LeftOut,
                "22:5: error: unknown keyword 'protocl'; did you mean 'protocol'?",
            ],
            result.Findings());
        Assert.Empty(result.Config.Services);
    }

    [Theory]
    [InlineData("persistence_timeout 50", 50, "255.255.255.255")]
    [InlineData("persistence_timeout", 360, "255.255.255.255")]
    [InlineData("persistence_granularity 24", 360, "255.255.255.0")]
    [InlineData("persistence_granularity 255.255.0.0", 360, "255.255.0.0")]
    [InlineData("persistence_timeout 9\npersistence_granularity 32", 9, "255.255.255.255")]
    [InlineData("persistence_granularity 8\npersistence_timeout 9", 9, "255.0.0.0")]
    public void Persistence_is_a_time_and_a_mask(string lines, int seconds, string mask)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{lines}");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(Sample.Seconds(seconds), result.Service().PersistenceTimeout);
        Assert.Equal(mask, result.Service().PersistenceMask.ToString());
    }

    [Theory]
    [InlineData("persistence_timeout 0", "21:21: error: persistence_timeout takes 1 to 2678400 seconds; 0 is taken as")]
    [InlineData("persistence_timeout 2678401", "21:21: error: '2678401' is outside the range of persistence_timeout")]
    [InlineData("persistence_timeout 1.5", "21:21: error: '1.5' is not a whole number; persistence_timeout takes 1 to")]
    [InlineData("persistence_granularity", "21:1: error: 'persistence_granularity' lacks its value: a netmask or")]
    [InlineData("persistence_granularity 0", "21:25: error: '0' is outside the range of persistence_granularity, 1 to")]
    [InlineData("persistence_granularity 33", "21:25: error: '33' is outside the range of persistence_granularity")]
    [InlineData("persistence_granularity 0.0.0.0", "21:25: error: '0.0.0.0' is not a netmask of 1 to 32 bits")]
    [InlineData("persistence_granularity 255.0.255.0", "21:25: error: '255.0.255.0' is not a netmask of 1 to 32 bits")]
    public void A_bad_persistence_is_an_error_and_means_none(string line, string error)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{line}");

        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Null(result.Service().PersistenceTimeout);
    }

    [Fact]
    public void A_persistence_of_zero_stays_off_whatever_the_granularity()
    {
        ParseResult result = Sample.With("lb_algo rr", "lb_algo rr\npersistence_timeout 0\npersistence_granularity 24");

        Assert.Null(result.Service().PersistenceTimeout);
    }

    [Fact]
    public void A_second_virtual_server_of_the_same_name_is_left_out()
    {
        string second = Sample.Text[Sample.Text.IndexOf("virtual_server", System.StringComparison.Ordinal)..];
        string other = second.Replace("protocol TCP", "protocol UDP", System.StringComparison.Ordinal);
        ParseResult same = Sample.Parse(Sample.Text + second.Replace(".104", ".105", System.StringComparison.Ordinal));

        Assert.Equal(
            ["36:1: error: virtual server 192.168.5.100 80 TCP exists already; this one is left out"], same.Findings());
        Assert.Equal("192.168.5.104", same.Service().RealServers[1].Address.ToString());
        Assert.Empty(Sample.Parse(Sample.Text + other).Diagnostics);
        Assert.Equal(2, Sample.Parse(Sample.Text + other).Config.Services.Length);
    }

    [Fact]
    public void A_virtual_server_whose_address_nobody_holds_is_noticed() =>
        Assert.Equal(
            ["18:1: notice: no vrrp_instance holds 192.168.5.101: something else must bring it here"],
            Sample.With("virtual_server 192.168.5.100", "virtual_server 192.168.5.101").Findings());

    [Fact]
    public void An_excluded_address_is_held_too() =>
        Assert.Empty(Sample.Parse(Sample.Text
            .Replace("virtual_server 192.168.5.100", "virtual_server 10.0.0.1", System.StringComparison.Ordinal)
            .Replace("state MASTER", "virtual_ipaddress_excluded {\n10.0.0.1\n}", System.StringComparison.Ordinal))
            .Diagnostics);

    [Theory]
    [InlineData("weight 0", "weight 0", "18:1: warning: all real servers have weight 0: none takes a new connection")]
    [InlineData("weight 0", "weight 1", null)]
    public void A_virtual_server_without_any_weight_is_a_warning(string first, string second, string? warning)
    {
        ParseResult result = Sample.Parse(Sample.Text
            .Replace("weight 1", first, System.StringComparison.Ordinal)
            .Replace(".104 80 {", $".104 80 {{ {second}", System.StringComparison.Ordinal));

        Assert.Equal(warning is null ? [] : [warning], result.Findings());
    }

    [Fact]
    public void A_virtual_server_without_real_servers_is_a_warning() =>
        Assert.Contains(
            "2:1: warning: this virtual server has no real servers",
            Sample.Parse("\nvirtual_server 1.2.3.4 80 {\nlb_algo rr\nlb_kind DR\nprotocol TCP\n}")
                .Findings());
}
