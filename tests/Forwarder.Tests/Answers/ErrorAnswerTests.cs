using System.Linq;
using CsCheck;
using PacketDotNet;
using XdpLvs.Forwarder.Answers;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>ICMP and ICMPv6 errors: RFC 792, RFC 1191, RFC 4443, and as much quoted as Linux quotes.</summary>
public sealed class ErrorAnswerTests
{
    private const int QuotedMaxV4 = 576 - 20 - 8, QuotedMaxV6 = 1280 - 40 - 8;

    [Theory]
    [InlineData(true, AnswerKind.PortUnreachable, 3, 3, 0)]
    [InlineData(true, AnswerKind.TimeExceeded, 11, 0, 0)]
    [InlineData(true, AnswerKind.TooBig, 3, 4, 1400)]
    [InlineData(false, AnswerKind.PortUnreachable, 1, 4, 0)]
    [InlineData(false, AnswerKind.TimeExceeded, 3, 0, 0)]
    [InlineData(false, AnswerKind.TooBig, 2, 0, 1400)]
    public void Each_error_has_its_type_its_code_and_its_MTU(bool isV4, AnswerKind kind, byte type, byte code, int mtu)
    {
        for (int tags = 0; tags <= 2; tags++)
        {
            Asked asked = new Asked { IsV4 = isV4, Tags = tags }.WithTcp(TcpControl.Syn, payload: 31);

            byte[] message = Read(asked, asked.Answer(kind, mtu: 1400));

            Assert.Equal([type, code], message[..2]);
            Assert.Equal([0, 0, (byte)(mtu >> 8), (byte)(mtu & 0xFF)], message[4..8]);
            Assert.Equal((asked with { Hops = kind == AnswerKind.TooBig ? (byte)63 : (byte)64 }).Packet, message[8..]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Too_big_is_found_after_the_hop_was_counted_and_no_hop_goes_below_zero(bool isV4)
    {
        Asked asked = new Asked { IsV4 = isV4, Hops = 0 }.WithTcp(TcpControl.Syn);

        Assert.Equal(asked.Packet, Read(asked, asked.Answer(AnswerKind.TooBig))[8..]);
    }

    [Theory]
    [InlineData(true, 0, 20)]
    [InlineData(true, QuotedMaxV4 - 20, QuotedMaxV4)]
    [InlineData(true, QuotedMaxV4 - 19, QuotedMaxV4)]
    [InlineData(true, 1480, QuotedMaxV4)]
    [InlineData(false, 0, 40)]
    [InlineData(false, QuotedMaxV6 - 40, QuotedMaxV6)]
    [InlineData(false, QuotedMaxV6 - 39, QuotedMaxV6)]
    [InlineData(false, 1460, QuotedMaxV6)]
    public void As_much_is_quoted_as_the_kernel_quotes_and_no_padding(bool isV4, int payload, int quoted)
    {
        var asked = new Asked { IsV4 = isV4, Protocol = Asked.Udp, Message = [.. Enumerable.Repeat((byte)7, payload)] };

        byte[] message = Read(asked, asked.Answer(AnswerKind.PortUnreachable));

        Assert.Equal(asked.Packet[..quoted], message[8..]);
    }

    [Fact]
    public void Options_are_quoted_and_not_answered_with_options()
    {
        var asked = new Asked { Protocol = Asked.Udp, Between = [1, 1, 1, 0], Message = new byte[8] };

        Assert.Equal(asked.Packet, Read(asked, asked.Answer(AnswerKind.TimeExceeded))[8..]);
    }

    [Fact]
    public void Extension_headers_are_quoted()
    {
        byte[] hopByHop = [Asked.Udp, 0, 1, 4, 0, 0, 0, 0];
        var asked = new Asked { IsV4 = false, Protocol = Asked.Udp, Between = hopByHop, Message = new byte[8] };

        Assert.Equal(asked.Packet, Read(asked, asked.Answer(AnswerKind.TimeExceeded))[8..]);
    }

    [Fact]
    public void A_first_fragment_is_answered() =>
        Assert.NotEmpty((new Asked { IsFragment = true }.WithTcp(TcpControl.Syn)).Answer(AnswerKind.TimeExceeded));

    [Theory]
    [InlineData(0x00, 0xC0)]
    [InlineData(0xBB, 0xDA)] // the four bits of RFC 1349, and internetwork control as RFC 1812 section 4.3.2.5 asks
    public void The_type_of_service_is_internetwork_control(byte asked, byte answered) =>
        Assert.Equal(
            answered, new Asked { TrafficClass = asked }.WithTcp(TcpControl.Syn).Answer(AnswerKind.TimeExceeded)[15]);

    [Fact]
    public void Checksums_are_right_whatever_is_asked()
    {
        var any =
            from isV4 in Gen.Bool
            from tags in Gen.Int[0, 2]
            from kind in Gen.Int[1, 3]
            from mtu in Gen.Int[68, 9000]
            from message in Gen.Byte.Array[0, 1460]
            from options in Gen.Int[0, 10]
            select (Asked: new Asked
            {
                IsV4 = isV4, Tags = tags, Protocol = Asked.Udp, Message = message,
                Between = isV4 ? new byte[4 * options] : [],
            }, Kind: (AnswerKind)kind, Mtu: mtu);

        any.Sample(
            given => Read(given.Asked, given.Asked.Answer(given.Kind, given.Mtu)),
            seed: "0000KOIPe036", iter: 2000, threads: 1);
    }

    /// <summary>Checks all that every error has, and hands over the ICMP message.</summary>
    private static byte[] Read(Asked asked, byte[] answer)
    {
        IPPacket ip = Answered.Check(asked, answer);
        byte[] message = answer[(asked.NetworkAt + asked.HeaderSize)..];
        if (asked.IsV4)
        {
            Assert.True(Assert.IsType<IcmpV4Packet>(ip.PayloadPacket).ValidIcmpChecksum);
            Assert.Equal(0xFFFF, Sums.Internet(message));
        }
        else
        {
            Assert.True(Assert.IsType<IcmpV6Packet>(ip.PayloadPacket).ValidIcmpChecksum);
            Assert.Equal(0xFFFF, Sums.Transport(
                Asked.Address(asked.Vip), Asked.Address(asked.Client), Asked.IcmpV6, message));
        }

        return message;
    }
}
