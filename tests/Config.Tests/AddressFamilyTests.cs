using System;
using System.Net;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Services and checks over IPv6, and what may not be mixed.</summary>
public sealed class AddressFamilyTests
{
    [Fact]
    public void A_service_may_be_IPv6_throughout()
    {
        ParseResult result = Sample.Parse(
            """
            virtual_server 2001:DB8:0::100 80 {
                ip_family inet6
                lb_algo rr
                lb_kind DR
                protocol TCP
                sorry_server 2001:db8::9 80
                real_server 2001:db8::3 80 {
                    TCP_CHECK {
                        connect_ip 2001:db8:1::3
                        bindto 2001:db8::1
                    }
                }
            }
            """);

        VirtualServer service = result.Service();
        Assert.Equal(
            ["1:1: notice: no vrrp_instance holds 2001:db8::100: something else must bring it here"],
            result.Findings());
        Assert.Equal(IPAddress.Parse("2001:db8::100"), service.Address);
        Assert.Equal(IPAddress.Parse("2001:db8::9"), service.SorryServer!.Address);
        Assert.Equal(IPAddress.Parse("2001:db8::3"), Assert.Single(service.RealServers).Address);
        Assert.Equal(("2001:db8:1::3", "2001:db8::1"), ($"{result.Check().Ip}", $"{result.Check().BindTo}"));
    }

    [Theory]
    [InlineData("2001:db8::3 80", "10.0.0.3 80", "5:17: error: 10.0.0.3 is IPv4, but the virtual server is IPv6: DR c")]
    [InlineData("2001:db8::100 80", "10.0.0.1 80", "5:17: error: 2001:db8::3 is IPv6, but the virtual server is IPv4")]
    public void A_real_server_of_the_other_family_is_an_error_at_its_place(string old, string replacement, string error)
    {
        ParseResult result = Sample.Parse(Sample.Ipv6.Replace(old, replacement, StringComparison.Ordinal));

        Assert.Single(result.Findings(), text => text.StartsWith(error, StringComparison.Ordinal));
        Assert.Empty(result.Service().RealServers);
    }

    [Fact]
    public void A_sorry_server_of_the_other_family_is_an_error_at_its_place()
    {
        ParseResult result = Sample.With("lb_algo rr", "lb_algo rr\nsorry_server 2001:db8::9 80");

        Assert.Equal(
            [
                "21:14: error: 2001:db8::9 is IPv6, but the virtual server is IPv4: DR cannot change that; "
                + "the sorry server is left out",
            ],
            result.Findings());
        Assert.Null(result.Service().SorryServer);
    }

    [Fact]
    public void A_check_may_ask_over_the_other_family()
    {
        ParseResult result = Sample.With("retry 2", "connect_ip 2001:db8::3\nbindto 2001:db8::1");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(("2001:db8::3", "2001:db8::1"), ($"{result.Check().Ip}", $"{result.Check().BindTo}"));
    }

    [Theory]
    [InlineData("connect_ip 2001:db8::3\nbindto 10.0.0.1", "28:8: error: a check of 2001:db8::3 cannot come from")]
    [InlineData("bindto 2001:db8::1", "27:20: error: a check of 192.168.5.103 cannot come from an IPv6 address")]
    public void But_only_from_an_address_of_that_family(string lines, string error)
    {
        ParseResult result = Sample.With("retry 2", lines);

        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Null(result.Check().BindTo);
    }

    [Theory]
    [InlineData("::", "'::' is not an address that a host can have")]
    [InlineData("ff02::1", "'ff02::1' is not an address that a host can have")]
    [InlineData("::ffff:10.0.0.1", "'::ffff:10.0.0.1' is not an address that a host can have")]
    [InlineData("0.0.0.0", "'0.0.0.0' is not an address that a host can have")]
    [InlineData("224.0.0.18", "'224.0.0.18' is not an address that a host can have")]
    [InlineData("fe80::1", "'fe80::1' is link-local: it does not say behind which interface")]
    [InlineData("fe80::1%eth0", "'fe80::1%eth0' is not an IPv4 or IPv6 address")]
    [InlineData("[2001:db8::1]", "'[2001:db8::1]' is not an IPv4 or IPv6 address")]
    [InlineData("[2001:db8::1]:80", "'[2001:db8::1]:80' is not an IPv4 or IPv6 address")]
    [InlineData("2001:db8::1/64", "'2001:db8::1/64' is not an IPv4 or IPv6 address")]
    [InlineData("2001:db8::1::2", "'2001:db8::1::2' is not an IPv4 or IPv6 address")]
    [InlineData("1:2:3:4:5:6:7:8:9", "'1:2:3:4:5:6:7:8:9' is not an IPv4 or IPv6 address")]
    [InlineData("10.1", "'10.1' is not an IPv4 or IPv6 address")]
    [InlineData("10.0.0.1:80", "'10.0.0.1:80' is not an IPv4 or IPv6 address")]
    [InlineData(":", "':' is not an IPv4 or IPv6 address")]
    public void What_no_host_has_is_no_address_of_a_service(string written, string error)
    {
        ParseResult result = Sample.Parse(Sample.Ipv6.Replace("2001:db8::100", written, StringComparison.Ordinal));

        Assert.Contains($"1:16: error: {error}", result.Findings());
        Assert.Empty(result.Config.Services);
    }

    [Theory]
    [InlineData("2001:DB8::100")]
    [InlineData("2001:db8:0:0:0:0:0:100")]
    [InlineData("2001:db8::0.0.1.0")]
    public void One_address_has_many_spellings_and_is_one_service(string spelling)
    {
        ParseResult result = Sample.Parse(
            Sample.Ipv6 + Sample.Ipv6.Replace("2001:db8::100", spelling, StringComparison.Ordinal));

        Assert.Contains(
            "9:1: error: virtual server 2001:db8::100 80 TCP exists already; this one is left out", result.Findings());
        Assert.Single(result.Config.Services);
    }

    [Fact]
    public void The_same_real_server_in_another_spelling_is_one_too_many()
    {
        ParseResult result = Sample.Parse(Sample.Ipv6.Replace(
            "protocol TCP", "protocol TCP\nreal_server 2001:DB8:0::3 { }", StringComparison.Ordinal));

        Assert.Contains(
            "6:5: error: real server 2001:db8::3 exists already in this virtual server; this one is left out",
            result.Findings());
    }

    [Theory]
    [InlineData("10.0.0.1", 0x0A000001u)]
    [InlineData("255.255.255.255", 0xFFFFFFFFu)]
    [InlineData("2001:db8::1", null)]
    public void An_IPv4_address_goes_both_ways(string text, uint? value)
    {
        var general = IPAddress.Parse(text);

        Assert.Equal(value is not null, Ipv4Address.TryFrom(general, out Ipv4Address address));
        Assert.Equal(value ?? 0, address.Value);
        Assert.True(value is null || address.ToIPAddress().Equals(general));
    }
}
