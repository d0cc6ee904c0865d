using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Our octets against those of the real keepalived and FRR, in both directions.</summary>
public sealed class GoldenTests
{
    private const byte DontFragment = 0x40;

    public static TheoryData<string> Adverts => [.. Titles("v2/4", "v3/4", "v3/6")];

    public static TheoryData<string> Announcements => [.. Titles("GARP")];

    public static TheoryData<string> NeighbourAdvertisements => [.. Titles("NA")];

    public static TheoryData<string> Memberships => [.. Titles("IGMP", "MLD")];

    public static TheoryData<string> AuthenticationHeaders => [.. Titles("AH")];

    public static TheoryData<string> Foreign =>
        [.. Golden.Frames.Where(f => f.Kind is not ("v2/4" or "GARP")).Select(frame => frame.Title)];

    [Theory]
    [InlineData("v2/4", 22)]
    [InlineData("v3/4", 18)]
    [InlineData("v3/6", 14)]
    [InlineData("GARP", 24)]
    [InlineData("NA", 14)]
    [InlineData("IGMP", 34)]
    [InlineData("MLD", 5)]
    [InlineData("AH", 10)]
    public void There_are_as_many_frames_as_there_were(string kind, int count) =>
        Assert.Equal(count, Golden.OfKind(kind).Count());

    [Theory]
    [MemberData(nameof(Adverts))]
    public void Reads_every_advert_without_fault(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        VrrpSettings sender = SenderOf(frame);

        AdvertFault fault = AdvertReader.Read(frame.IpPacket, ExpectationOf(sender, frame), out Advert advert);

        Assert.Equal(AdvertFault.None, fault);
        Assert.Equal(PriorityOf(frame), advert.Priority);
        Assert.Equal(sender.SourceAddress, advert.Sender);
        Assert.Equal(sender.IntervalMicroseconds, advert.IntervalMicroseconds);
        Assert.Equal(AdvertOddities.None, advert.Oddities);
        Assert.True(AdvertReader.TryReadVrid(frame.IpPacket, out byte vrid));
        Assert.Equal(byte.Parse(frame.Field("vrid"), CultureInfo.InvariantCulture), vrid);
    }

    [Theory]
    [MemberData(nameof(Adverts))]
    public void Writes_every_advert_octet_for_octet(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        VrrpSettings sender = SenderOf(frame);
        ushort identification = BinaryPrimitives.ReadUInt16BigEndian(frame.IpPacket[4..]);
        byte[] target = new byte[200];

        int written = AdvertWriter.Write(
            target, sender, PriorityOf(frame), DestinationOf(frame), identification);

        // FRR sets the don't-fragment bit, keepalived does not; the message is the same
        int from = !sender.IsV6 && frame.IpPacket[6] == DontFragment ? Ipv4View.HeaderSize : 0;
        byte[] golden = sender.IsV6 ? WithoutFlowLabel(frame.IpPacket) : frame.IpPacket.ToArray();
        Assert.Equal(Convert.ToHexString(golden[from..]), Convert.ToHexString(target.AsSpan(from..written)));
    }

    [Theory]
    [MemberData(nameof(Announcements))]
    public void Reads_and_writes_every_gratuitous_arp_octet_for_octet(string title)
    {
        byte[] golden = Golden.Titled(title).Octets;
        byte[] target = new byte[GratuitousArp.Length];

        Assert.True(GratuitousArp.TryRead(golden, out ulong mac, out VrrpAddress vip));
        Assert.Equal(Golden.Titled(title).Field("spa"), vip.ToString());
        Assert.Equal(GratuitousArp.Length, GratuitousArp.Write(target, mac, vip));
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(target));
    }

    [Theory]
    [MemberData(nameof(NeighbourAdvertisements))]
    public void Reads_and_writes_every_neighbour_advertisement_octet_for_octet(string title)
    {
        byte[] golden = Golden.Titled(title).Octets;
        byte[] target = new byte[NeighbourAdvertisement.Length];

        Assert.True(NeighbourAdvertisement.TryRead(golden, out ulong mac, out VrrpAddress vip, out bool isRouter));
        Assert.Equal(Golden.Titled(title).Field("target"), vip.ToString());
        Assert.Equal(Golden.Titled(title).Field("flags") == "a0", isRouter);
        Assert.Equal(NeighbourAdvertisement.Length, NeighbourAdvertisement.Write(target, mac, vip, isRouter));
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(target));
    }

    [Theory]
    [MemberData(nameof(Memberships))]
    public void Reads_and_writes_every_membership_report_octet_for_octet(string title)
    {
        byte[] golden = Golden.Titled(title).Octets;

        Assert.True(MembershipReport.TryRead(golden, out MembershipReport? report));
        Assert.Contains(report!.Records, record => record.Group == VrrpSettings.GroupV4
            || record.Group == VrrpSettings.GroupV6 || record.Group.ToString().StartsWith("ff02::1:ff"));
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(report.Write()));
    }

    [Theory]
    [MemberData(nameof(AuthenticationHeaders))]
    public void An_authentication_header_is_read_and_refused_by_its_name(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        AdvertExpectation expected =
            AdvertExpectation.Of(TestNode.Defaults with { Authentication = new(AuthenticationType.Header, 0) });

        Assert.Equal(AdvertFault.AuthenticationHeader, AdvertReader.Read(frame.IpPacket, expected, out _));
        Assert.True(VrrpPacket.TryOpen(frame.IpPacket, out VrrpPacket ip));
        Assert.True(AuthenticationHeaderView.TryOpen(ip.Payload, out AuthenticationHeaderView header));
        Assert.Equal(frame.Field("seq"), header.Sequence.ToString(CultureInfo.InvariantCulture));
        Assert.True(AdvertReader.TryReadVrid(frame.IpPacket, out byte vrid));
        Assert.Equal(51, vrid);
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Refuses_everything_else_that_was_on_the_wire(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        GoldenFrame seed = Golden.Titled("ka-v2-pass-seed #17");
        AdvertExpectation expected = ExpectationOf(SenderOf(seed), seed);

        AdvertFault fault = AdvertReader.Read(frame.IpPacket, expected, out _);

        AdvertFault wanted = frame.Kind switch
        {
            "v3/4" => AdvertFault.Version,
            "AH" => AdvertFault.AuthenticationHeader,
            _ => AdvertFault.NotVrrp, // IGMP, and all IPv6
        };
        Assert.Equal(wanted, fault);
    }

    /// <summary>The configuration that made the sender send the frame.</summary>
    internal static VrrpSettings SenderOf(GoldenFrame frame)
    {
        Assert.True(VrrpPacket.TryOpen(frame.IpPacket, out VrrpPacket ip));
        Assert.True(VrrpHeaderView.TryOpen(ip.Payload, out VrrpHeaderView head));
        Assert.True(AdvertView.TryOpen(ip.Payload, ip.IsV4, out AdvertView body));
        List<VrrpAddress> addresses = [];
        for (int i = 0; i < body.Count; i++)
        {
            addresses.Add(body.Address(i));
        }

        // whether it asked for a password is part of the configuration
        bool open = head.Version == VrrpVersion.Three || body.AuthenticationType == AuthenticationType.None;
        return new VrrpSettings
        {
            Name = "VI_1",
            Version = head.Version,
            Vrid = head.Vrid,
            TimeToLive = ip.TimeToLive,
            SourceAddress = ip.Source,
            IntervalMicroseconds = body.IntervalMicroseconds,
            Addresses = [.. addresses],
            Authentication = open ? default : Authentication.Password(head.Vrid == 51 ? "1111"u8 : "2222"u8),
        };
    }

    /// <summary>What a peer with the same configuration expects of that sender.</summary>
    internal static AdvertExpectation ExpectationOf(VrrpSettings sender, GoldenFrame frame)
    {
        VrrpAddress destination = DestinationOf(frame);
        bool isUnicast = destination != sender.MulticastGroup;
        return AdvertExpectation.Of(sender) with
        {
            Destination = destination,
            Peers = isUnicast ? [new UnicastPeer(sender.SourceAddress)] : [],
        };
    }

    /// <summary>The kernel puts a flow label into what keepalived sends (RFC 6437); ours has none.</summary>
    private static byte[] WithoutFlowLabel(ReadOnlySpan<byte> ipPacket)
    {
        byte[] packet = ipPacket.ToArray();
        (packet[1], packet[2], packet[3]) = ((byte)(packet[1] & 0xF0), 0, 0);
        return packet;
    }

    private static VrrpAddress DestinationOf(GoldenFrame frame) =>
        VrrpPacket.TryOpen(frame.IpPacket, out VrrpPacket ip) ? ip.Destination : default;

    private static byte PriorityOf(GoldenFrame frame) => byte.Parse(frame.Field("prio"), CultureInfo.InvariantCulture);

    private static IEnumerable<string> Titles(params string[] kinds) =>
        Golden.Frames.Where(frame => kinds.Contains(frame.Kind)).Select(frame => frame.Title);
}
