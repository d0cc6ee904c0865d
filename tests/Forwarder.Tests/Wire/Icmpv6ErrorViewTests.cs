using System;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Wire;

/// <summary>The door of ICMPv6: what is an error, and how much of a quoted packet it takes.</summary>
public sealed class Icmpv6ErrorViewTests
{
    private const int MessageAt = 14 + 40;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(0, false)]
    [InlineData(5, false)]
    [InlineData(127, false)]
    [InlineData(128, false)] // echo request
    [InlineData(137, false)] // redirect: for the kernel
    public void Errors_quote_a_flow_and_other_messages_do_not(byte type, bool quotes)
    {
        byte[] frame = ToWeb6.IcmpError(type, Answer(ToWeb6).Tcp(TcpControl.Ack));

        Assert.True(Icmpv6ErrorView.TryOpen(frame.AsSpan(MessageAt), out Icmpv6ErrorView view));
        Assert.Equal(quotes, view.QuotesFlow);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(7, false)]
    [InlineData(0, false)]
    public void The_message_needs_its_own_header(int octets, bool opens)
    {
        byte[] frame = ToWeb6.IcmpMessage(128, new byte[8]);

        Assert.Equal(opens, Icmpv6ErrorView.TryOpen(frame.AsSpan(MessageAt, octets), out _));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    [InlineData(0, false)]
    [InlineData(-1, false)] // within the quoted header
    public void Both_quoted_ports_are_needed(int octets, bool opens)
    {
        byte[] frame = ToWeb6.IcmpError(1, Answer(ToWeb6).Tcp(TcpControl.Ack), octets);

        Assert.Equal(opens, Icmpv6ErrorView.TryOpen(frame.AsSpan(MessageAt), out _));
    }

    [Fact]
    public void The_quoted_direction_is_turned_round_behind_extension_headers()
    {
        FrameBuilder answer = Answer(ToSignal6) with
        {
            Extensions = [ExtensionHeader.HopByHop(24), ExtensionHeader.Fragment(0, more: true)],
        };
        byte[] frame = ToWeb6.IcmpError(2, answer.Sctp(0), octets: 36);

        Assert.True(Icmpv6ErrorView.TryOpen(frame.AsSpan(MessageAt), out Icmpv6ErrorView view));
        Assert.Equal(new FlowKey(Client6, ClientPort, Signal6), view.Flow);
    }

    [Fact]
    public void A_quoted_packet_of_another_version_opens_nothing()
    {
        byte[] frame = ToWeb6.IcmpError(1, Answer(ToWeb).Tcp(TcpControl.Ack), 60);

        Assert.False(Icmpv6ErrorView.TryOpen(frame.AsSpan(MessageAt), out _));
    }
}
