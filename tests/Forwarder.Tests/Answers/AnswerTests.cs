using System;
using XdpLvs.Forwarder.Answers;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using Xunit;

namespace XdpLvs.Forwarder.Tests.Answers;

/// <summary>What must never be answered: RFC 1122 section 3.2.2, RFC 4443 section 2.4(e).</summary>
public sealed class AnswerTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("192.0.2.80")] // the virtual address itself
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8:2::80")] // the virtual address itself
    public void A_source_that_is_no_single_host_is_not_answered(string source)
    {
        Asked asked = With(source);

        Assert.All(Enum.GetValues<AnswerKind>(), kind => Assert.Empty(asked.Answer(kind)));
    }

    [Fact]
    public void A_mapped_address_is_never_on_a_wire()
    {
        Asked asked = With("2001:db8::1");
        Packet packet = asked.Read();
        packet.Source = Asked.Address("198.51.100.1");

        Assert.Equal(0, Answer.Write(AnswerKind.TimeExceeded, asked.Frame, packet, 0, new byte[Answer.SizeMax]));
    }

    [Theory]
    [InlineData("1.0.0.1")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::2")]
    [InlineData("fe80::1")]
    [InlineData("fe00::1")]
    public void A_source_that_is_one_host_is_answered(string source)
    {
        Asked asked = With(source);

        Assert.All(Enum.GetValues<AnswerKind>(), kind => Assert.NotEmpty(asked.Answer(kind)));
    }

    [Theory]
    [InlineData(PacketKind.Error)]
    [InlineData(PacketKind.LaterFragment)]
    public void Errors_and_later_fragments_are_not_answered(PacketKind packetKind)
    {
        Asked asked = With("198.51.100.1") with { Kind = packetKind };

        Assert.All(Enum.GetValues<AnswerKind>(), kind => Assert.Empty(asked.Answer(kind)));
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0x5E, 0, 0, 1 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0 })]
    public void A_station_that_is_no_single_one_is_not_answered(byte[] mac) =>
        Assert.Empty((With("198.51.100.1") with { SourceMac = mac }).Answer(AnswerKind.TimeExceeded));

    private static Asked With(string source) =>
        new Asked { IsV4 = !source.Contains(':', StringComparison.Ordinal), Source = source }.WithTcp(TcpControl.Ack);
}
