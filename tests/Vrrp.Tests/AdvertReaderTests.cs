using System;
using System.Buffers.Binary;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>RFC 9568 section 7.1: every reason to refuse, each from one change to a captured advert.</summary>
public sealed class AdvertReaderTests
{
    private const int Header = Ipv4View.HeaderSize;
    private const int MutationsPerSeed = 400;

    private static readonly AdvertExpectation Expected =
        GoldenTests.ExpectationOf(
            GoldenTests.SenderOf(Golden.Titled("ka-v2-pass-seed #17")), Golden.Titled("ka-v2-pass-seed #17"));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 25)];

    public static TheoryData<AdvertFault> Faults =>
        [.. Enum.GetValues<AdvertFault>().Where(fault => fault != AdvertFault.None)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Refuses(AdvertFault fault)
    {
        byte[] packet = Broken(fault, out AdvertExpectation expected);

        Assert.Equal(fault, AdvertReader.Read(packet, expected, out Advert advert));
        Assert.Equal(default, advert);
    }

    [Fact]
    public void Ignores_the_padding_of_short_ethernet_frames()
    {
        byte[] padded = [.. Golden.SeedAdvert(), 1, 2, 3, 4, 5, 6];

        Assert.Equal(AdvertFault.None, AdvertReader.Read(padded, Expected, out _));
    }

    [Fact]
    public void Octets_inside_the_packet_but_beyond_the_message_are_a_wrong_length()
    {
        byte[] longer = [.. Golden.SeedAdvert(), 0, 0, 0, 0];

        Assert.Equal(AdvertFault.Length, AdvertReader.Read(Sealed(longer), Expected, out _));
    }

    [Fact]
    public void A_carp_packet_is_a_wrong_length()
    {
        byte[] carp = new byte[Header + 36];
        Golden.SeedAdvert().AsSpan(0, Header + 8).CopyTo(carp);
        carp[Header + 3] = 7;

        Assert.Equal(AdvertFault.Length, AdvertReader.Read(Sealed(carp), Expected, out _));
    }

    [Fact]
    public void The_owner_may_carry_other_addresses()
    {
        byte[] packet = Broken(AdvertFault.AddressList, out AdvertExpectation expected);
        packet[Header + 2] = VrrpMachine.OwnerPriority;

        Assert.Equal(AdvertFault.None, AdvertReader.Read(Sealed(packet), expected, out _));
    }

    [Fact]
    public void Other_addresses_do_not_matter_if_the_setting_says_so()
    {
        byte[] packet = Broken(AdvertFault.AddressList, out AdvertExpectation expected);

        expected = expected with { AddressCheck = AddressCheck.Skip };
        Assert.Equal(AdvertFault.None, AdvertReader.Read(packet, expected, out _));
    }

    [Fact]
    public void Addresses_may_come_in_any_order()
    {
        VrrpSettings sender = TestNode.Defaults with { Addresses = [1, 2, 3] };
        byte[] packet = new byte[AdvertWriter.LengthOf(sender)];
        AdvertWriter.Write(packet, sender, 100, sender.MulticastGroup, 1);

        AdvertExpectation reversed = AdvertExpectation.Of(sender with { Addresses = [3, 1, 2] });
        AdvertExpectation fewer = AdvertExpectation.Of(sender with { Addresses = [1, 2] });
        AdvertExpectation other = AdvertExpectation.Of(sender with { Addresses = [1, 2, 4] });

        Assert.Equal(AdvertFault.None, AdvertReader.Read(packet, reversed, out _));
        Assert.Equal(AdvertFault.AddressList, AdvertReader.Read(packet, fewer, out _));
        Assert.Equal(AdvertFault.AddressList, AdvertReader.Read(packet, other, out _));
    }

    [Fact]
    public void Without_authentication_the_trailer_means_nothing()
    {
        byte[] packet = Golden.Titled("ka-v2-noauth #17").IpPacket.ToArray();
        packet[^1] = 0x42;

        Assert.Equal(
            AdvertFault.None, AdvertReader.Read(Sealed(packet), Expected with { Authentication = default }, out _));
    }

    [Fact]
    public void A_unicast_instance_wants_adverts_for_its_own_address()
    {
        VrrpSettings self = TestNode.Defaults with { Peers = [new UnicastPeer(TestNode.Higher)] };

        Assert.Equal(TestNode.Ours, AdvertExpectation.Of(self).Destination);
        Assert.Equal(VrrpSettings.GroupV4, AdvertExpectation.Of(TestNode.Defaults).Destination);
    }

    [Fact]
    public void A_password_is_cut_and_padded_to_eight_octets()
    {
        Assert.Equal(0x3131_3131_0000_0000u, Authentication.Password("1111"u8).Data);
        Assert.Equal(Authentication.Password("12345678"u8), Authentication.Password("123456789"u8));
    }

    [Fact]
    public void Any_change_of_one_octet_is_noticed()
    {
        byte[] golden = Golden.SeedAdvert();
        for (int at = 0; at < golden.Length; at++)
        {
            for (int change = 1; change < 256; change++)
            {
                byte[] packet = [.. golden];
                packet[at] ^= (byte)change;

                AdvertFault fault = AdvertReader.Read(packet, Expected, out Advert advert);

                Assert.True(fault != AdvertFault.None, $"octet {at} xor {change} went through");
                Assert.Equal(default, advert);
            }
        }
    }

    [Fact]
    public void Any_truncation_is_noticed()
    {
        byte[] golden = Golden.SeedAdvert();
        for (int length = 0; length < golden.Length; length++)
        {
            Assert.Equal(AdvertFault.Truncated, AdvertReader.Read(golden.AsSpan(0, length), Expected, out _));
            AdvertReader.TryReadVrid(golden.AsSpan(0, length), out _);
        }
    }

    /// <summary>Whatever arrives: no exception, and what is refused cannot reach the machine.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_that_arrives_makes_it_throw(int seed)
    {
        var random = new Random(seed);
        GoldenFrame[] frames = [.. Golden.Frames];
        for (int i = 0; i < MutationsPerSeed; i++)
        {
            byte[] packet = frames[random.Next(frames.Length)].IpPacket.ToArray();
            packet = packet[..random.Next(packet.Length + 1)];
            for (int n = random.Next(4); n > 0 && packet.Length > 0; n--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            packet = random.Next(2) == 0 && packet.Length > Header + 8 ? Sealed(packet) : packet;

            AdvertFault fault = AdvertReader.Read(packet, Expected, out Advert advert);
            string? why = VrrpLog.Refusal(fault, packet, TestNode.Defaults);

            Assert.True(fault == AdvertFault.None || advert == default, $"seed {seed}, {Convert.ToHexString(packet)}");
            Assert.True(fault != AdvertFault.None || why is null, $"seed {seed}, {Convert.ToHexString(packet)}");
            AdvertReader.TryReadVrid(packet, out _);
        }
    }

    /// <summary>
    /// The captured advert with one thing wrong, and all checksums right unless they are what is wrong.
    /// </summary>
    internal static byte[] Broken(AdvertFault fault, out AdvertExpectation expected)
    {
        byte[] packet = Golden.SeedAdvert();
        expected = Expected;
        switch (fault)
        {
            case AdvertFault.Truncated: return packet[..^1];
            case AdvertFault.AuthenticationHeader: return Golden.OfKind("AH").First().IpPacket.ToArray();
            case AdvertFault.NotVrrp: packet[Ipv4View.ProtocolOffset] = 17; break;
            case AdvertFault.IpChecksum: packet[Ipv4View.IdentificationOffset] ^= 1; return packet;
            case AdvertFault.Ttl: packet[Ipv4View.TimeToLiveOffset] = 254; break;
            case AdvertFault.Version: packet[Header] = 0x31; break;
            case AdvertFault.UnknownVrid: packet[Header + 1] = 52; break;
            case AdvertFault.OwnSource: expected = Expected with { RefuseOwnSource = true }; break;
            case AdvertFault.Length: packet[Header + 3] = 2; break;
            case AdvertFault.AuthType: packet[Header + 4] = 9; break;
            case AdvertFault.AuthMismatch: packet[Header + 4] = 0; break;
            case AdvertFault.Password: packet[^1] = 0x31; break;
            case AdvertFault.Interval: packet[Header + 5] = 2; break;
            case AdvertFault.Type: packet[Header] = 0x22; break;
            case AdvertFault.Count: packet = [.. packet[..(Header + 3)], 0, .. packet[(Header + 4)..(Header + 8)],
                .. packet[^8..]]; break;
            case AdvertFault.Checksum: packet[Header + 6] ^= 1; return packet;
            case AdvertFault.Destination: packet[Ipv4View.DestinationOffset + 3] = 19; break;
            case AdvertFault.AddressList: packet[Header + 11] = 0x65; break;
            case AdvertFault.UnknownPeer:
                expected = Expected with { Peers = [new UnicastPeer(TestNode.Higher)], CheckPeer = true };
                break;
            case AdvertFault.LinkLocal: expected = Expected with { WantsLinkLocal = true }; break;
            default: throw new ArgumentOutOfRangeException(nameof(fault));
        }

        return Sealed(packet);
    }

    /// <summary>Makes the total length and both checksums fit, as an attacker would.</summary>
    private static byte[] Sealed(byte[] packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(Ipv4View.TotalLengthOffset), (ushort)packet.Length);
        Seal(packet.AsSpan(0, Header), Ipv4View.ChecksumOffset);
        Seal(packet.AsSpan(Header), 6);
        return packet;
    }

    private static void Seal(Span<byte> octets, int checksumOffset)
    {
        octets.Slice(checksumOffset, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(octets[checksumOffset..], InternetChecksum.Of(octets));
    }
}
