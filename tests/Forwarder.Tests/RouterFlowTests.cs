using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>Which real server a connection has, and for how long.</summary>
public sealed class RouterFlowTests : IDisposable
{
    private readonly World _world = new(Service(Web, A, B), Service(Dns, A, B));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_segment_in_mid_stream_without_a_flow_has_no_connection()
    {
        Assert.Equal(Outcome.NoConnection, _world.Ack());
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Fin | TcpControl.Ack)));
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Reset)));
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.None)));
    }

    [Fact]
    public void A_SYN_with_an_answer_or_a_reset_in_it_opens_nothing()
    {
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Syn | TcpControl.Ack)));
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Syn | TcpControl.Reset)));
    }

    [Fact]
    public void A_connection_stays_on_its_server()
    {
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        RealServer other = _world.Forward(FromPort(1).Tcp(TcpControl.Syn));

        Assert.NotEqual(first, other);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(first, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
            Assert.Equal(other, _world.Forward(FromPort(1).Tcp(TcpControl.Ack)));
        }
    }

    [Fact]
    public void A_SYN_sent_again_goes_where_the_first_went()
    {
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));

        Assert.Equal(first, _world.Forward(ToWeb.Tcp(TcpControl.Syn)));
        Assert.Equal(first, _world.Forward(ToWeb.Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void A_connection_stays_on_its_server_whatever_is_published()
    {
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        RealServer drained = first with { Weight = 0 };

        _world.Publish(Service(Web, C, drained)); // drained, and others in other places
        Assert.Equal(drained, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
        _world.Publish(Service(Web, first, A, B, C));
        Assert.Equal(first, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void A_connection_follows_its_server_to_a_new_MAC()
    {
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        RealServer moved = first with { Mac = new MacAddress(0x02_00_00_00_09_09) };

        _world.Publish(Service(Web, moved));

        Assert.Equal(moved, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void When_its_server_has_left_a_SYN_is_scheduled_anew_and_the_rest_has_no_connection()
    {
        _world.Publish(Service(Web, A));
        Assert.Equal(A, _world.Forward(ToWeb.Tcp(TcpControl.Syn)));
        _world.Publish(Service(Web, B));

        Assert.Equal(Outcome.NoConnection, _world.Ack());
        Assert.Equal(B, _world.Forward(ToWeb.Tcp(TcpControl.Syn)));
        Assert.Equal(B, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void A_segment_for_a_server_that_left_does_not_keep_its_flow_alive()
    {
        _world.Publish(Service(Web, A));
        _world.Syn();
        _world.Publish(Service(Web, B));
        _world.Now += 599;
        _world.Ack();
        _world.Now += 1;
        _world.Publish(Service(Web, A));

        Assert.Equal(Outcome.NoConnection, _world.Ack());
    }

    [Theory]
    [InlineData(TcpControl.Reset, 1)] // CLOSE
    [InlineData(TcpControl.Reset, 3)]
    [InlineData(TcpControl.Fin | TcpControl.Ack, 2)] // FIN_WAIT
    public void A_SYN_on_a_finished_connection_is_a_new_one(TcpControl end, int reuseMode)
    {
        _world.Policy = FlowPolicy.Default with { ConnReuseMode = reuseMode };
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        _world.Forward(ToWeb.Tcp(TcpControl.Ack));
        Assert.Equal(first, _world.Forward(ToWeb.Tcp(end)));

        RealServer next = _world.Forward(ToWeb.Tcp(TcpControl.Syn));

        Assert.NotEqual(first, next);
        Assert.Equal(next, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Theory]
    [InlineData(TcpControl.Reset, 0)]
    [InlineData(TcpControl.Fin | TcpControl.Ack, 1)]
    public void Or_goes_where_the_old_one_went_by_conn_reuse_mode(TcpControl end, int reuseMode)
    {
        _world.Policy = FlowPolicy.Default with { ConnReuseMode = reuseMode };
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        _world.Forward(ToWeb.Tcp(TcpControl.Ack));
        _world.Forward(ToWeb.Tcp(end));

        Assert.Equal(first, _world.Forward(ToWeb.Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void What_still_arrives_on_a_finished_connection_follows_it()
    {
        RealServer first = _world.Forward(ToWeb.Tcp(TcpControl.Syn));
        _world.Forward(ToWeb.Tcp(TcpControl.Ack));
        _world.Forward(ToWeb.Tcp(TcpControl.Fin | TcpControl.Ack));

        Assert.Equal(first, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Theory]
    [InlineData(new[] { TcpControl.Syn }, 60)]
    [InlineData(new[] { TcpControl.Syn, TcpControl.Ack }, 900)]
    [InlineData(new[] { TcpControl.Syn, TcpControl.Ack, TcpControl.Fin }, 120)]
    public void A_silent_connection_is_forgotten_at_its_state_s_timeout(TcpControl[] segments, uint seconds)
    {
        Array.ForEach(segments, flags => _world.Forward(ToWeb.Tcp(flags)));

        _world.Now += (seconds * 10) - 1;
        Assert.Equal(Outcome.Forwarded, _world.Ack()); // the last tick, and every segment begins it anew
        _world.Now += 9000;

        Assert.Equal(Outcome.NoConnection, _world.Ack());
    }

    [Theory]
    [InlineData(new[] { TcpControl.Syn }, 60)]
    [InlineData(new[] { TcpControl.Syn, TcpControl.Ack }, 900)]
    [InlineData(new[] { TcpControl.Syn, TcpControl.Ack, TcpControl.Fin }, 120)]
    public void The_timeout_s_own_tick_is_too_late(TcpControl[] segments, uint seconds)
    {
        Array.ForEach(segments, flags => _world.Forward(ToWeb.Tcp(flags)));

        _world.Now += seconds * 10;

        Assert.Equal(Outcome.NoConnection, _world.Ack());
    }

    [Fact]
    public void Datagrams_of_one_client_port_stay_together_for_300_seconds()
    {
        RealServer first = _world.Forward(ToDns.Udp());

        _world.Now += 2999;
        Assert.Equal(first, _world.Forward(ToDns.Udp()));
        _world.Now += 3000;
        Assert.NotEqual(first, _world.Forward(ToDns.Udp())); // forgotten: the next one's turn
    }

    [Fact]
    public void Datagrams_go_to_another_server_at_once_when_theirs_has_left()
    {
        RealServer first = _world.Forward(ToDns.Udp());
        RealServer other = first == A ? B : A;

        _world.Publish(Service(Dns, other));

        Assert.Equal(other, _world.Forward(ToDns.Udp()));
    }

    [Fact]
    public void Two_services_of_one_address_do_not_share_flows()
    {
        _world.Publish(Service(Web, A), Service(Web with { Port = 81 }, B));

        Assert.Equal(A, _world.Forward(ToWeb.Tcp(TcpControl.Syn)));
        Assert.Equal(Outcome.NoConnection, _world.Route((ToWeb with { ToPort = 81 }).Tcp(TcpControl.Ack)));
        Assert.Equal(B, _world.Forward((ToWeb with { ToPort = 81 }).Tcp(TcpControl.Syn)));
        Assert.Equal(A, _world.Forward(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void A_flow_that_finds_no_room_is_still_forwarded_and_all_of_it_to_one_server()
    {
        using var flows = new FlowTables(1, 64, new Random(1));
        var router = new Router(flows, new Statistics());
        Outcome first = Outcome.Forwarded;
        for (int port = 1; first == Outcome.Forwarded; port++)
        {
            byte[] frame = (ToDns with { FromPort = (ushort)port }).Udp(), next = [.. frame];
            first = router.Route(frame, _world.Table, _world.Now);

            Assert.Equal(first, router.Route(next, _world.Table, _world.Now)); // two are never given up
            Assert.Equal(frame[..6], next[..6]);
        }

        Assert.Equal((Outcome.ForwardedStateless, true), (first, flows.Refusals > 0));
    }
}
