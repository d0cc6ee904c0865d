using System;
using System.Buffers.Binary;
using PacketDotNet;
using XdpLvs.Forwarder.Answers;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>RST to a segment of no connection: RFC 9293 section 3.10.7.1. PacketDotNet reads the answers.</summary>
public sealed class ResetAnswerTests
{
    private const uint Sequence = 0x11223344, Acknowledged = 0x55667788;

    public static TheoryData<bool, int> Links => new()
    {
        { true, 0 }, { true, 1 }, { true, 2 }, { false, 0 }, { false, 1 }, { false, 2 },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public void A_segment_with_ACK_is_told_with_the_number_that_it_acknowledges(bool isV4, int tags)
    {
        var asked = new Asked { IsV4 = isV4, Tags = tags }.WithTcp(TcpControl.Ack, Sequence, Acknowledged, payload: 9);

        TcpPacket reset = Read(asked);

        Assert.Equal((Acknowledged, 0u), (reset.SequenceNumber, reset.AcknowledgmentNumber));
        Assert.Equal((ushort)TcpControl.Reset, reset.Flags);
    }

    [Theory]
    [InlineData(TcpControl.None, 0, 0, 0)]
    [InlineData(TcpControl.None, 7, 0, 7)]
    [InlineData(TcpControl.Syn, 0, 0, 1)]
    [InlineData(TcpControl.Fin, 0, 0, 1)]
    [InlineData(TcpControl.Fin, 10, 12, 11)] // options are no data
    [InlineData(TcpControl.Syn | TcpControl.Fin, 3, 40, 5)]
    public void A_segment_without_ACK_is_acknowledged_whole(TcpControl flags, int payload, int options, uint length)
    {
        foreach (bool isV4 in new[] { true, false })
        {
            TcpPacket reset = Read(new Asked { IsV4 = isV4 }.WithTcp(flags, Sequence, 0, payload, options));

            Assert.Equal((0u, Sequence + length), (reset.SequenceNumber, reset.AcknowledgmentNumber));
            Assert.Equal((ushort)(TcpControl.Reset | TcpControl.Ack), reset.Flags);
        }
    }

    [Fact]
    public void Sequence_numbers_wrap() =>
        Assert.Equal(2u, Read(new Asked().WithTcp(TcpControl.Syn, uint.MaxValue, payload: 2)).AcknowledgmentNumber);

    [Theory]
    [InlineData(TcpControl.Reset)]
    [InlineData(TcpControl.Reset | TcpControl.Ack)]
    [InlineData(TcpControl.Reset | TcpControl.Syn)]
    public void A_RST_is_never_answered_with_a_RST(TcpControl flags) =>
        Assert.Empty(new Asked().WithTcp(flags).Answer(AnswerKind.Reset));

    [Fact]
    public void A_first_fragment_is_not_answered_with_a_RST() =>
        Assert.Empty((new Asked { IsFragment = true }.WithTcp(TcpControl.Ack)).Answer(AnswerKind.Reset));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_broken_segment_is_not_answered(bool isV4)
    {
        Asked asked = new Asked { IsV4 = isV4 }.WithTcp(TcpControl.Ack, payload: 5);
        for (int i = 0; i < asked.Message.Length; i++)
        {
            byte[] message = [.. asked.Message];
            message[i] ^= 1;
            Assert.Empty((asked with { Message = message }).Answer(AnswerKind.Reset));
        }
    }

    [Fact]
    public void A_checksum_that_was_left_to_hardware_is_no_fault()
    {
        Asked asked = new Asked().WithTcp(TcpControl.Ack, payload: 5);
        byte[] pseudo = [198, 51, 100, 1, 192, 0, 2, 80, 0, 6, 0, (byte)asked.Message.Length];
        byte[] message = [.. asked.Message];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(16), (ushort)Sums.Internet(pseudo));

        Assert.NotEmpty((asked with { Message = message }).Answer(AnswerKind.Reset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(15)]
    public void A_header_that_does_not_fit_is_not_answered(int words)
    {
        Asked asked = new Asked().WithTcp(TcpControl.Ack);
        asked.Message[12] = (byte)(words << 4);

        Assert.Empty(asked.WithChecksum(16).Answer(AnswerKind.Reset));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_type_of_service_is_the_segment_s_without_its_congestion_bits(bool isV4)
    {
        byte[] answer = new Asked { IsV4 = isV4, TrafficClass = 0xBB }.WithTcp(TcpControl.Ack).Answer(AnswerKind.Reset);

        Assert.Equal(0xB8, isV4 ? answer[15] : ((answer[14] & 15) << 4) | (answer[15] >> 4));
    }

    [Fact]
    public void Another_protocol_has_no_RST() =>
        Assert.Empty(new Asked { Protocol = Asked.Udp, Message = new byte[20] }.Answer(AnswerKind.Reset));

    /// <summary>Answers, checks all that every RST has, and hands over the TCP header.</summary>
    private static TcpPacket Read(Asked asked)
    {
        byte[] answer = asked.Answer(AnswerKind.Reset);

        Assert.Equal(asked.NetworkAt + asked.HeaderSize + 20, answer.Length);
        var ip = Answered.Check(asked, answer);
        var tcp = Assert.IsType<TcpPacket>(ip.PayloadPacket);
        Assert.True(tcp.ValidTcpChecksum);
        Assert.Equal((80, 50_000), (tcp.SourcePort, tcp.DestinationPort));
        Assert.Equal((5, 0, 0), (tcp.DataOffset, tcp.WindowSize, tcp.UrgentPointer));
        Assert.Equal(0, Sums.Transport(
            Asked.Address(asked.Client), Asked.Address(asked.Vip), 6, answer.AsSpan(asked.NetworkAt + asked.HeaderSize))
            ^ 0xFFFF);
        return tcp;
    }
}
