using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Forwarder.Wire;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// A client's connections go to one real server, until it has been silent for the persistence timeout.
/// </summary>
public sealed class PersistenceTests : IDisposable
{
    private const uint Ticks = 500;

    private readonly World _world = new(Persistent(A, B, C));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void All_connections_of_a_client_go_to_one_server()
    {
        RealServer first = Connect(1);

        for (int port = 2; port < 20; port++)
        {
            Assert.Equal(first, Connect(port));
        }
    }

    [Fact]
    public void Other_clients_have_their_own_turn()
    {
        RealServer first = Connect(1), second = Connect(1, Client + 1), third = Connect(1, Client + 2);

        Assert.Equal(3, new HashSet<RealServer> { first, second, third }.Count);
        Assert.Equal(second, Connect(2, Client + 1));
    }

    [Fact]
    public void The_mask_makes_one_client_of_a_network()
    {
        _world.Publish(With(Persistent(A, B, C), o => o with { PersistenceMask = IpAddress.Mask(24, isV4: true) }));
        RealServer first = Connect(1, 0xC6336401);

        Assert.Equal(first, Connect(1, 0xC63364FE));
        Assert.NotEqual(first, Connect(1, 0xC6336501));
    }

    [Fact]
    public void A_client_is_remembered_until_the_last_tick()
    {
        RealServer first = Connect(1);
        _world.Now += Ticks - 1;
        Assert.Equal(first, Connect(2));
    }

    [Fact]
    public void A_client_is_forgotten_at_the_timeout()
    {
        RealServer first = Connect(1);
        _world.Route(FromPort(1).Tcp(TcpControl.Reset)); // nothing holds the template longer than its time
        _world.Now += Ticks + FlowClock.Ticks(60);
        _world.Sweep();
        Assert.NotEqual(first, Connect(2));
    }

    [Fact]
    public void Every_new_connection_begins_the_timeout_anew()
    {
        RealServer first = Connect(1);

        for (int port = 2; port < 10; port++)
        {
            _world.Now += Ticks - 1;
            Assert.Equal(first, Connect(port));
        }
    }

    [Fact]
    public void An_open_connection_keeps_its_client_s_template_a_minute_at_a_time()
    {
        RealServer first = Connect(1);
        _world.Forward(FromPort(1).Tcp(TcpControl.Ack)); // ESTABLISHED: 900 s
        for (int minute = 0; minute < 3; minute++)
        {
            _world.Now += Math.Max(Ticks, FlowClock.Ticks(60));
            _world.Sweep();
        }

        Assert.Equal(first, Connect(2));
    }

    [Fact]
    public void When_the_last_connection_ended_the_template_ends_too()
    {
        RealServer first = Connect(1);
        _world.Forward(FromPort(1).Tcp(TcpControl.Reset)); // CLOSE: 10 s
        _world.Now += Ticks;
        _world.Sweep();
        _world.Now += FlowClock.Ticks(60);
        _world.Sweep();

        Assert.NotEqual(first, Connect(2));
    }

    [Fact]
    public void When_the_server_left_the_client_gets_another_for_good()
    {
        RealServer first = Connect(1);
        RealServer[] others = Array.FindAll([A, B, C], real => real != first);
        _world.Publish(Persistent(others));
        RealServer second = Connect(2);
        _world.Publish(Persistent(A, B, C));

        Assert.NotEqual(first, second);
        Assert.Equal(second, Connect(3));
    }

    [Fact]
    public void When_the_server_has_weight_0_the_client_gets_another_and_open_connections_stay()
    {
        RealServer first = Connect(1);
        RealServer drained = first with { Weight = 0 };
        _world.Publish(Persistent(Array.ConvertAll(
            new[] { A, B, C }, real => real.Number == first.Number ? drained : real)));

        RealServer second = Connect(2);

        Assert.NotEqual(drained, second);
        Assert.Equal(second, Connect(3));
        Assert.Equal(drained, _world.Forward(FromPort(1).Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void A_new_connection_on_a_finished_one_s_port_stays_with_the_client_s_server()
    {
        RealServer first = Connect(1);
        _world.Forward(FromPort(1).Tcp(TcpControl.Ack));
        _world.Forward(FromPort(1).Tcp(TcpControl.Fin));

        Assert.Equal(first, Connect(1));
    }

    [Fact]
    public void A_template_is_no_connection()
    {
        Connect(1);

        Assert.Equal(Outcome.NoConnection, _world.Route((ToWeb with { FromPort = 0 }).Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void Two_services_keep_the_same_client_apart()
    {
        ServiceKey other = Web with { Port = 443 };
        _world.Publish(Persistent(Web, A), Persistent(other, B));

        Assert.Equal(A, Connect(1));
        Assert.Equal(B, _world.Forward((ToWeb with { ToPort = 443 }).Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void Datagrams_of_many_ports_go_to_one_server()
    {
        _world.Publish(Persistent(Dns, A, B, C));
        RealServer first = _world.Forward(ToDns.Udp());

        Assert.Equal(first, _world.Forward((ToDns with { FromPort = 9 }).Udp()));
    }

    private static VirtualService Persistent(params RealServer[] reals) => Persistent(Web, reals);

    private static VirtualService Persistent(ServiceKey key, params RealServer[] reals) =>
        With(Service(key, reals), options => options with { PersistenceTicks = Ticks });

    private RealServer Connect(int port, uint client = Client) =>
        _world.Forward((FromPort(port) with { From = client }).Tcp(TcpControl.Syn));
}
