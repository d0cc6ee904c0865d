using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>Who watches a worker sees what comes in and what goes out, and changes nothing.</summary>
public sealed class FrameTapTests : IDisposable
{
    private readonly World _world = new();
    private readonly ForwardingTable _table = new(
        Director, [Service(Web, A, B), Service(Dns, C with { Exit = 1 })], [], FlowPolicy.Default);
    private readonly MemoryWire _wire = new();
    private readonly OutcomeCounters _counters = new();
    private readonly ListExit _exit = new();
    private readonly ListTap _tap = new();
    private readonly TapPoint _point = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Frames_are_seen_as_they_come_in_and_as_they_go_out()
    {
        byte[][] arriving = [FromPort(1).Tcp(TcpControl.Syn), [1, 2, 3], FromPort(2).Tcp(TcpControl.Syn)];
        _wire.Arriving.AddRange(arriving);
        _point.TryAttach(_tap);

        Loop().RunOnce(1);

        Assert.Equal(arriving, _tap.In);
        Assert.Equal(_wire.Sent, _tap.Out);
        Assert.Equal(2, _tap.Out.Count);
    }

    [Fact]
    public void An_answer_goes_out_and_what_it_answers_came_in()
    {
        _wire.Arriving.Add(FromPort(1).Tcp(TcpControl.Ack));
        _point.TryAttach(_tap);

        Loop().RunOnce(1);

        Assert.Equal(1, _counters.Frames(Outcome.AnsweredReset));
        Assert.Equal(_wire.Sent, _tap.Out);
        Assert.Equal(FromPort(1).Tcp(TcpControl.Ack), _tap.In.Single());
    }

    [Fact]
    public void A_frame_that_found_no_room_did_not_go_out()
    {
        _wire.Arriving.AddRange(Enumerable.Range(1, 5).Select(port => FromPort(port).Tcp(TcpControl.Syn)));
        _wire.Room = 2;
        _point.TryAttach(_tap);

        Loop().RunOnce(1);

        Assert.Equal((5, 2), (_tap.In.Count, _tap.Out.Count));
        Assert.Equal(_wire.Sent, _tap.Out);
    }

    [Fact]
    public void Another_way_out_is_seen_too()
    {
        _wire.Arriving.AddRange([ToDns.Udp(), FromPort(1).Tcp(TcpControl.Syn), (ToDns with { FromPort = 9 }).Udp()]);
        _exit.Room = 1;
        _point.TryAttach(_tap);

        Loop().RunOnce(1);

        Assert.Equal([.. _exit.Sent, .. _wire.Sent], _tap.Out);
        Assert.Equal((3, 2), (_tap.In.Count, _tap.Out.Count));
    }

    [Fact]
    public void There_is_one_tap_at_a_time_and_none_after_it_was_taken_away()
    {
        var other = new ListTap();
        Assert.True(_point.TryAttach(_tap));
        Assert.False(_point.TryAttach(other));
        _point.Detach(other); // not the one that is there
        _wire.Arriving.Add(FromPort(1).Tcp(TcpControl.Syn));
        ForwardLoop<MemoryPort> loop = Loop();
        loop.RunOnce(1);

        _point.Detach(_tap);
        _wire.Arriving.Add(FromPort(2).Tcp(TcpControl.Syn));
        loop.RunOnce(1);

        Assert.Equal((1, 1, 0), (_tap.In.Count, _tap.Out.Count, other.In.Count));
        Assert.True(_point.TryAttach(other));
    }

    private ForwardLoop<MemoryPort> Loop()
    {
        var exits = new ExitList();
        exits.Add(_exit);
        return new ForwardLoop<MemoryPort>(
            new MemoryPort(_wire), new TablePublisher(_table), _world.Router, _counters, exits, _point);
    }

    private sealed class ListTap : IFrameTap
    {
        private readonly List<byte[]> _leaving = [];

        internal List<byte[]> In { get; } = [];

        internal List<byte[]> Out { get; } = [];

        public void Begin() => Assert.Empty(_leaving);

        public void Arrived(ReadOnlySpan<byte> frame) => In.Add(frame.ToArray());

        public void Leaving(ReadOnlySpan<byte> frame) => _leaving.Add(frame.ToArray());

        public void Left(int count)
        {
            Out.AddRange(_leaving[..count]);
            _leaving.Clear();
        }
    }

    private sealed class ListExit : IFrameExit
    {
        internal int Room { get; set; } = int.MaxValue;

        internal List<byte[]> Sent { get; } = [];

        public bool TrySend(ReadOnlySpan<byte> frame)
        {
            bool fits = Sent.Count < Room;
            if (fits)
            {
                Sent.Add(frame.ToArray());
            }

            return fits;
        }

        public void Flush()
        {
            // every frame is there as soon as it was sent
        }
    }
}
