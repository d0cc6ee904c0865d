using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Groups of virtual servers become one service for each address.</summary>
public sealed class ServiceGroupTests
{
    [Theory]
    [InlineData("10.0.0.1 80", "10.0.0.1:80")]
    [InlineData("10.0.0.9-11 80", "10.0.0.9:80 10.0.0.10:80 10.0.0.11:80")]
    [InlineData("10.0.1.0/30 80", "10.0.1.1:80 10.0.1.2:80")]
    [InlineData("10.0.1.5/32 80\n10.0.0.1 81", "10.0.1.5:80 10.0.0.1:81")]
    [InlineData("10.0.0.1 80\n10.0.0.1 80", "10.0.0.1:80")]
    public void Ranges_are_spread_out(string members, string services) =>
        Assert.Equal(
            services,
            string.Join(' ', Read(members).Config.Services.Select(one => $"{one.Address}:{one.Port}")));

    [Fact]
    public void A_range_of_ipv6_ends_with_a_hexadecimal_group() =>
        Assert.Equal(18, Sample.Parse(
            "virtual_server_group G {\n2001:db8::f-20 80\n}\n"
            + Sample.Ipv6.Replace("2001:db8::100 80", "group G", StringComparison.Ordinal)).Config.Services.Length);

    [Fact]
    public void Servers_have_the_port_of_their_member()
    {
        ParseResult result = Read("10.0.0.1 80\n10.0.0.2 0");

        Assert.Equal([80, 0], result.Config.Services.Select(one => (int)one.RealServers[0].Port));
        Assert.Equal([null, Sample.Seconds(360)], result.Config.Services.Select(one => one.PersistenceTimeout));
        Assert.All(result.Config.Services, one => Assert.Equal("G", one.Group));
    }

    [Fact]
    public void A_finding_about_a_group_is_said_once() =>
        Assert.Equal(
            ["4:1: notice: no vrrp_instance holds 10.0.0.1: something else must bring it here"],
            Read("10.0.0.1-200 80").Findings());

    [Theory]
    [InlineData("10.0.0.9-8 80", "2:1: error: '10.0.0.9-8' is not a range: its end is not above its beginning")]
    [InlineData("10.0.0.9-x 80", "2:1: error: '10.0.0.9-x' is not a range: its end is not above its beginning")]
    [InlineData("10.0.0.0/8 80", "2:1: error: '8' is outside the range of a prefix length of a group, 20 to 32")]
    [InlineData("10.0.0.1 80\n2001:db8::1 80", "3:1: error: 2001:db8::1 is IPv6, unlike the group's first; it ")]
    [InlineData("10.0.0.0/20 80\n10.1.0.0/28 80", "3:1: error: a group has 4096 addresses at most; these are left out")]
    [InlineData("10.0.0.1 80\nfwmark 9", "3:1: error: 'fwmark' is not supported by this forwarder: it takes frames bef")]
    [InlineData("10.0.0.1 http", "2:10: error: 'http' is not a whole number; a port takes 0 to 65535")]
    public void A_bad_member_is_an_error_and_the_others_stay(string members, string error) =>
        Assert.Contains(Read(members).Findings(), text => text.StartsWith(error, StringComparison.Ordinal));

    [Fact]
    public void A_group_without_addresses_serves_nobody()
    {
        ParseResult result = Read("fwmark 3");

        Assert.Empty(result.Config.Services);
        Assert.Contains(result.Findings(), text =>
            text.Contains("warning: the group 'G' has no address that can be used", StringComparison.Ordinal));
    }

    private static ParseResult Read(string members) => Sample.Parse(
        $"virtual_server_group G {{\n{members}\n}}\n"
        + "virtual_server group G {\nlb_algo rr\nlb_kind DR\nprotocol TCP\nreal_server 10.9.0.1 {\n"
        + "TCP_CHECK {\nconnect_port 80\n}\n}\n}\n");
}
