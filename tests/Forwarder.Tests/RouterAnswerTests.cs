using System;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>Who is answered, and how often. What the answers hold is told in Answers.</summary>
public sealed class RouterAnswerTests : IDisposable
{
    private static readonly FlowPolicy Talkative = FlowPolicy.Default with { AnswersPerSecond = 3 };

    private readonly World _world = new(Service(Web, A));

    public RouterAnswerTests() => Serve(A);

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_segment_of_no_connection_is_answered_with_a_RST()
    {
        Assert.Equal(Outcome.AnsweredReset, _world.Ack());
        Assert.Equal((54, 4), (_world.Router.Answered.Length, _world.Router.Answered[47]));
    }

    [Fact]
    public void A_RST_of_no_connection_is_dropped() =>
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Reset)));

    [Fact]
    public void Without_a_real_server_the_port_is_unreachable()
    {
        Serve();

        Assert.Equal(Outcome.AnsweredUnreachable, _world.Syn());
        Assert.Equal((1, 3, 3), Icmp());
    }

    [Fact]
    public void The_last_hop_is_told_that_its_time_is_exceeded()
    {
        Assert.Equal(Outcome.AnsweredTimeExceeded, _world.Route((ToWeb with { TimeToLive = 1 }).Tcp(TcpControl.Syn)));
        Assert.Equal((1, 11, 0), Icmp());
    }

    [Theory]
    [InlineData(0x4000)] // DF
    [InlineData(0)] // we do not cut: better said than lost without a word
    public void A_packet_longer_than_its_way_out_is_told_how_long_it_may_be(ushort flags)
    {
        Serve(A with { Mtu = 1000 });
        FrameBuilder frame = ToWeb with { FragmentBits = flags, Payload = new byte[961] };

        Assert.Equal(Outcome.AnsweredTooBig, _world.Route(frame.Tcp(TcpControl.Syn)));
        Assert.Equal((1, 3, 4), Icmp());
        Assert.Equal(1000, (_world.Router.Answered[40] << 8) | _world.Router.Answered[41]);
        Assert.Equal(Outcome.Forwarded, _world.Route((frame with { Payload = new byte[960] }).Tcp(TcpControl.Syn)));
    }

    [Fact]
    public void An_error_is_answered_by_nothing()
    {
        FrameBuilder back = ToWeb with { From = Vip, FromPort = 80, To = Client, ToPort = ClientPort };
        byte[] answer = back.Tcp(TcpControl.Ack);

        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.IcmpError(3, answer)));
        _world.Syn();
        Assert.Equal(Outcome.HopLimit, _world.Route((ToWeb with { TimeToLive = 1 }).IcmpError(3, answer)));
    }

    [Fact]
    public void No_more_is_answered_in_a_second_than_was_allowed()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Outcome.AnsweredReset, _world.Ack(i + 1));
        }

        Assert.Equal(Outcome.NoConnection, _world.Ack(4));
        Assert.Equal(Outcome.HopLimit, _world.Route((ToWeb with { TimeToLive = 1 }).Tcp(TcpControl.Syn)));
        _world.Now += 10;
        Assert.Equal(Outcome.AnsweredReset, _world.Ack(5));
    }

    [Fact]
    public void What_may_not_be_answered_uses_no_allowance()
    {
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Reset)));
        }

        Assert.Equal(Outcome.AnsweredReset, _world.Ack());
    }

    [Fact]
    public void An_allowance_of_0_answers_nothing()
    {
        _world.Publish(Service(Web, A));

        Assert.Equal(Outcome.NoConnection, _world.Ack());
    }

    [Fact]
    public void An_answer_leaves_where_the_frame_came_in()
    {
        Serve(A with { Exit = 1, Mtu = 1000 });
        var wire = new MemoryWire();
        var counters = new OutcomeCounters();
        var exits = new ExitList();
        var exit = new CountingExit();
        exits.Add(exit);
        wire.Arriving.Add((ToWeb with { Payload = new byte[1400] }).Tcp(TcpControl.Syn));
        wire.Arriving.Add(ToWeb.Tcp(TcpControl.Syn));
        wire.Arriving.Add(FromPort(1).Tcp(TcpControl.Ack));
        var loop = new ForwardLoop<MemoryPort>(
            new MemoryPort(wire), new TablePublisher(_world.Table), _world.Router, counters, exits);

        Assert.Equal(3, loop.RunOnce(1));

        Assert.Equal([14 + 576, 54], wire.Sent.ConvertAll(frame => frame.Length));
        Assert.All(wire.Sent, frame => Assert.Equal(Gateway, MacAddress.From(frame)));
        Assert.Equal((1, 1), (exit.Frames, exit.Flushes));
        Assert.Equal((1L, 590L), (counters.Frames(Outcome.AnsweredTooBig), counters.Octets(Outcome.AnsweredTooBig)));
        Assert.Equal((1L, 1L), (counters.Frames(Outcome.AnsweredReset), counters.Frames(Outcome.Forwarded)));
        Assert.Equal((0, 1L), (wire.Owned, wire.RecycledCount));
    }

    private void Serve(params RealServer[] reals) =>
        _world.Table = new ForwardingTable(Director, [Service(Web, reals)], [], Talkative);

    private (byte Protocol, byte Type, byte Code) Icmp()
    {
        ReadOnlySpan<byte> answer = _world.Router.Answered;
        return (answer[23], answer[34], answer[35]);
    }

    private sealed class CountingExit : IFrameExit
    {
        internal int Frames { get; private set; }

        internal int Flushes { get; private set; }

        public bool TrySend(ReadOnlySpan<byte> frame)
        {
            Frames++;
            return true;
        }

        public void Flush() => Flushes++;
    }
}
