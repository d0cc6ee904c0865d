using System;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>RFC 9568 section 7.1 and its errata: what of VRRPv3 and of unicast is refused, taken and told.</summary>
public sealed class Version3ReaderTests
{
    private static readonly VrrpSettings Four = TestNode.Defaults with { Version = VrrpVersion.Three };

    private static readonly VrrpSettings Six = Four with
    {
        SourceAddress = VrrpAddress.Parse("fe80::65"),
        Addresses = [VrrpAddress.Parse("fe80::5:100"), VrrpAddress.Parse("fd00:5::100")],
    };

    public static TheoryData<bool> Families => [false, true];

    [Theory]
    [MemberData(nameof(Families))]
    public void Takes_what_it_writes(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four;

        Assert.Equal(AdvertFault.None, Read(Written(self), AdvertExpectation.Of(self), out Advert advert));
        Assert.Equal(new Advert(100, 1_000_000, self.SourceAddress), advert);
    }

    [Fact]
    public void Takes_both_checksums_on_ipv4_and_tells_which()
    {
        byte[] plain = Written(Four with { PlainChecksum = true });

        Assert.NotEqual(Written(Four), plain);
        Assert.Equal(AdvertFault.None, Read(plain, AdvertExpectation.Of(Four), out Advert advert));
        Assert.Equal(AdvertOddities.PlainChecksum, advert.Oddities);
    }

    [Fact]
    public void Ipv6_knows_no_plain_checksum()
    {
        Assert.Equal(Written(Six), Written(Six with { PlainChecksum = true }));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Any_change_of_one_octet_of_the_message_is_noticed(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four;
        byte[] good = Written(self);
        for (int at = good.Length - MessageLength(good, isV6); at < good.Length; at++)
        {
            for (int change = 1; change < 256; change++)
            {
                byte[] packet = [.. good];
                packet[at] ^= (byte)change;

                Assert.NotEqual(AdvertFault.None, Read(packet, AdvertExpectation.Of(self), out Advert advert));
                Assert.Equal(default, advert);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_interval_of_zero_is_refused(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four;

        Assert.Equal(
            AdvertFault.Interval,
            Read(Written(self with { IntervalMicroseconds = 0 }), AdvertExpectation.Of(self), out _));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_count_of_zero_is_refused(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four;

        Assert.Equal(
            AdvertFault.Count, Read(Written(self with { Addresses = [] }), AdvertExpectation.Of(self), out _));
    }

    [Fact]
    public void Another_interval_is_taken_and_told()
    {
        byte[] slower = Written(Four with { IntervalMicroseconds = 2_000_000 });

        Assert.Equal(AdvertFault.None, Read(slower, AdvertExpectation.Of(Four), out Advert advert));
        Assert.Equal((2_000_000, AdvertOddities.Interval), (advert.IntervalMicroseconds, advert.Oddities));
    }

    [Fact]
    public void The_longest_interval_fits_and_the_reserved_bits_are_ignored()
    {
        byte[] packet = Written(Four with { IntervalMicroseconds = 40_950_000 });
        packet[Ipv4View.HeaderSize + 4] |= 0xF0;
        packet[Ipv4View.HeaderSize + 6] = packet[Ipv4View.HeaderSize + 7] = 0;
        ushort sum = InternetChecksum.Of(packet.AsSpan(Ipv4View.HeaderSize));
        (packet[Ipv4View.HeaderSize + 6], packet[Ipv4View.HeaderSize + 7]) = ((byte)(sum >> 8), (byte)(sum & 0xFF));

        Assert.Equal(AdvertFault.None, Read(packet, AdvertExpectation.Of(Four), out Advert advert));
        Assert.Equal(40_950_000, advert.IntervalMicroseconds);
    }

    [Theory]
    [InlineData(null, false, AdvertFault.None, AdvertOddities.Addresses)]
    [InlineData(AddressCheck.Refuse, false, AdvertFault.AddressList, AdvertOddities.None)]
    [InlineData(AddressCheck.Skip, false, AdvertFault.None, AdvertOddities.None)]
    [InlineData(null, true, AdvertFault.AddressList, AdvertOddities.None)]
    public void Other_addresses_are_told_unless_configured_otherwise(
        AddressCheck? check, bool strict, AdvertFault fault, AdvertOddities oddities)
    {
        byte[] packet = Written(Four with { Addresses = [TestNode.Vip, 0xC0A8_0569] });
        VrrpSettings self = Four with { AddressCheck = check, Strict = strict };

        Assert.Equal(fault, Read(packet, AdvertExpectation.Of(self), out Advert advert));
        Assert.Equal(oddities, advert.Oddities);
    }

    [Fact]
    public void A_sender_that_was_checked_once_may_be_spared_the_check()
    {
        VrrpSettings strict = Four with { AddressCheck = AddressCheck.Refuse };
        byte[] packet = Written(Four with { Addresses = [0xC0A8_0569] });
        AdvertExpectation expected = AdvertExpectation.Of(strict);

        Assert.Equal(AdvertFault.AddressList, Read(packet, expected, out _));
        Assert.Equal(AdvertFault.None, Read(packet, expected with { CheckedSender = TestNode.Ours }, out _));
        Assert.Equal(AdvertFault.AddressList, Read(packet, expected with { CheckedSender = TestNode.Higher }, out _));
    }

    [Fact]
    public void Strict_mode_wants_a_link_local_address_first()
    {
        VrrpSettings global = Six with { Addresses = [Six.Addresses[1], Six.Addresses[0]] };
        AdvertExpectation relaxed = AdvertExpectation.Of(global);

        Assert.Equal(AdvertFault.None, Read(Written(global), relaxed, out _));
        Assert.Equal(AdvertFault.LinkLocal, Read(Written(global), relaxed with { WantsLinkLocal = true }, out _));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Multicast_wants_a_ttl_of_255(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four;

        Assert.Equal(
            AdvertFault.Ttl, Read(Written(self with { TimeToLive = 254 }), AdvertExpectation.Of(self), out _));
    }

    [Theory]
    [InlineData(0, 255, 64, AdvertFault.None)]
    [InlineData(60, 70, 64, AdvertFault.None)]
    [InlineData(65, 255, 64, AdvertFault.Ttl)]
    [InlineData(0, 63, 64, AdvertFault.Ttl)]
    public void A_unicast_peer_may_be_as_far_away_as_configured(byte min, byte max, byte ttl, AdvertFault fault)
    {
        VrrpSettings peer = Four with { TimeToLive = ttl, SourceAddress = TestNode.Higher };
        VrrpSettings self = Four with { Peers = [new UnicastPeer(TestNode.Higher, min, max)] };
        byte[] packet = Written(peer, self.SourceAddress);

        Assert.Equal(fault, Read(packet, AdvertExpectation.Of(self), out _));
    }

    [Theory]
    [InlineData(false, AdvertFault.None)]
    [InlineData(true, AdvertFault.UnknownPeer)]
    public void An_unknown_unicast_router_is_refused_if_the_setting_says_so(bool check, AdvertFault fault)
    {
        VrrpSettings self = Four with { Peers = [new UnicastPeer(TestNode.Higher)], CheckUnicastSource = check };
        byte[] packet = Written(Four with { SourceAddress = TestNode.Another }, self.SourceAddress);

        Assert.Equal(fault, Read(packet, AdvertExpectation.Of(self), out _));
    }

    [Fact]
    public void Unicast_and_multicast_do_not_mix()
    {
        VrrpSettings unicast = Four with { Peers = [new UnicastPeer(TestNode.Higher)] };

        Assert.Equal(AdvertFault.Destination, Read(Written(Four), AdvertExpectation.Of(unicast), out _));
        Assert.Equal(
            AdvertFault.Destination, Read(Written(Four, TestNode.Higher), AdvertExpectation.Of(Four), out _));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_other_ip_version_is_not_ours(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four, other = isV6 ? Four : Six;

        Assert.Equal(AdvertFault.NotVrrp, Read(Written(other), AdvertExpectation.Of(self), out _));
    }

    [Fact]
    public void A_version_2_advert_is_told_apart()
    {
        byte[] two = Written(TestNode.Defaults);

        Assert.Equal(AdvertFault.Version, Read(two, AdvertExpectation.Of(Four), out _));
        Assert.Equal(AdvertFault.Version, Read(Written(Four), AdvertExpectation.Of(TestNode.Defaults), out _));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_truncated_or_longer_message_is_noticed(bool isV6)
    {
        VrrpSettings self = isV6 ? Six : Four;
        byte[] good = Written(self);
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Equal(
                AdvertFault.Truncated, Read(good.AsSpan(0, length).ToArray(), AdvertExpectation.Of(self), out _));
        }

        int total = isV6 ? Ipv6View.PayloadLengthOffset + 1 : Ipv4View.TotalLengthOffset + 1;
        byte[] longer = [.. good, 0, 0, 0, 0];
        longer[total] += 4;
        AdvertFault fault = Read(longer, AdvertExpectation.Of(self), out _);
        Assert.Contains(fault, new[] { AdvertFault.Length, AdvertFault.IpChecksum });
    }

    private static byte[] Written(VrrpSettings self, VrrpAddress? destination = null)
    {
        byte[] packet = new byte[AdvertWriter.LengthOf(self)];
        AdvertWriter.Write(packet, self, 100, destination ?? self.MulticastGroup, 7);
        return packet;
    }

    private static int MessageLength(byte[] packet, bool isV6) =>
        packet.Length - (isV6 ? Ipv6View.HeaderSize : Ipv4View.HeaderSize);

    private static AdvertFault Read(byte[] packet, in AdvertExpectation expected, out Advert advert) =>
        AdvertReader.Read(packet, expected, out advert);
}
