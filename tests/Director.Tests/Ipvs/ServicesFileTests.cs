using XdpLvs.Director.Commands.Ipvsadm;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>services(5).</summary>
public sealed class ServicesFileTests
{
    private readonly ServicesFile _services = new(
        "# a comment\n\nhttp\t\t80/tcp\t\twww www-http # WorldWideWeb\nhttp 80/udp\nweb 80/tcp\nwrong\nwrong 1\n"
        + "wrong x/tcp\nwrong 65536/tcp\nsip 5060/sctp\r\nlast 1/tcp");

    [Theory]
    [InlineData(80, 6, "http")]
    [InlineData(80, 17, "http")]
    [InlineData(5060, 132, "sip")]
    [InlineData(1, 6, "last")]
    [InlineData(80, 132, null)]
    [InlineData(81, 6, null)]
    public void A_port_has_the_first_name_for_its_protocol(int port, byte protocol, string? name) =>
        Assert.Equal(name, _services.Name((ushort)port, protocol));

    [Theory]
    [InlineData("http", 6, 80)]
    [InlineData("www-http", 6, 80)]
    [InlineData("web", 6, 80)]
    [InlineData("www", 17, null)]
    [InlineData("wrong", 6, null)]
    [InlineData("#", 6, null)]
    public void A_name_or_an_alias_has_a_port(string name, byte protocol, int? port) =>
        Assert.Equal((ushort?)port, _services.Port(name, protocol));
}
