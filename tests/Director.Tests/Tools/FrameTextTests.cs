using System;
using XdpLvs.Director.Tools;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Director.Tests.Tools.Replayed;

namespace XdpLvs.Director.Tests.Tools;

public sealed class FrameTextTests
{
    private static readonly IpAddress Client6 = IpAddress.TryParse("2001:db8::1", out IpAddress it) ? it : default;
    private static readonly IpAddress Vip6 = IpAddress.TryParse("2001:db8::80", out IpAddress it) ? it : default;
    private static readonly FrameBuilder ToWeb6 = ToWeb with { From = Client6, To = Vip6 };

    public static TheoryData<byte[], string> Frames => new()
    {
        { ToWeb.Tcp(TcpControl.Syn | TcpControl.Ack), "TCP SYN+ACK 198.51.100.1:50000 > 192.0.2.80:80" },
        { ToWeb6.Tcp(TcpControl.Reset), "TCP RESET [2001:db8::1]:50000 > [2001:db8::80]:80" },
        { ToWeb.Sctp(1), "SCTP chunk 1 198.51.100.1:50000 > 192.0.2.80:80" },
        { (ToDns with { FragmentBits = 0x2000 }).Udp(), "UDP first fragment 198.51.100.1:50000 > 192.0.2.80:53" },
        { (ToDns with { FragmentBits = 0x0001 }).Udp(), "UDP later fragment 198.51.100.1 > 192.0.2.80" },
        { ToWeb.IcmpMessage(8, [1, 2]), "IPv4 ICMP 198.51.100.1 > 192.0.2.80" },
        { ToWeb.Ipv4(47, [1, 2]), "IPv4 protocol 47 198.51.100.1 > 192.0.2.80" },
        { (ToWeb with { Tags = [0x8100_0064], ToPort = 22, Type = 0x0806 }).Udp(), "VLAN 100 ARP" },
        { (ToWeb with { Tags = [0x88A8_0002, 0x8100_F003], Type = 0x88CC }).Udp(), "VLAN 2 VLAN 3 EtherType 0x88cc" },
        { ToWeb.Tcp(0)[..20], "IPv4, cut off" },
        { ToWeb6.Tcp(0)[..50], "IPv6, cut off" },
        { ToWeb6.Tcp(0)[..60], "IPv6 TCP 2001:db8::1 > 2001:db8::80" },
        { new byte[13], "13 octets, no Ethernet frame" },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void Says_in_a_few_words_what_a_frame_is(byte[] frame, string text) =>
        Assert.Equal(text, FrameText.Describe(frame));

    [Fact]
    public void Takes_any_octets()
    {
        var random = new Random(20254);
        byte[][] seeds =
            [ToWeb.Tcp(0), ToWeb6.Udp(), (ToWeb with { Tags = [0x8100_0001, 0x8100_0002] }).Sctp(0), new byte[60]];
        for (int i = 0; i < 100_000; i++)
        {
            byte[] frame = [.. seeds[random.Next(seeds.Length)]];
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
            frame[random.Next(frame.Length)] ^= (byte)(1 << random.Next(8));

            Assert.NotEqual("", FrameText.Describe(frame.AsSpan(0, random.Next(frame.Length + 1))));
        }
    }
}
