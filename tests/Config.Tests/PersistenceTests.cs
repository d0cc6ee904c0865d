using System;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>How long a client stays on a real server, and which clients are the same.</summary>
public sealed class PersistenceTests
{
    [Theory]
    [InlineData("persistence_timeout 50", 50, "255.255.255.255")]
    [InlineData("persistence_timeout", 360, "255.255.255.255")]
    [InlineData("persistence_granularity 24", 360, "255.255.255.0")]
    [InlineData("persistence_granularity 255.255.0.0", 360, "255.255.0.0")]
    [InlineData("persistence_timeout 9\npersistence_granularity 32", 9, "255.255.255.255")]
    [InlineData("persistence_granularity 8\npersistence_timeout 9", 9, "255.0.0.0")]
    [InlineData("persistence_timeout 2678400", 2678400, "255.255.255.255")]
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
    [InlineData("persistence_granularity 1.2.3", "21:25: error: '1.2.3' is not a netmask or a prefix length, 1 to 32")]
    [InlineData("persistence_granularity ffff::", "21:25: error: 'ffff::' is not a whole number; persistence_granu")]
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

    [Theory]
    [InlineData("0.0.0.0", "with this mask all clients count as one: all go to one real server")]
    [InlineData("255.0.255.0", "'255.0.255.0' has gaps; clients are told apart by just these bits")]
    [InlineData("0.0.0.24", "'0.0.0.24' has gaps; clients are told apart by just these bits")]
    public void A_strange_mask_is_taken_as_the_kernel_takes_it_with_a_warning(string mask, string warning)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\npersistence_granularity {mask}");

        Assert.Equal([$"21:25: warning: {warning}"], result.Findings());
        Assert.Equal(mask, result.Service().PersistenceMask.ToString());
        Assert.Equal(Sample.Seconds(360), result.Service().PersistenceTimeout);
    }

    [Theory]
    [InlineData(1, "8000::")]
    [InlineData(48, "ffff:ffff:ffff::")]
    [InlineData(57, "ffff:ffff:ffff:ff80::")]
    [InlineData(128, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_IPv6_granularity_is_a_prefix_length(int length, string mask)
    {
        ParseResult result = Sample.Parse(Sample.Ipv6.Replace(
            "lb_algo rr", $"lb_algo rr\npersistence_granularity {length}", StringComparison.Ordinal));

        Assert.False(result.HasErrors);
        Assert.Equal((mask, length), ($"{result.Service().PersistenceMask}", result.Service().PersistencePrefixLength));
    }

    [Fact]
    public void Without_a_granularity_every_IPv6_address_is_a_client_of_its_own() =>
        Assert.Equal(128, Sample.Parse(Sample.Ipv6).Service().PersistencePrefixLength);

    [Theory]
    [InlineData("0", "3:25: error: '0' is outside the range of persistence_granularity, 1 to 128")]
    [InlineData("129", "3:25: error: '129' is outside the range of persistence_granularity, 1 to 128")]
    [InlineData("255.255.0.0", "3:25: error: '255.255.0.0' is not a prefix length, 1 to 128, as IPv6 needs it")]
    public void An_IPv6_granularity_is_nothing_else(string written, string error)
    {
        ParseResult result = Sample.Parse(Sample.Ipv6.Replace(
            "lb_algo rr", $"lb_algo rr\npersistence_granularity {written}", StringComparison.Ordinal));

        Assert.Contains(error, result.Findings());
        Assert.Null(result.Service().PersistenceTimeout);
    }

    [Theory]
    [InlineData(".100 {")]
    [InlineData(".100 0 {")]
    [InlineData(".100 0x0 {")]
    public void A_virtual_server_for_all_ports_is_one_that_persists(string header)
    {
        string text = Sample.Text
            .Replace(".100 80 {", header, StringComparison.Ordinal)
            .Replace("lb_algo rr", "lb_algo rr\npersistence_timeout 60", StringComparison.Ordinal)
            .Replace(".103 80", ".103 0", StringComparison.Ordinal)
            .Replace(".104 80", ".104", StringComparison.Ordinal)
            .Replace("retry 2", "connect_port 82", StringComparison.Ordinal);
        ParseResult result = Sample.Parse(text);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(0, result.Service().Port);
        Assert.Equal(Sample.Seconds(60), result.Service().PersistenceTimeout);
        Assert.All(result.Service().RealServers, server => Assert.Equal(0, server.Port));
        Assert.Equal(82, result.Check().Port);
    }

    [Theory]
    [InlineData("")]
    [InlineData("persistence_timeout 0")]
    public void A_virtual_server_for_all_ports_that_does_not_persist_is_an_error_and_persists(string line)
    {
        ParseResult result = Sample.Parse(
            $"virtual_server 10.0.0.1 {{\nlb_algo rr\nlb_kind DR\nprotocol UDP\n{line}\n}}");

        Assert.Contains(
            "1:1: error: a virtual server for all ports (0) must be persistent, or the connections of one client part; "
            + "'persistence_timeout 360' is taken",
            result.Findings());
        Assert.Equal(Sample.Seconds(360), result.Service().PersistenceTimeout);
    }

    [Fact]
    public void A_check_in_a_virtual_server_for_all_ports_must_say_its_port()
    {
        ParseResult result = Sample.Parse(
            """
            virtual_server 10.0.0.1 0 {
                lb_algo rr
                lb_kind DR
                protocol TCP
                persistence_timeout 60
                real_server 10.0.0.2 { TCP_CHECK { } }
                real_server 10.0.0.3 8080 { TCP_CHECK { } }
            }
            """);

        Assert.Equal(
            [
                "6:5: warning: this real server stays out of service, because a check of it was not understood",
                "6:28: error: this check needs a 'connect_port', because the virtual server is for all ports",
                "7:26: warning: the virtual server is for all ports: port 8080 is for checks only",
            ],
            result.Findings());
        Assert.Empty(result.Service().RealServers[0].Checks);
        Assert.Equal(8080, Assert.IsType<TcpCheck>(Assert.Single(result.Service().RealServers[1].Checks)).Port);
    }
}
