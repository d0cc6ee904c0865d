using System.Globalization;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The same world in IPv6, and its services of SCTP.</summary>
internal static class World6
{
    internal const byte Sctp = 132;

    internal static readonly IpAddress Client6 = Parse("2001:db8:1::1"), Vip6 = Parse("2001:db8::80");
    internal static readonly ServiceKey Web6 = new(Vip6, 80, Tcp), Dns6 = new(Vip6, 53, Udp);
    internal static readonly ServiceKey Signal = new(Vip, 2905, Sctp), Signal6 = new(Vip6, 2905, Sctp);

    internal static readonly FrameBuilder ToWeb6 = ToWeb with { From = Client6, To = Vip6 };
    internal static readonly FrameBuilder ToDns6 = ToWeb6 with { ToPort = 53 };
    internal static readonly FrameBuilder ToSignal = ToWeb with { ToPort = 2905 };
    internal static readonly FrameBuilder ToSignal6 = ToWeb6 with { ToPort = 2905 };

    /// <summary>One tag, and a provider's around a customer's.</summary>
    internal static readonly uint[] OneTag = [0x8100_0064], TwoTags = [0x88A8_2064, 0x8100_000A];

    internal static IpAddress Parse(string text) => IpAddress.TryParse(text, out IpAddress address)
        ? address
        : throw new System.FormatException(string.Create(CultureInfo.InvariantCulture, $"no address: {text}"));

    /// <summary>What a real server sends to the client as that service: what errors quote.</summary>
    internal static FrameBuilder Answer(FrameBuilder request) => request with
    {
        From = request.To,
        FromPort = request.ToPort,
        To = request.From,
        ToPort = request.FromPort,
    };
}
