using System.Net;
using XdpLvs.Director.Tables;
using XdpLvs.Linux;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>What glibc 2.36's inet_ntop prints for these.</summary>
public sealed class AddressTextTests
{
    [Theory]
    [InlineData("192.168.5.100")]
    [InlineData("0.0.0.0")]
    [InlineData("2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1")] // one zero is no run
    [InlineData("2001:0:0:1::1")] // the longest run
    [InlineData("2001:db8::1:0:0:1")] // the first of two
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("1::")]
    [InlineData("0:0:0:1::")]
    [InlineData("1:0:0:2::")]
    [InlineData("0:1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:0")]
    [InlineData("::192.168.5.100")]
    [InlineData("fd00::5efe:c0a8:567")] // the runtime would show an IPv4 address at its end
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_address_is_printed_in_its_usual_form(string text) =>
        Assert.Equal(text, IpvsAddress.Text(IpAddress.From(IPAddress.Parse(text))));
}
