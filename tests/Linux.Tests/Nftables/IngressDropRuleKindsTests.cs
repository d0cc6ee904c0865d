using System;
using System.Buffers.Binary;
using System.Net;
using XdpLvs.Linux.Nftables;
using XdpLvs.Linux.Sockets;
using Xunit;

namespace XdpLvs.Linux.Tests.Nftables;

/// <summary>IPv6, SCTP, services of all ports, pieces of packets: what is dropped, by the rule's count.</summary>
public sealed class IngressDropRuleKindsTests
{
    private const string Vip6 = "20010db8000000000000000000000080", Client6 = "20010db8000000010000000000000001";
    private const string Quoted6 = "60000000 000c1140" + Vip6 + Client6;
    private const string Ports = "9999 0035", Rest = "0010 0000 0102030405060708";

    private static readonly IpAddress Address6 = IpAddress.From(new IPAddress(Hex.Octets(Vip6)));

    private static readonly IngressService Dns = new(TestNetwork.HereAddress, 17, 53);

    private static readonly IngressService Dns6 = new(Address6, 17, 53);

    [Theory]
    [InlineData("11", Ports + Rest, true)]
    [InlineData("11", "9999 0036" + Rest, false)]
    [InlineData("06", Ports + Rest, false)]
    [InlineData("84", Ports + Rest, false)]
    [InlineData("00", "1100 0104 0000 0000" + Ports + Rest, true)] // hop-by-hop options
    [InlineData("3c", "2b00 0104 0000 0000 1100 0200 0000 0000" + Ports + Rest, true)] // options, routing
    [InlineData("2c", "1100 0000 00001234" + Ports + Rest, true)] // an atomic fragment
    [InlineData("2c", "1100 0001 00001234" + Ports + Rest, true)] // a first piece
    [InlineData("2c", "1100 0009 00001234" + Ports + Rest, false)] // a later one has data where the port would be
    public void Packets_of_IPv6_for_a_service_are_dropped(string next, string payload, bool dropped) =>
        Counts([Dns6], Ipv6(next, payload), dropped);

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(128, false)] // an echo request is for the kernel, whatever it carries
    [InlineData(135, false)]
    [InlineData(136, false)]
    public void Errors_of_ICMPv6_about_a_service_are_dropped(byte type, bool dropped) =>
        Counts([Dns6], Ipv6("3a", $"{type:x2}00 0000 00000000" + Quoted6 + "0035 9999" + Rest), dropped);

    [Fact]
    public void An_error_of_ICMPv6_about_another_port_is_not_dropped() => Counts(
        [Dns6], Ipv6("3a", "0100 0000 00000000" + Quoted6 + "0036 9999" + Rest), dropped: false);

    [Theory]
    [InlineData("0000")]
    [InlineData("2000")] // a first piece
    [InlineData("2003")] // a later one: whatever its port, it is the service's
    [InlineData("0003")]
    public void A_service_of_all_ports_takes_all_pieces(string fragment) =>
        Counts([Dns with { Port = 0 }], Ipv4("11", fragment, "9999 abcd" + Rest), dropped: true);

    [Fact]
    public void A_service_of_all_ports_takes_no_other_protocol() =>
        Counts([Dns with { Port = 0 }], Ipv4("06", "0000", "9999 abcd" + Rest), dropped: false);

    [Theory]
    [InlineData("11", "9999 abcd" + Rest, true)]
    [InlineData("2c", "1100 0009 00001234" + Ports + Rest, true)]
    [InlineData("06", "9999 abcd" + Rest, false)]
    [InlineData("3a", "0100 0000 00000000" + Quoted6 + "4242 9999" + Rest, true)]
    [InlineData("3a", "0100 0000 00000000 60000000 000c0640" + Vip6 + Client6 + "4242 9999" + Rest, false)]
    public void A_service_of_all_ports_of_IPv6_takes_all_pieces_and_errors(string next, string payload, bool dropped) =>
        Counts([Dns6 with { Port = 0 }], Ipv6(next, payload), dropped);

    [Fact]
    public void Chunks_for_a_service_of_SCTP_are_dropped()
    {
        IngressService[] signal = [Dns with { Protocol = 132 }, Dns6 with { Protocol = 132 }];
        Counts(signal, Ipv4("84", "0000", Ports + Rest), dropped: true);
        Counts(signal, Ipv6("84", Ports + Rest), dropped: true);
        Counts(signal, Ipv4("11", "0000", Ports + Rest), dropped: false);
    }

    [Fact]
    public void A_tag_does_not_hide_a_packet()
    {
        byte[] frame = Ipv6("11", Ports + Rest);
        Counts([Dns6], [.. frame[..12], 0x81, 0x00, 0x00, 0x64, .. frame[12..]], dropped: true);
    }

    [Fact]
    public void Both_families_are_swapped_whole()
    {
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, Dns, Dns6);
        byte[] four = Ipv4("11", "0000", Ports + Rest), six = Ipv6("11", Ports + Rest);
        Send(network, six);
        Send(network, four);
        Eventually.True(() => rule.CountDropped() == 2, "both are dropped");

        rule.Replace([Dns]);
        Send(network, six);
        Send(network, four);
        Eventually.True(() => rule.CountDropped() == 3, "that of IPv4 is dropped");

        rule.Replace([Dns6, Dns6 with { Port = 54 }]);
        Send(network, four);
        Send(network, six);
        Eventually.True(() => rule.CountDropped() == 4, "that of IPv6 is dropped");
    }

    /// <summary>Sends a frame, and one more that is dropped: when that is counted, the first was looked at.</summary>
    private static void Counts(IngressService[] services, byte[] frame, bool dropped)
    {
        var marker = new IngressService(TestNetwork.HereAddress, 17, 4711);
        using var network = new TestNetwork();
        using IngressDropRule rule = Install(network, [.. services, marker]);
        Send(network, frame);
        Send(network, Ipv4("11", "0000", "9999 1267" + Rest));

        ulong wanted = dropped ? 2ul : 1ul;
        Eventually.True(() => rule.CountDropped() > 0, "the marker is counted");
        Eventually.True(() => rule.CountDropped() >= wanted, "the frame is counted");
        Assert.Equal(wanted, rule.CountDropped());
    }

    private static IngressDropRule Install(TestNetwork network, params IngressService[] services) =>
        network.Here.Run(() => new IngressDropRule("e0", services));

    private static void Send(TestNetwork network, byte[] frame)
    {
        BinaryPrimitives.WriteUInt64BigEndian(frame, (network.HereLink.Mac << 16) | (network.ThereLink.Mac >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(8), (uint)(network.ThereLink.Mac & 0xFFFFFFFF));
        using FrameSocket socket = network.There.Run(() => new FrameSocket(network.ThereLink.Index, receive: false));
        Assert.Equal(0, socket.Send(frame));
    }

    private static byte[] Ipv6(string next, string payload)
    {
        int length = Hex.Octets(payload).Length;
        return Hex.Octets(
            $"000000000000 000000000000 86dd 60000000 {length:x4} {next} 40 {Client6} {Vip6}" + payload);
    }

    private static byte[] Ipv4(string protocol, string fragment, string payload)
    {
        byte[] frame = Hex.Octets("000000000000 000000000000 0800 4500 0000 0001" + fragment + "40" + protocol
            + "0000 0a4d0002 0a4d0001" + payload);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - 14));
        uint sum = 0;
        for (int i = 14; i < 34; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(i));
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), (ushort)(~(sum + (sum >> 16)) & 0xFFFF));
        return frame;
    }
}
