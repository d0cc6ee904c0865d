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
        Assert.Equal((SchedulerSwitches.None, false), (service.SchedulerSwitches, service.OnePacket));
        Assert.Null(service.PersistenceTimeout);
        Assert.Equal("255.255.255.255", service.PersistenceMask.ToString());
        Assert.Equal((1, 0, null), (service.Quorum, service.Hysteresis, service.SorryServer));
        Assert.Equal(new SourceSpan("t.conf", 18, 1, 31), service.Span);
        Assert.Equal(["192.168.5.103", "192.168.5.104"], service.RealServers.Select(server => $"{server.Address}"));
    }

    [Theory]
    [InlineData("lb_algo rr", "lb_algo wrr", SchedulerKind.WeightedRoundRobin, TransportProtocol.Tcp)]
    [InlineData("lb_algo rr", "lvs_sched wrr", SchedulerKind.WeightedRoundRobin, TransportProtocol.Tcp)]
    [InlineData("lb_algo rr", "lb_algo wlc\nlb_algo rr", SchedulerKind.RoundRobin, TransportProtocol.Tcp)]
    [InlineData("lb_kind DR", "lvs_method DR", SchedulerKind.RoundRobin, TransportProtocol.Tcp)]
    [InlineData("protocol TCP", "protocol udp", SchedulerKind.RoundRobin, TransportProtocol.Udp)]
    [InlineData("protocol TCP", "protocol Tcp", SchedulerKind.RoundRobin, TransportProtocol.Tcp)]
    [InlineData("protocol TCP", "protocol sctp", SchedulerKind.RoundRobin, TransportProtocol.Sctp)]
    [InlineData("protocol TCP", "protocol TCP\nip_family inet", SchedulerKind.RoundRobin, TransportProtocol.Tcp)]
    public void Scheduler_method_and_protocol_have_several_spellings(
        string old, string replacement, SchedulerKind scheduler, TransportProtocol protocol)
    {
        ParseResult result = Sample.With(old, replacement);

        Assert.Empty(result.Diagnostics);
        Assert.Equal((scheduler, protocol), (result.Service().Scheduler, result.Service().Protocol));
    }

    [Theory]
    [InlineData("lb_algo rr", "lb_algo RR", "20:13: error: unknown scheduler 'RR'" + LeftOut + "; did you mean 'rr'?")]
    [InlineData("lb_algo rr", "lb_algo best", "20:13: error: unknown scheduler 'best'" + LeftOut)]
    [InlineData("lb_algo rr", "lb_algo", "20:5: error: 'lb_algo' lacks its value: one of rr wrr lc wlc lblc lblcr sh")]
    [InlineData("lb_algo rr", "", "18:1: error: there is no 'lb_algo'" + LeftOut)]
    [InlineData("lb_kind DR", "lb_kind dr", "21:13: error: unknown forwarding method 'dr'" + LeftOut + "; did you")]
    [InlineData("lb_kind DR", "lb_kind NAT", "21:13: error: forwarding method 'NAT' is not supported, only DR: ")]
    [InlineData("lb_kind DR", "lb_kind TUN", "21:13: error: forwarding method 'TUN' is not supported, only DR: ")]
    [InlineData("lb_kind DR", "lb_kind DR\nlvs_method NAT", "22:12: error: forwarding method 'NAT' is not supported,")]
    [InlineData("lb_kind DR", "", "18:1: error: there is no 'lb_kind'" + LeftOut)]
    [InlineData("protocol TCP", "", "18:1: error: there is no 'protocol'" + LeftOut)]
    [InlineData("protocol TCP", "protocol SCT", "22:14: error: unknown protocol 'SCT'" + LeftOut + "; did you mean 'S")]
    [InlineData("protocol TCP", "protocol", "22:5: error: 'protocol' lacks its value: TCP, UDP or SCTP" + LeftOut)]
    [InlineData("protocol TCP", "protocol ICMP", "22:14: error: unknown protocol 'ICMP'" + LeftOut)]
    [InlineData(".100 80 {", ".100 65536 {", "18:30: error: '65536' is outside the range of a port, 0 to 65535")]
    [InlineData(".100 80 {", ".100 http {", "18:30: error: 'http' is not a whole number; a port takes 0 to 65535")]
    [InlineData(".100 80 {", ".300 80 {", "18:16: error: '192.168.5.300' is not an IPv4 or IPv6 address")]
    [InlineData("virtual_server 192.168.5.100 80", "virtual_server fwmark 3", "18:1: error: 'virtual_server fwmark'")]
    [InlineData("192.168.5.100 80 {", "group G {", "18:22: error: there is no virtual_server_group 'G'")]
    [InlineData("virtual_server 192.168.5.100 80", "virtual_server fe80::1 80", "18:16: error: 'fe80::1' is link-")]
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

    [Fact]
    public void A_service_by_firewall_mark_is_refused_and_needs_no_protocol_to_be_told()
    {
        ParseResult result = Sample.Parse(Sample.Text
            .Replace("virtual_server 192.168.5.100 80", "virtual_server fwmark 3", System.StringComparison.Ordinal)
            .Replace("protocol TCP", "", System.StringComparison.Ordinal));

        Assert.Equal(
            [
                "18:1: error: 'virtual_server fwmark' is not supported by this forwarder: it takes frames before "
                + "netfilter could mark them; the virtual server is left out",
            ],
            result.Findings());
        Assert.Empty(result.Config.Services);
    }

    [Fact]
    public void A_firewall_mark_in_a_group_is_refused_at_its_place() =>
        Assert.Equal(
            [
                "3:1: error: 'fwmark' is not supported by this forwarder: it takes frames before netfilter could mark "
                + "them",
            ],
            Sample.Parse("virtual_server_group G {\n10.0.0.1 80\nfwmark 7\n}\n").Findings());

    [Theory]
    [InlineData("inet6", "23:11: error: 'inet6' contradicts the address of the virtual server, which is IPv4")]
    [InlineData("inet7", "23:11: error: 'inet7' is neither inet nor inet6; did you mean 'inet'?")]
    public void A_family_that_is_not_the_addresss_own_is_an_error(string family, string error) =>
        Assert.Equal([error], Sample.With("protocol TCP", $"protocol TCP\nip_family {family}").Findings());

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
