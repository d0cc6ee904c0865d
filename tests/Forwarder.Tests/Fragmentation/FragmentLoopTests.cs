using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Fragmentation;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests.Fragmentation;

/// <summary>Fragments follow their first one to its real server, in any order, on any queue.</summary>
public sealed class FragmentLoopTests : IDisposable
{
    private static readonly IpAddress ClientV6 = Parse("2001:db8:1::1"), VipV6 = Parse("2001:db8:2::80");

    private static readonly FrameBuilder V4 = ToDns with { Payload = [.. Enumerable.Range(0, 6000).Select(Octet)] };
    private static readonly FrameBuilder V6 = V4 with { From = ClientV6, To = VipV6 };

    private static readonly VirtualService[] Services =
    [
        Service(Dns, A, B, C), Service(Dns with { Address = VipV6 }, A, B, C), Service(Web, A, B, C),
    ];

    private readonly World _world = new(Services);
    private readonly Queue _first, _second;
    private uint _now = 1000;

    public FragmentLoopTests()
    {
        _first = new Queue(_world);
        _second = new Queue(_world);
    }

    public static TheoryData<bool, int> Orders
    {
        get
        {
            var orders = new TheoryData<bool, int>();
            for (int seed = 0; seed < 10; seed++)
            {
                orders.Add(true, seed);
                orders.Add(false, seed);
            }

            return orders;
        }
    }

    public void Dispose() => _world.Dispose();

    [Theory]
    [MemberData(nameof(Orders))]
    public void All_pieces_reach_one_server_in_any_order_on_any_queue(bool isV4, int seed)
    {
        var random = new Random(seed);
        FrameBuilder frame = isV4 ? V4 : V6;
        List<byte[]> pieces = [];
        for (int packet = 0; packet < 9; packet++)
        {
            FrameBuilder one = frame with { FromPort = (ushort)(packet + 1) };
            pieces.AddRange(Pieces(one.Udp(), (uint)packet));
        }

        byte[][] shuffled = [.. pieces];
        random.Shuffle(shuffled);
        foreach (byte[] piece in shuffled)
        {
            Queue queue = random.Next(2) == 0 ? _first : _second;
            queue.Wire.Arriving.Add(piece);
            if (random.Next(3) == 0)
            {
                Run();
            }
        }

        Run();

        byte[][] sent = [.. _first.Wire.Sent, .. _second.Wire.Sent];
        Assert.Equal(pieces.Count, sent.Length);
        Assert.Equal(pieces.Count, _first.Count(Outcome.Forwarded) + _second.Count(Outcome.Forwarded));
        IGrouping<uint, byte[]>[] packets = [.. sent.GroupBy(Identification)];
        Assert.Equal(9, packets.Length);
        Assert.All(packets, packet => Assert.Single(packet.Select(piece => MacAddress.From(piece)).Distinct()));
        Assert.Equal(3, sent.Select(piece => MacAddress.From(piece)).Distinct().Count());
        Assert.Equal(
            pieces.Select(Payload).Order(), sent.Select(Payload).Order()); // each piece once, none changed
        Assert.Equal((0, 0), (_first.Wire.Owned, _second.Wire.Owned));
    }

    [Fact]
    public void A_fragment_whose_first_never_comes_is_dropped_after_5_seconds()
    {
        Arrive(_first, Pieces(V4.Udp(), 1)[1]);
        Assert.Equal((1, 0L), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));

        _now += 49;
        Run();
        Assert.Equal((1, 0L), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));
        _now++;
        Run();

        Assert.Equal((0, 1L), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));
        Assert.Equal(-1, _first.Loop.WaitMicroseconds);
    }

    [Fact]
    public void Whoever_holds_something_wants_to_be_called_soon_and_then_less_often()
    {
        Assert.Equal(-1, _first.Loop.WaitMicroseconds);
        _first.Wire.Arriving.Add(Pieces(V4.Udp(), 1)[1]);
        _first.Loop.RunOnce(_now);
        int[] waits = [.. Enumerable.Range(0, 9).Select(_ =>
        {
            int wait = _first.Loop.WaitMicroseconds;
            _first.Loop.RunOnce(_now);
            return wait;
        })];

        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 12800, 20000], waits);
        _first.Wire.Arriving.Add(Pieces(V4.Udp(), 1)[2]);
        _first.Loop.RunOnce(_now);
        Assert.Equal(100, _first.Loop.WaitMicroseconds);
    }

    [Fact]
    public void Whoever_has_frames_that_the_kernel_did_not_take_comes_back_in_a_moment_and_not_at_once()
    {
        _first.Wire.HasBacklog = true;
        Assert.InRange(_first.Loop.WaitMicroseconds, 1, 100);
        _first.Wire.HasBacklog = false;
        Assert.Equal(-1, _first.Loop.WaitMicroseconds);
    }

    [Fact]
    public void One_source_may_have_64_fragments_wait_and_another_still_has_room()
    {
        byte[] later = Pieces(V4.Udp(), 1)[1];
        Arrive(_first, [.. Enumerable.Repeat(later, 70)]);
        Assert.Equal((64, 6L), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));

        Arrive(_first, Pieces((V4 with { From = 0x0A000001u }).Udp(), 1)[1]);

        Assert.Equal((65, 6L), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));
    }

    [Fact]
    public void Where_there_is_no_room_the_oldest_is_given_up()
    {
        for (uint source = 1; source <= 400; source++)
        {
            Arrive(_first, Pieces((V4 with { From = 0x0A000000 + source }).Udp(), 1)[1]);
        }

        Assert.Equal((FragmentHold.FramesMax, 144L), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));
        Arrive(_first, Pieces((V4 with { From = 0x0A000000 + 144 }).Udp(), 1)[0]);
        Assert.Equal(1, _first.Count(Outcome.Forwarded)); // the first of a packet whose other piece had to go
        Arrive(_first, Pieces((V4 with { From = 0x0A000000 + 145 }).Udp(), 1)[0]);
        Assert.Equal(3, _first.Count(Outcome.Forwarded));
    }

    [Fact]
    public void A_port_that_cannot_keep_more_drops()
    {
        _first.Wire.RoomToKeep = 2;
        Arrive(_first, Pieces(V4.Udp(), 1)[1..]);

        Assert.Equal((2, (long)Pieces(V4.Udp(), 1).Length - 3), (_first.Wire.Owned, _first.Count(Outcome.Fragment)));
    }

    [Fact]
    public void A_first_fragment_without_a_server_takes_the_others_with_it()
    {
        _world.Publish(Service(Dns));
        byte[][] pieces = Pieces(V4.Udp(), 1);
        Arrive(_first, pieces[1], pieces[0], pieces[2]);

        Assert.Equal(1, _first.Count(Outcome.NoRealServer));
        Assert.Equal((2L, 0), (_first.Count(Outcome.Fragment), _first.Wire.Owned));
    }

    [Fact]
    public void Fragments_for_a_server_that_has_left_are_dropped()
    {
        byte[][] pieces = Pieces(V4.Udp(), 1);
        Arrive(_first, pieces[0]);
        _world.Publish(Service(Dns));
        Arrive(_first, pieces[1]);

        Assert.Equal(1, _first.Count(Outcome.Fragment));
    }

    [Fact]
    public void Fragments_for_an_address_or_protocol_without_a_service_do_not_wait()
    {
        Arrive(_first, Pieces((V4 with { To = Vip + 1 }).Udp(), 1)[1], Pieces(V4.Sctp(0), 1)[1]);

        Assert.Equal((2L, 0), (_first.Count(Outcome.NotOurs), _first.Wire.Owned));
    }

    [Fact]
    public void Fragments_of_another_port_follow_theirs_to_nowhere()
    {
        byte[][] pieces = Pieces((V4 with { ToPort = 9 }).Udp(), 1);
        Arrive(_first, pieces);

        Assert.Equal((1L, pieces.Length - 1L), (_first.Count(Outcome.NotOurs), _first.Count(Outcome.Fragment)));
    }

    [Fact]
    public void A_fragment_that_a_director_sent_is_a_loop()
    {
        Arrive(_first, Pieces((V4 with { SourceMac = Director }).Udp(), 1));

        Assert.Equal(_first.Received, _first.Count(Outcome.Loop));
    }

    [Fact]
    public void A_fragment_at_its_last_hop_is_dropped_and_not_answered()
    {
        byte[][] pieces = Pieces(V4.Udp(), 1);
        Arrive(_first, pieces[0], Pieces((V4 with { TimeToLive = 1 }).Udp(), 1)[1]);

        Assert.Equal((1L, 1L), (_first.Count(Outcome.Forwarded), _first.Count(Outcome.HopLimit)));
    }

    [Fact]
    public void A_segment_cut_in_pieces_opens_its_connection()
    {
        byte[][] pieces = Pieces((ToWeb with { Payload = new byte[2000] }).Tcp(TcpControl.Syn), 1);
        Arrive(_first, [.. pieces.Reverse()]);
        Arrive(_second, ToWeb.Tcp(TcpControl.Ack));

        Assert.Equal((pieces.Length, 1L), ((int)_first.Count(Outcome.Forwarded), _second.Count(Outcome.Forwarded)));
        Assert.Single(_first.Wire.Sent.Concat(_second.Wire.Sent).Select(frame => MacAddress.From(frame)).Distinct());
    }

    private static IpAddress Parse(string text) => IpAddress.TryParse(text, out IpAddress address) ? address : default;

    private static byte Octet(int index) => (byte)(index * 7 % 256);

    private static byte[][] Pieces(byte[] frame, uint id, int octets = 1000) => // the wire takes 2,048 octets
        [.. TestKit.Fragments.Of(frame, octets & ~7, id)];

    private static uint Identification(byte[] piece) => Read(piece).Fragment.Identification;

    private static string Payload(byte[] piece) => Convert.ToHexString(piece.AsSpan(Read(piece).TransportAt));

    private static Packet Read(byte[] piece)
    {
        Assert.Equal(Outcome.Forwarded, PacketReader.Read([.. piece], MacAddress.From(piece), out Packet packet));
        return packet;
    }

    private void Arrive(Queue queue, params byte[][] frames)
    {
        queue.Wire.Arriving.AddRange(frames);
        Run();
    }

    private void Run()
    {
        _first.Run(_world.Table, _now);
        _second.Run(_world.Table, _now);
        _first.Run(_world.Table, _now); // for what the second had
    }

    /// <summary>One worker.</summary>
    private sealed class Queue
    {
        private readonly TablePublisher _tables;
        private readonly OutcomeCounters _counters = new();

        internal Queue(World world)
        {
            _tables = new TablePublisher(world.Table);
            Loop = new ForwardLoop<MemoryPort>(
                new MemoryPort(Wire), _tables, new Router(world.Flows, new Statistics()), _counters);
        }

        internal MemoryWire Wire { get; } = new(chunks: 600);

        internal ForwardLoop<MemoryPort> Loop { get; }

        internal long Received => Wire.Arriving.Count;

        internal long Count(Outcome outcome) => _counters.Frames(outcome);

        internal void Run(ForwardingTable table, uint now)
        {
            _tables.Publish(table);
            while (Loop.RunOnce(now) > 0)
            {
            }

            long left = Enum.GetValues<Outcome>().Sum(_counters.Frames);
            Assert.Equal(Received, left + Wire.Owned); // what has not left waits
        }
    }
}
