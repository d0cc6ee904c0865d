using System;
using System.Buffers.Binary;
using System.Text;
using XdpLvs.Forwarder.Answers;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>SCTP "out of the blue" packets: RFC 9260 section 8.4, rule by rule.</summary>
public sealed class AbortAnswerTests
{
    private const uint Tag = 0x01020304;

    private static readonly byte[] Data = [0, 3, 0, 17, .. new byte[16]]; // 13 octets of data need three of padding
    private static readonly byte[] Sack = [3, 0, 0, 16, .. new byte[12]];
    private static readonly byte[] Init = [1, 0, 0, 20, 9, 8, 7, 6, .. new byte[12]];
    private static readonly byte[] Abort = [6, 0, 0, 4], ShutdownAck = [8, 0, 0, 4], ShutdownComplete = [14, 0, 0, 4];
    private static readonly byte[] CookieEcho = [10, 0, 0, 8, 1, 2, 3, 4], CookieAck = [11, 0, 0, 4];
    private static readonly byte[] StaleCookie = [9, 0, 0, 12, 0, 3, 0, 8, 0, 0, 0, 1];
    private static readonly byte[] OtherError = [9, 0, 0, 8, 0, 7, 0, 4];

    private static readonly byte[] TwoOfData = [.. Data, .. Data], Unknown = [0xFE, 0, 0, 4];
    private static readonly byte[] DataThenAbort = [.. Data, .. Abort];
    private static readonly byte[] CookieAckWithin = [.. Sack, .. CookieAck, .. Data];

    public static TheoryData<byte[]> Answered => [Data, Sack, CookieEcho, OtherError, TwoOfData, Unknown];

    public static TheoryData<byte[]> Ignored =>
        [Abort, ShutdownComplete, CookieAck, StaleCookie, DataThenAbort, CookieAckWithin];

    [Theory]
    [MemberData(nameof(Answered))]
    public void Rule_8_is_an_ABORT_with_the_packet_s_own_tag_and_the_T_bit(byte[] chunks)
    {
        foreach (bool isV4 in new[] { true, false })
        {
            for (int tags = 0; tags <= 2; tags++)
            {
                var asked = new Asked { IsV4 = isV4, Tags = tags };
                Assert.Equal((Tag, "06010004"), Read(asked, chunks));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ignored))]
    public void Rules_2_6_and_7_are_silence(byte[] chunks) => Assert.Empty(Answer(new Asked(), chunks));

    [Fact]
    public void Rule_3_refuses_an_INIT_with_the_tag_that_it_names() =>
        Assert.Equal((0x09080706u, "06000004"), Read(new Asked(), Init));

    [Fact]
    public void An_INIT_that_names_no_tag_is_not_answered() =>
        Assert.Empty(Answer(new Asked(), [1, 0, 0, 20, .. new byte[16]]));

    [Fact]
    public void Rule_5_completes_a_shutdown() =>
        Assert.Equal((Tag, "0E010004"), Read(new Asked(), [.. Sack, .. ShutdownAck]));

    [Theory]
    [InlineData(3)] // shorter than its own header
    [InlineData(21)] // longer than the packet
    public void A_chunk_whose_length_is_wrong_ends_the_list(byte length) =>
        Assert.Equal((Tag, "06010004"), Read(new Asked(), [3, 0, 0, length, .. new byte[12], .. Abort]));

    [Fact]
    public void A_packet_with_a_wrong_checksum_is_not_answered()
    {
        Asked asked = With(new Asked(), Data);
        asked.Message[^1] ^= 1;

        Assert.Empty(asked.Answer(AnswerKind.Reset));
    }

    [Fact]
    public void A_checksum_that_was_left_to_hardware_is_no_fault()
    {
        Asked asked = With(new Asked(), Data);
        asked.Message.AsSpan(8, 4).Clear();

        Assert.NotEmpty(asked.Answer(AnswerKind.Reset));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(15)]
    public void A_packet_without_a_chunk_is_not_answered(int octets) =>
        Assert.Empty(new Asked { Protocol = Asked.Sctp, Message = new byte[octets] }.Answer(AnswerKind.Reset));

    [Fact]
    public void The_polynomial_is_Castagnoli_s() => // the check value that every catalogue of CRCs gives for CRC-32C
        Assert.Equal(0xE3069283, Sums.Crc32C(Encoding.ASCII.GetBytes("123456789")));

    private static Asked With(Asked asked, byte[] chunks)
    {
        byte[] message = [0xC3, 0x50, 0, 80, 1, 2, 3, 4, 0, 0, 0, 0, .. chunks];
        BinaryPrimitives.WriteUInt32LittleEndian(message.AsSpan(8), Sums.Crc32C(message));
        return asked with { Protocol = Asked.Sctp, Message = message };
    }

    private static byte[] Answer(Asked asked, byte[] chunks) => With(asked, chunks).Answer(AnswerKind.Reset);

    /// <summary>The tag, and the chunks in hexadecimal.</summary>
    private static (uint Tag, string Chunks) Read(Asked asked, byte[] chunks)
    {
        byte[] answer = Answer(asked, chunks);
        asked = With(asked, chunks);
        XdpLvs.Forwarder.Tests.Answers.Answered.Check(asked, answer);
        byte[] message = answer[(asked.NetworkAt + asked.HeaderSize)..];
        Assert.Equal([0, 80, 0xC3, 0x50], message[..4]); // ports turned round
        byte[] blank = [.. message[..8], 0, 0, 0, 0, .. message[12..]];
        Assert.Equal(Sums.Crc32C(blank), BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(8)));
        return (BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)), Convert.ToHexString(message.AsSpan(12)));
    }
}
