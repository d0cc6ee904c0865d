using System;
using Xunit;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Vrrp.Tests.Bfd;

/// <summary>RFC 5880 section 4.1 octet by octet, and everything that is refused.</summary>
public sealed class BfdWireTests
{
    private static readonly byte[] Valid = Convert.FromHexString("20c80518000000630000000700002710000186a000000000");

    [Fact]
    public void A_packet_is_read_field_by_field()
    {
        byte[] octets = [.. Valid];
        octets[0] = 0x23;
        octets[1] = 0xF0;

        Assert.Equal(BfdFault.None, BfdReader.Read(octets, out BfdPacket packet));

        Assert.Equal(
            new BfdPacket(
                BfdSession.Up, BfdDiagnostic.NeighbourDown, true, true, 5, 0x63, 7, 10_000, 100_000),
            packet);
    }

    [Fact]
    public void A_packet_is_written_octet_by_octet()
    {
        BfdSettings self = BfdNode.Defaults with { Discriminator = 0x63, MinRxMicroseconds = 100_000 };
        var state = new BfdState(BfdSession.Up)
        {
            RemoteDiscriminator = 7,
            MinTxMicroseconds = 10_000,
            IsPolling = true,
            Diagnostic = BfdDiagnostic.Expired,
        };
        byte[] octets = new byte[30];
        Array.Fill(octets, (byte)0xAA);

        Assert.Equal(24, BfdWriter.Write(octets, state, self, isAnswer: false));

        Assert.Equal("21e00518000000630000000700002710000186a000000000", Convert.ToHexStringLower(octets[..24]));
        Assert.All(octets[24..], octet => Assert.Equal(0xAA, octet));
    }

    [Theory]
    [InlineData(BfdFault.Version, 0, 0x40)]
    [InlineData(BfdFault.Version, 0, 0x00)]
    [InlineData(BfdFault.Multiplier, 2, 0)]
    [InlineData(BfdFault.Multipoint, 1, 0xC1)]
    [InlineData(BfdFault.Discriminator, 7, 0)]
    [InlineData(BfdFault.YourDiscriminator, 11, 0)]
    [InlineData(BfdFault.Authentication, 1, 0xC4)]
    [InlineData(BfdFault.Length, 3, 23)]
    [InlineData(BfdFault.Length, 3, 25)]
    public void One_wrong_octet_is_refused_with_its_reason(BfdFault fault, int offset, byte value)
    {
        byte[] octets = [.. Valid];
        octets[offset] = value;

        Assert.Equal(fault, BfdReader.Read(octets, out BfdPacket packet));
        Assert.Equal(default, packet);
    }

    [Fact]
    public void A_neighbour_that_does_not_know_us_yet_may_say_down_only()
    {
        byte[] octets = [.. Valid];
        octets[11] = 0;
        octets[1] = 0x40;
        Assert.Equal(BfdFault.None, BfdReader.Read(octets, out _));

        octets[1] = 0x80;
        Assert.Equal(BfdFault.YourDiscriminator, BfdReader.Read(octets, out _));
    }

    [Fact]
    public void Padding_after_the_packet_is_nobodys_business() =>
        Assert.Equal(BfdFault.None, BfdReader.Read([.. Valid, 1, 2, 3], out _));

    [Fact]
    public void Every_cut_packet_is_refused()
    {
        for (int length = 0; length < BfdView.Size; length++)
        {
            Assert.Equal(BfdFault.Length, BfdReader.Read(Valid.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void No_octets_whatever_make_the_reader_or_the_machine_fail()
    {
        var random = new Random(20261128);
        var node = new BfdNode(BfdNode.Defaults);
        node.Start();
        int read = 0;
        byte[] octets = new byte[32];
        for (int i = 0; i < 200_000; i++)
        {
            Valid.CopyTo(octets, 0);
            for (int changes = random.Next(6); changes > 0; changes--)
            {
                octets[random.Next(BfdView.Size)] = (byte)random.Next(256);
            }

            if (BfdReader.Read(octets.AsSpan(0, random.Next(20, 33)), out BfdPacket packet) == BfdFault.None)
            {
                read++;
                node.Hears(packet);
                Assert.True(node.State.NextDeadline.Microseconds >= node.Now.Microseconds);
            }

            node.Advance(random.Next(5_000));
            Assert.InRange(node.Session, BfdSession.Down, BfdSession.Up);
        }

        Assert.InRange(read, 10_000, 190_000);
    }
}
