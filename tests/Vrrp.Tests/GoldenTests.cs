using System;
using System.Buffers.Binary;
using System.Globalization;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Our octets against those of the real keepalived, in both directions.</summary>
public sealed class GoldenTests
{
    private const byte DontFragment = 0x40;

    public static TheoryData<string> Version2 => Golden.Version2Titles;

    public static TheoryData<string> Announcements => [.. Golden.OfKind("GARP").Select(frame => frame.Title)];

    public static TheoryData<string> Foreign =>
        [.. Golden.Frames.Where(f => f.Kind is not ("v2/4" or "GARP")).Select(frame => frame.Title)];

    [Fact]
    public void There_are_as_many_frames_as_there_were()
    {
        Assert.Equal(22, Golden.OfKind("v2/4").Count());
        Assert.Equal(24, Golden.OfKind("GARP").Count());
        Assert.Equal(141, Golden.Frames.Count);
    }

    [Theory]
    [MemberData(nameof(Version2))]
    public void Reads_every_advert_without_fault(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        VrrpSettings sender = SenderOf(frame);

        AdvertFault fault = AdvertReader.Read(frame.IpPacket, ExpectationOf(sender), out Advert advert);

        Assert.Equal(AdvertFault.None, fault);
        Assert.Equal(byte.Parse(frame.Field("prio"), CultureInfo.InvariantCulture), advert.Priority);
        Assert.Equal(sender.SourceAddress, advert.Sender);
        Assert.Equal(1_000_000, advert.IntervalMicroseconds);
        Assert.True(AdvertReader.TryReadVrid(frame.IpPacket, out byte vrid));
        Assert.Equal(byte.Parse(frame.Field("vrid"), CultureInfo.InvariantCulture), vrid);
    }

    [Theory]
    [MemberData(nameof(Version2))]
    public void Writes_every_advert_octet_for_octet(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        byte priority = byte.Parse(frame.Field("prio"), CultureInfo.InvariantCulture);
        ushort identification = BinaryPrimitives.ReadUInt16BigEndian(frame.IpPacket[4..]);
        byte[] target = new byte[100];

        int written = AdvertWriter.Write(target, SenderOf(frame), priority, identification);

        // FRR sets the don't-fragment bit, keepalived does not; the message is the same
        int from = frame.IpPacket[6] == DontFragment ? Ipv4View.HeaderSize : 0;
        Assert.Equal(Convert.ToHexString(frame.IpPacket[from..]), Convert.ToHexString(target.AsSpan(from..written)));
    }

    [Theory]
    [MemberData(nameof(Announcements))]
    public void Writes_every_gratuitous_arp_octet_for_octet(string title)
    {
        byte[] golden = Golden.Titled(title).Octets;
        ulong mac = BinaryPrimitives.ReadUInt64BigEndian(golden.AsSpan(6)) >> 16;
        uint vip = BinaryPrimitives.ReadUInt32BigEndian(golden.AsSpan(28));
        byte[] target = new byte[GratuitousArp.Length];

        Assert.Equal(GratuitousArp.Length, GratuitousArp.Write(target, mac, vip));
        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(target));
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Refuses_everything_else_that_was_on_the_wire(string title)
    {
        GoldenFrame frame = Golden.Titled(title);
        AdvertExpectation expected = ExpectationOf(SenderOf(Golden.Titled("ka-v2-pass-seed #17")));

        AdvertFault fault = AdvertReader.Read(frame.IpPacket, expected, out _);

        AdvertFault wanted = frame.Kind switch
        {
            "v3/4" => AdvertFault.Version,
            "AH" or "IGMP" => AdvertFault.NotVrrp,
            _ => AdvertFault.Truncated, // IPv6
        };
        Assert.Equal(wanted, fault);
    }

    /// <summary>The configuration that made keepalived send the frame.</summary>
    internal static VrrpSettings SenderOf(GoldenFrame frame)
    {
        ReadOnlySpan<byte> ip = frame.IpPacket;
        byte vrid = ip[21];
        bool open = ip[24] == 0; // whether it asked for a password is part of the configuration
        return new VrrpSettings
        {
            Name = "VI_1",
            Vrid = vrid,
            SourceAddress = BinaryPrimitives.ReadUInt32BigEndian(ip[12..]),
            Destination = BinaryPrimitives.ReadUInt32BigEndian(ip[16..]),
            Addresses = [vrid == 51 ? 0xC0A8_0564 : 0xC0A8_0569],
            Authentication = open ? default : Authentication.Password(vrid == 51 ? "1111"u8 : "2222"u8),
        };
    }

    /// <summary>What a peer with the same configuration expects of that sender.</summary>
    internal static AdvertExpectation ExpectationOf(VrrpSettings sender) =>
        AdvertExpectation.Of(sender) with { Destination = sender.Destination };
}
