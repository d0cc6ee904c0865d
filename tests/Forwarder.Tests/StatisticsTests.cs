using System;
using System.Linq;
using XdpLvs.Forwarder.Wire;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>What ipvsadm --stats shows, as IPVS counts it. Linux net/netfilter/ipvs/ip_vs_core.c.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly World _world = new(Service(Web, A));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_connection_counts_once_its_packets_each_with_their_octets_from_the_ip_header_on()
    {
        byte[][] frames = [.. new[] { TcpControl.Syn, TcpControl.Ack, TcpControl.Fin }.Select(ToWeb.Tcp)];

        Assert.All(frames, frame => Assert.Equal(Outcome.Forwarded, _world.Route(frame)));

        Assert.Equal((1, 3, frames.Sum(frame => frame.Length - 14)), Counts());
    }

    [Fact]
    public void What_is_not_forwarded_is_not_counted()
    {
        Assert.Equal(Outcome.NoConnection, _world.Ack());

        Assert.Equal((0, 0, 0), Counts());
    }

    [Fact]
    public void Each_connection_of_a_client_that_stays_counts()
    {
        _world.Publish(With(Service(Web, A), options => options with { PersistenceTicks = 500 }));

        _world.Syn(1);
        _world.Syn(2);
        _world.Syn(3);

        Assert.Equal(3, Counts().Connections);
    }

    [Fact]
    public void With_one_packet_scheduling_each_datagram_is_a_connection()
    {
        _world.Publish(With(Service(Dns, A), options => options with { OnePacket = true }));

        _world.Forward(ToDns.Udp());
        _world.Forward(ToDns.Udp());

        Assert.Equal((2, 2), (Counts().Connections, Counts().Packets));
    }

    [Fact]
    public void With_persistence_too_a_client_keeps_its_server_and_no_datagram_is_remembered()
    {
        _world.Publish(With(Service(Dns, A, B), options => options with { OnePacket = true, PersistenceTicks = 100 }));

        Tables.RealServer first = _world.Forward(ToDns.Udp());

        Assert.Equal(first, _world.Forward(ToDns.Udp()));
        Assert.Equal(first, _world.Forward((ToDns with { FromPort = 7 }).Udp()));
        Assert.Equal(3, _world.Statistics.Connections(first.Number));
        Assert.Equal(0, _world.Flows.Counts.Active(first.Number) + _world.Flows.Counts.Inactive(first.Number));
    }

    private (long Connections, long Packets, long Octets) Counts() => (
        _world.Statistics.Connections(A.Number),
        _world.Statistics.Packets(A.Number),
        _world.Statistics.Octets(A.Number));
}
