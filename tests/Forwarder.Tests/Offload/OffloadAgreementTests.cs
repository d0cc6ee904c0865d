using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Tests.Steering;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.Offload.OffloadWorld;
using static XdpLvs.Forwarder.Tests.World;
using static XdpLvs.Forwarder.Tests.World6;

namespace XdpLvs.Forwarder.Tests.Offload;

/// <summary>One table of cases, two executors: what the program forwards, user space would have forwarded so.</summary>
public sealed class OffloadAgreementTests : IDisposable
{
    private readonly OffloadWorld _world = new();

    private static readonly FrameBuilder WithData = ToWeb with { Payload = new byte[32] };

    /// <summary>Frames of established connections: what they are, and whether the program is to forward them.</summary>
    private static readonly (string Name, bool IsTaken, Func<FrameBuilder, FrameBuilder, FrameBuilder, byte[]> Frame)[]
        Frames =
        [
            ("TCP data", true, (web, _, _) => (web with { Payload = new byte[100] }).Tcp(TcpControl.Ack)),
            ("TCP acknowledgement", true, (web, _, _) => web.Tcp(TcpControl.Ack)),
            ("TCP, link padding behind", true, (web, _, _) => (web with { Padding = 6 }).Tcp(TcpControl.Ack)),
            ("two hops left", true, (web, _, _) => (web with { TimeToLive = 2 }).Tcp(TcpControl.Ack)),
            ("datagram", true, (_, dns, _) => (dns with { Payload = new byte[30] }).Udp()),
            ("empty datagram", true, (_, dns, _) => dns.Udp()),
            ("SCTP DATA", true, (_, _, signal) => (signal with { Payload = new byte[24] }).Sctp(0)),
            ("SCTP SACK", true, (_, _, signal) => (signal with { Payload = new byte[12] }).Sctp(3)),
            ("SCTP HEARTBEAT", true, (_, _, signal) => (signal with { Payload = new byte[12] }).Sctp(4)),
            ("SCTP HEARTBEAT ACK", true, (_, _, signal) => (signal with { Payload = new byte[12] }).Sctp(5)),
            ("TCP SYN", false, (web, _, _) => web.Tcp(TcpControl.Syn)),
            ("TCP FIN", false, (web, _, _) => web.Tcp(TcpControl.Ack | TcpControl.Fin)),
            ("TCP RST", false, (web, _, _) => web.Tcp(TcpControl.Reset)),
            ("TCP RST ACK", false, (web, _, _) => web.Tcp(TcpControl.Ack | TcpControl.Reset)),
            ("TCP without a control bit", false, (web, _, _) => web.Tcp(TcpControl.None)),
            ("SCTP SHUTDOWN", false, (_, _, signal) => signal.Sctp(7)),
            ("SCTP ABORT", false, (_, _, signal) => signal.Sctp(6)),
            ("SCTP INIT", false, (_, _, signal) => signal.Sctp(1)),
            ("SCTP INIT ACK", false, (_, _, signal) => signal.Sctp(2)),
            ("one hop left", false, (web, _, _) => (web with { TimeToLive = 1 }).Tcp(TcpControl.Ack)),
            ("no hop left", false, (web, _, _) => (web with { TimeToLive = 0 }).Tcp(TcpControl.Ack)),
            ("unfinished TCP checksum", false,
                (web, _, _) => (web with { Checksum = ChecksumKind.Partial }).Tcp(TcpControl.Ack)),
            ("unfinished UDP checksum", false, (_, dns, _) => (dns with { Checksum = ChecksumKind.Partial }).Udp()),
            ("unfinished SCTP checksum", false,
                (_, _, signal) => (signal with { Checksum = ChecksumKind.Partial }).Sctp(0)),
            ("another client", false, (web, _, _) => (web with { FromPort = 51_000 }).Tcp(TcpControl.Ack)),
            ("another port", false, (web, _, _) => (web with { ToPort = 81 }).Tcp(TcpControl.Ack)),
            ("another protocol", false, (web, _, _) => web.Udp()),
            ("another station's", false,
                (web, _, _) => (web with { TargetMac = new MacAddress(0x02_00_00_00_00_77) }).Tcp(TcpControl.Ack)),
            ("from our own MAC", false, (web, _, _) => (web with { SourceMac = Director }).Tcp(TcpControl.Ack)),
            ("from a peer director", false, (web, _, _) => (web with { SourceMac = Peer.Mac }).Tcp(TcpControl.Ack)),
            ("three VLAN tags", false,
                (web, _, _) => (web with { Tags = [0x8100_0001, 0x8100_0002, 0x8100_0003] }).Tcp(TcpControl.Ack)),
            ("an extension header, or options", false, (web, _, _) => (web.From.IsV4
                ? web with { OptionWords = 1 }
                : web with { Extensions = [ExtensionHeader.Options()] }).Tcp(TcpControl.Ack)),
            ("a piece", false, (web, dns, _) => (web.From.IsV4
                ? dns with { FragmentBits = 0x2000 }
                : dns with { Extensions = [ExtensionHeader.Fragment(0, true)] }).Udp()),
            ("an error that quotes the connection", false,
                (web, _, _) => web.IcmpError((byte)(web.From.IsV4 ? 3 : 1), Answer(web).Tcp(TcpControl.Ack))),
        ];

    public void Dispose() => _world?.Dispose();

    public static TheoryData<string> Cases() => [.. Frames.Select(frame => frame.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_program_forwards_what_user_space_would_have_forwarded_so(string name)
    {
        (_, bool isTaken, Func<FrameBuilder, FrameBuilder, FrameBuilder, byte[]> make) =
            Frames.Single(each => each.Name == name);
        foreach (bool isV4 in (bool[])[true, false])
        {
            foreach (uint[] tags in (uint[][])[[], OneTag, TwoTags])
            {
                FrameBuilder web = (isV4 ? ToWeb : ToWeb6) with { Tags = tags };
                FrameBuilder dns = web with { ToPort = 53 }, signal = web with { ToPort = 2905 };
                Establish(web, dns, signal);

                byte[] frame = make(web, dns, signal);
                (int action, byte[] left) = _world.Run(frame);
                Outcome outcome = _world.Route(frame);

                Assert.Equal(isTaken, action == Transmitted);
                if (isTaken)
                {
                    Assert.Equal(Outcome.Forwarded, outcome);
                    Assert.Equal(frame, left); // both MACs, one hop, the header's checksum, and nothing else
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_done_to_a_frame_both_mean_the_same(int seed)
    {
        Establish(ToWeb, ToDns, ToSignal);
        Establish(ToWeb6, ToDns6, ToSignal6);
        SteeringFrames every = new(seed), plain = new(seed,
        [
            WithData.Tcp(TcpControl.Ack), (ToWeb6 with { Tags = TwoTags }).Tcp(TcpControl.Ack), ToDns6.Udp(),
            (ToDns with { Tags = OneTag, Payload = new byte[9] }).Udp(), ToSignal.Sctp(0), ToSignal6.Sctp(3),
        ]);
        int taken = 0;
        for (int i = 0; i < 60_000; i++)
        {
            byte[] frame = i % 2 == 0 ? every.Next() : plain.Next(), before = [.. frame];
            long sent = _world.SentByProgram();
            (int action, byte[] left) = _world.Run(frame);
            Outcome outcome = _world.Route(frame);
            string what = $"seed {seed}, frame {i}: {outcome}, action {action}: {Convert.ToHexString(before)}";
            if (action == Transmitted)
            {
                taken++;
                Assert.True(outcome == Outcome.Forwarded && frame.AsSpan().SequenceEqual(left), what);
            }
            else
            {
                Assert.True(before.AsSpan().SequenceEqual(left), what);
            }

            Assert.Equal(sent + (action == Transmitted ? 1 : 0), _world.SentByProgram());
            if (i % 50 == 0) // what was finished or reset meanwhile begins again
            {
                Establish(ToWeb, ToDns, ToSignal);
                Establish(ToWeb6, ToDns6, ToSignal6);
            }
        }

        Assert.InRange(taken, 4_000, 40_000);
    }

    [Fact]
    public void A_connection_lives_on_by_the_frames_that_the_program_forwards()
    {
        Establish(ToWeb, ToDns, ToSignal);
        Establish(ToWeb6, ToDns6, ToSignal6);
        _world.Now += FlowClock.Ticks(200); // 100 s before the first would end
        _world.Beat();
        foreach (byte[] frame in (byte[][])[ToWeb.Tcp(TcpControl.Ack), ToDns.Udp(), ToWeb6.Tcp(TcpControl.Ack),
            ToDns6.Udp(), ToSignal.Sctp(0), ToSignal6.Sctp(0)])
        {
            Assert.Equal(Transmitted, _world.Run(frame).Action);
        }

        var left = new List<(byte Protocol, uint Seconds)>();
        _world.Flows.Visit(_world.Now, entry => left.Add(
            (entry.Key.Service.Protocol, entry.TicksLeft / FlowClock.TicksPerSecond)));
        Assert.Equal<(byte, uint)>(
            [(6, 900), (6, 900), (17, 300), (17, 300), (132, 900), (132, 900)], [.. left.Order()]);
    }

    [Fact]
    public void A_connection_whose_time_has_come_is_user_spaces()
    {
        Establish(ToWeb, ToDns, ToSignal);
        _world.Now += FlowClock.Ticks(900);
        _world.Beat();

        Assert.Equal(Steered, _world.Run(ToWeb.Tcp(TcpControl.Ack)).Action);
        Assert.Equal(Outcome.NoConnection, _world.Route(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void A_real_server_that_is_gone_gets_nothing_more_and_a_new_mac_counts_at_once()
    {
        Establish(WithData, ToDns, ToSignal);
        byte[] frame = WithData.Tcp(TcpControl.Ack);
        MacAddress before = MacAddress.From(_world.Run(frame).Frame);
        RealServer real = Reals.Single(each => each.Mac == before);

        _world.Publish([.. Reals.Select(each => each with { Mac = new MacAddress(each.Mac.Bits + 0x1000) })]);
        Assert.Equal(new MacAddress(before.Bits + 0x1000), MacAddress.From(_world.Run(frame).Frame));

        _world.Publish([.. Reals.Select(each => each == real ? each with { Mac = default } : each)]);
        Assert.Equal(Steered, _world.Run(frame).Action);

        _world.Publish([.. Reals.Where(each => each != real)]);
        Assert.Equal(Steered, _world.Run(frame).Action);
    }

    [Fact]
    public void A_packet_that_is_too_large_for_its_real_server_is_user_spaces()
    {
        _world.Publish(Reals[2]);
        Establish(ToWeb, ToDns, ToSignal);
        Assert.Equal(Transmitted, _world.Run((ToWeb with { Payload = new byte[960] }).Tcp(TcpControl.Ack)).Action);
        Assert.Equal(Steered, _world.Run((ToWeb with { Payload = new byte[961] }).Tcp(TcpControl.Ack)).Action);
    }

    [Fact]
    public void Nothing_is_forwarded_once_the_director_was_not_seen_for_too_long()
    {
        Establish(ToWeb, ToDns, ToSignal);
        Assert.Equal(Transmitted, _world.Run(ToWeb.Tcp(TcpControl.Ack)).Action);
        _world.Beat(_world.After(TimeSpan.FromMinutes(1)));
        Assert.Equal(Transmitted, _world.Run(ToWeb.Tcp(TcpControl.Ack)).Action);
        _world.Beat(_world.After(TimeSpan.FromSeconds(-1)));
        Assert.Equal(Steered, _world.Run(ToWeb.Tcp(TcpControl.Ack)).Action);
    }

    [Fact]
    public void Packets_and_octets_of_both_executors_add_up()
    {
        Establish(ToWeb, ToDns, ToSignal);
        for (int i = 0; i < 100; i++)
        {
            byte[] frame = (ToWeb with { Payload = new byte[i] }).Tcp(TcpControl.Ack);
            Assert.Equal(
                i % 2 == 0 ? Transmitted : (int)Outcome.Forwarded,
                i % 2 == 0 ? _world.Run(frame).Action : (int)_world.Route(frame));
        }

        (long Packets, long Octets)[] program = [.. Reals.Select(real => _world.Point.Sent(real.Number))];
        Assert.Equal(50, program.Sum(each => each.Packets));
        Assert.Equal(
            Enumerable.Range(0, 100).Where(i => i % 2 == 0).Sum(i => 40 + i), program.Sum(each => each.Octets));
        Assert.Equal(50, _world.Point.SentInAll());
    }

    [Fact]
    public void On_a_veth_frames_go_back_by_a_redirect()
    {
        using var world = new OffloadWorld(returnsByRedirect: true);
        Establish(world, ToWeb, ToDns, ToSignal);

        Assert.Equal(Redirected, world.Run(ToWeb.Tcp(TcpControl.Ack)).Action);
    }

    private void Establish(FrameBuilder web, FrameBuilder dns, FrameBuilder signal) =>
        Establish(_world, web, dns, signal);

    /// <summary>One connection of each kind, open and with data on it. What was there of them is over.</summary>
    private static void Establish(OffloadWorld world, FrameBuilder web, FrameBuilder dns, FrameBuilder signal)
    {
        foreach (byte[] frame in (byte[][])[web.Tcp(TcpControl.Reset), web.Tcp(TcpControl.Syn), web.Tcp(TcpControl.Ack),
            dns.Udp(), dns.Udp(), signal.Sctp(6), signal.Sctp(1), signal.Sctp(10), signal.Sctp(0)])
        {
            _ = world.Route(frame);
        }
    }
}
