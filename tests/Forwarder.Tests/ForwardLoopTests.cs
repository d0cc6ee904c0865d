using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

public sealed class ForwardLoopTests : IDisposable
{
    private readonly World _world = new(Service(Web, A, B));
    private readonly MemoryWire _wire = new();
    private readonly OutcomeCounters _counters = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Sends_what_is_to_be_forwarded_in_order_and_recycles_the_rest()
    {
        _wire.Arriving.AddRange(
            [FromPort(1).Tcp(TcpControl.Syn), [1, 2, 3], ToDns.Udp(), FromPort(2).Tcp(TcpControl.Syn)]);

        Assert.Equal(4, Loop().RunOnce(1));

        Assert.Equal([1, 2], _wire.Sent.ConvertAll(frame => (int)frame[35]));
        Assert.Equal((2L, 0), (_wire.RecycledCount, _wire.Owned));
        Assert.Equal((2L, 1L, 1L), (_counters.Frames(Outcome.Forwarded), _counters.Frames(Outcome.Malformed),
            _counters.Frames(Outcome.NotOurs)));
        Assert.Equal((108L, 3L), (_counters.Octets(Outcome.Forwarded), _counters.Octets(Outcome.Malformed)));
    }

    [Fact]
    public void Moves_at_most_64_frames_a_turn()
    {
        for (int i = 0; i < 100; i++)
        {
            _wire.Arriving.Add(FromPort(i).Tcp(TcpControl.Syn));
        }

        ForwardLoop<MemoryPort> loop = Loop();

        Assert.Equal([64, 36, 0], new[] { loop.RunOnce(1), loop.RunOnce(1), loop.RunOnce(1) });
        Assert.Equal(100, _wire.SentCount);
    }

    [Fact]
    public void Counts_what_the_port_had_no_room_for()
    {
        for (int i = 0; i < 10; i++)
        {
            _wire.Arriving.Add(FromPort(i).Tcp(TcpControl.Syn));
        }

        _wire.Room = 7;
        Loop().RunOnce(1);

        Assert.Equal((7L, 3L), (_counters.Frames(Outcome.Forwarded), _counters.Frames(Outcome.TransmitFull)));
        Assert.Equal((7, 0), (_wire.Sent.Count, _wire.Owned));
    }

    [Fact]
    public void Uses_a_new_table_from_the_next_turn_on()
    {
        _wire.Arriving.AddRange([FromPort(1).Tcp(TcpControl.Syn)]);
        var tables = new TablePublisher(TableOf(Service(Web)));
        var loop = new ForwardLoop<MemoryPort>(new MemoryPort(_wire), tables, _world.Router, _counters);

        loop.RunOnce(1);
        tables.Publish(_world.Table);
        _wire.Arriving.AddRange([FromPort(2).Tcp(TcpControl.Syn)]);
        loop.RunOnce(1);

        Assert.Equal((1L, 1L), (_counters.Frames(Outcome.NoRealServer), _counters.Frames(Outcome.Forwarded)));
    }

    private ForwardLoop<MemoryPort> Loop() =>
        new(new MemoryPort(_wire), new TablePublisher(_world.Table), _world.Router, _counters);
}
