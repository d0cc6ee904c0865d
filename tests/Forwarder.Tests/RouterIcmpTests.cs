using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>ICMP errors belong to the connection that they quote; everything else of ICMP is the kernel's.</summary>
public sealed class RouterIcmpTests : IDisposable
{
    private const byte Unreachable = 3, FragmentationNeeded = 4;

    private static readonly FrameBuilder FromHop = ToWeb with { From = 0xC6336301 };

    /// <summary>What a real server sent the client, as the service.</summary>
    private static readonly FrameBuilder Answer = ToWeb with
    {
        From = Vip, FromPort = 80, To = Client, ToPort = ClientPort, Payload = new byte[100],
    };

    private readonly World _world = new(Service(Web, A, B), Service(Dns, A, B));

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(12)]
    public void An_error_follows_the_connection_it_quotes(byte type)
    {
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        RealServer other = _world.Forward(FromPort(1).Tcp(TcpControl.Syn));

        Assert.Equal(first, _world.Forward(FromHop.IcmpError(type, Answer.Tcp(TcpControl.Ack))));
        Assert.Equal(other, _world.Forward(FromHop.IcmpError(type, (Answer with { ToPort = 1 }).Tcp(TcpControl.Ack))));
    }

    [Fact]
    public void An_error_follows_the_datagrams_it_quotes()
    {
        RealServer first = _world.Forward(ToDns.Udp());

        Assert.Equal(first, _world.Forward(FromHop.IcmpError(3, (Answer with { FromPort = 53 }).Udp())));
    }

    [Fact]
    public void An_error_about_an_unknown_connection_has_none() =>
        Assert.Equal(Outcome.NoConnection, _world.Route(FromHop.IcmpError(3, Answer.Tcp(TcpControl.Ack))));

    [Fact]
    public void An_error_about_another_service_is_not_ours() =>
        Assert.Equal(
            Outcome.NotOurs, _world.Route(FromHop.IcmpError(3, (Answer with { FromPort = 22 }).Tcp(TcpControl.Ack))));

    [Fact]
    public void An_error_that_quotes_the_client_s_own_direction_is_not_ours()
    {
        _world.Syn();

        Assert.Equal(Outcome.NotOurs, _world.Route(FromHop.IcmpError(3, ToWeb.Tcp(TcpControl.Ack))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(5)]
    public void Echoes_and_redirects_are_not_ours(byte type) =>
        Assert.Equal(Outcome.NotOurs, _world.Route(FromHop.IcmpMessage(type, new byte[56])));

    [Fact]
    public void An_error_quoting_another_protocol_or_a_later_piece_is_not_ours()
    {
        byte[] echo = Answer.IcmpMessage(8, new byte[8]);
        byte[] piece = (Answer with { FragmentBits = 0x0001 }).Udp();

        Assert.Equal(Outcome.NotOurs, _world.Route(FromHop.IcmpError(11, echo)));
        Assert.Equal(Outcome.NotOurs, _world.Route(FromHop.IcmpError(11, piece)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8 + 19)]
    [InlineData(8 + 20 + 3)]
    public void An_error_that_ends_before_the_ports_it_quotes_is_malformed(int octets)
    {
        _world.Syn();
        byte[] whole = FromHop.IcmpError(3, Answer.Tcp(TcpControl.Ack))[34..];

        Assert.Equal(Outcome.Malformed, _world.Route(FromHop.Ipv4(protocol: 1, whole.AsSpan(0, octets))));
    }

    [Fact]
    public void An_error_changes_neither_the_state_nor_the_deadline()
    {
        _world.Syn();
        _world.Now += 599;
        Assert.Equal(Outcome.Forwarded, _world.Route(FromHop.IcmpError(3, Answer.Tcp(TcpControl.Reset))));
        _world.Now += 1;

        Assert.Equal(Outcome.NoConnection, _world.Ack());
    }

    [Fact]
    public void An_error_for_a_server_that_left_has_no_connection()
    {
        _world.Publish(Service(Web, A));
        _world.Syn();
        _world.Publish(Service(Web, B));

        Assert.Equal(Outcome.NoConnection, _world.Route(FromHop.IcmpError(3, Answer.Tcp(TcpControl.Ack))));
    }

    [Fact]
    public void A_path_MTU_message_reaches_the_server_with_its_MTU()
    {
        _world.Syn();
        byte[] frame = FromHop.IcmpError(Unreachable, Answer.Tcp(TcpControl.Ack), 8, FragmentationNeeded, 1400);

        Assert.Equal(Outcome.Forwarded, _world.Route(frame));

        Assert.Equal((3, 4, 0x05, 0x78), (frame[34], frame[35], frame[40], frame[41]));
    }
}
