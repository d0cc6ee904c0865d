using System.Collections.Generic;
using System.Linq;
using Xunit;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Vrrp.Tests.Bfd;

/// <summary>RFC 5880 section 6: states, timers, polls.</summary>
public sealed class BfdMachineTests
{
    private const long Second = 1_000_000, Millisecond = 1_000;

    private static readonly BfdSettings Self = BfdNode.Defaults;

    [Theory]
    [InlineData(BfdSession.Down, BfdSession.AdminDown, BfdSession.Down)]
    [InlineData(BfdSession.Down, BfdSession.Down, BfdSession.Init)]
    [InlineData(BfdSession.Down, BfdSession.Init, BfdSession.Up)]
    [InlineData(BfdSession.Down, BfdSession.Up, BfdSession.Down)]
    [InlineData(BfdSession.Init, BfdSession.AdminDown, BfdSession.Down)]
    [InlineData(BfdSession.Init, BfdSession.Down, BfdSession.Init)]
    [InlineData(BfdSession.Init, BfdSession.Init, BfdSession.Up)]
    [InlineData(BfdSession.Init, BfdSession.Up, BfdSession.Up)]
    [InlineData(BfdSession.Up, BfdSession.AdminDown, BfdSession.Down)]
    [InlineData(BfdSession.Up, BfdSession.Down, BfdSession.Down)]
    [InlineData(BfdSession.Up, BfdSession.Init, BfdSession.Up)]
    [InlineData(BfdSession.Up, BfdSession.Up, BfdSession.Up)]
    public void The_state_machine_of_section_6_2(BfdSession before, BfdSession heard, BfdSession after)
    {
        BfdNode node = In(before);

        node.Hears(heard);

        Assert.Equal(after, node.Session);
        Assert.Equal(before, node.Last.Before);
        Assert.Equal(before != after, node.Last.IsTransition);
    }

    [Fact]
    public void A_session_that_is_switched_off_hears_nothing()
    {
        var node = new BfdNode(Self);

        node.Hears(BfdSession.Init).Advance(10 * Second);

        Assert.Equal(BfdState.Initial, node.State);
        Assert.Equal(BfdEffects.None, node.Last.Effects);
    }

    [Fact]
    public void Until_it_is_up_it_sends_no_faster_than_once_a_second_with_jitter()
    {
        var node = new BfdNode(Self);
        node.Start();
        Assert.Equal(BfdEffects.Transmit, node.Last.Effects);
        Assert.Equal(Second, node.Sends().MinTxMicroseconds);

        List<long> waits = Waits(node, 400);

        Assert.All(waits, wait => Assert.InRange(wait, 750 * Millisecond, Second));
        Assert.True(waits.Min() < 770 * Millisecond && waits.Max() > 980 * Millisecond, "the jitter uses its range");
    }

    [Fact]
    public void Idle_intervals_below_a_second_count_as_a_second()
    {
        var node = new BfdNode(Self with { IdleTxMicroseconds = 50 * Millisecond });

        Assert.Equal(Second, node.Start().State.TransmitMicroseconds);
    }

    [Fact]
    public void Up_it_sends_at_the_slower_of_what_we_want_and_what_the_neighbour_hears()
    {
        BfdNode node = new BfdNode(Self).Up();
        Assert.Equal(10 * Millisecond, node.State.TransmitMicroseconds);

        node.Hears(BfdNode.Packet(BfdSession.Up) with { MinRxMicroseconds = 40_000 });

        Assert.Equal(40 * Millisecond, node.State.TransmitMicroseconds);
    }

    [Fact]
    public void If_one_lost_packet_ends_it_the_jitter_stops_at_90_percent()
    {
        BfdNode node = new BfdNode(Self with { Multiplier = 1 }).Up();

        Assert.All(Waits(node, 300), wait => Assert.InRange(wait, 7_500, 9_000));
    }

    [Fact]
    public void Coming_up_is_told_at_once_and_polled_until_it_is_answered()
    {
        BfdNode node = new BfdNode(Self).Up();
        Assert.Equal(BfdEffects.Transmit, node.Last.Effects);
        BfdPacket sent = node.Sends();
        Assert.True(sent is { IsPoll: true, IsFinal: false, Session: BfdSession.Up, OurDiscriminator: 99 });
        Assert.Equal(10_000u, sent.MinTxMicroseconds);

        node.Hears(BfdSession.Up);
        Assert.True(node.Sends().IsPoll);
        node.Hears(BfdNode.Packet(BfdSession.Up) with { IsFinal = true });
        Assert.False(node.Sends().IsPoll);
    }

    [Fact]
    public void A_poll_is_answered_at_once_and_the_answer_asks_nothing()
    {
        BfdNode node = new BfdNode(Self).Up();

        node.Hears(BfdNode.Packet(BfdSession.Up) with { IsPoll = true });

        Assert.Equal(BfdEffects.Answer, node.Last.Effects);
        Assert.True(node.Sends(isAnswer: true) is { IsFinal: true, IsPoll: false });
    }

    [Fact]
    public void A_slower_interval_is_kept_only_once_the_neighbour_knows_it()
    {
        BfdNode node = new BfdNode(Self with { MinTxMicroseconds = 3 * Second }).Up();
        Assert.Equal(3 * Second, node.Sends().MinTxMicroseconds);
        Assert.Equal(Second, node.State.TransmitMicroseconds);

        node.Hears(BfdNode.Packet(BfdSession.Up) with { IsFinal = true });

        Assert.Equal(3 * Second, node.State.TransmitMicroseconds);
    }

    [Fact]
    public void Silence_of_the_neighbours_multiplier_times_its_interval_is_its_end()
    {
        BfdNode node = new BfdNode(Self).Up();
        node.Hears(BfdNode.Packet(BfdSession.Up) with { Multiplier = 3, MinTxMicroseconds = 20_000 });

        node.Advance((60 * Millisecond) - 1);
        Assert.Equal(BfdSession.Up, node.Session);
        node.Advance(1);

        Assert.Equal((BfdSession.Down, BfdDiagnostic.Expired), (node.Session, node.State.Diagnostic));
        Assert.Equal(Second, node.State.TransmitMicroseconds);
        Assert.Equal(0u, node.State.RemoteDiscriminator);
        Assert.True((node.Last.Effects & BfdEffects.Transmit) != 0);
        Assert.True(node.Sends() is { Session: BfdSession.Down, Diagnostic: BfdDiagnostic.Expired, IsPoll: false });
    }

    [Fact]
    public void Our_own_minimum_bounds_the_detection_time_from_below()
    {
        BfdNode node = new BfdNode(Self with { MinRxMicroseconds = 100 * Millisecond }).Up();

        Assert.Equal(500 * Millisecond, node.State.DetectionMicroseconds);
    }

    [Fact]
    public void A_neighbour_that_says_down_is_believed_and_remembered_for_a_detection_time()
    {
        BfdNode node = new BfdNode(Self).Up();

        node.Hears(BfdSession.Down);
        Assert.Equal((BfdSession.Down, BfdDiagnostic.NeighbourDown), (node.Session, node.State.Diagnostic));
        Assert.Equal(99u, node.State.RemoteDiscriminator);
        node.Advance(50 * Millisecond);

        Assert.Equal(0u, node.State.RemoteDiscriminator);
        Assert.Equal(BfdDiagnostic.NeighbourDown, node.State.Diagnostic);
    }

    [Fact]
    public void A_passive_session_is_silent_until_it_is_spoken_to_and_again_once_it_is_not()
    {
        var node = new BfdNode(Self with { IsPassive = true });
        node.Start();
        Assert.Equal((BfdEffects.None, Instant.Never), (node.Last.Effects, node.State.NextDeadline));

        node.Hears(BfdSession.Down);
        Assert.Equal((BfdEffects.Transmit, BfdSession.Init), (node.Last.Effects, node.Session));
        node.Advance(10 * Second);

        Assert.Equal((BfdSession.Down, BfdEffects.None), (node.Session, node.Last.Effects));
        Assert.Equal(Instant.Never, node.State.NextDeadline);
    }

    [Fact]
    public void A_neighbour_that_wants_no_packets_gets_none_but_answers()
    {
        BfdNode node = new BfdNode(Self).Up();

        node.Hears(BfdNode.Packet(BfdSession.Up) with { MinRxMicroseconds = 0, IsPoll = true });
        Assert.Equal(BfdEffects.Answer, node.Last.Effects);
        Assert.Equal(Instant.Never, node.State.TransmitDeadline);

        node.Hears(BfdSession.Up);
        Assert.NotEqual(Instant.Never, node.State.TransmitDeadline);
    }

    [Fact]
    public void Stopping_tells_the_neighbour_and_then_is_silent()
    {
        BfdNode node = new BfdNode(Self).Up();

        node.Stop();

        Assert.Equal(BfdEffects.Transmit, node.Last.Effects);
        Assert.True(node.Sends() is
        {
            Session: BfdSession.AdminDown,
            Diagnostic: BfdDiagnostic.AdminDown,
            OurDiscriminator: 99,
        });
        Assert.Equal(Instant.Never, node.State.NextDeadline);
        Assert.Equal(BfdSession.Down, node.Start().Session);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Two_of_them_come_up_stay_up_and_notice_a_cut_cable_in_time(int seed, bool passive)
    {
        var wire = new BfdWire(
            new BfdNode(Self with { IsPassive = passive }, seed),
            new BfdNode(Self with { Discriminator = 8, MinTxMicroseconds = 20_000, Multiplier = 3 }, seed + 100));
        wire.Run(4 * Second);
        Assert.Equal((BfdSession.Up, BfdSession.Up), (wire.Left.Session, wire.Right.Session));
        Assert.False(wire.Left.State.IsPolling || wire.Right.State.IsPolling);

        int before = wire.Transitions;
        wire.Run(20 * Second);
        Assert.Equal(before, wire.Transitions);

        wire.IsCut = true;
        wire.Run(60 * Millisecond); // three times 20 ms, for the left one
        Assert.Equal(BfdSession.Down, wire.Left.Session);
        wire.IsCut = false;
        wire.Run(5 * Second);
        Assert.Equal((BfdSession.Up, BfdSession.Up), (wire.Left.Session, wire.Right.Session));
    }

    [Fact]
    public void A_transition_reads_as_in_keepalived()
    {
        BfdNode node = new BfdNode(Self).Up();
        Assert.Equal("BFD_Instance(BFD_1) Entering Up state", BfdLog.Line(node.Last, Self));

        node.Advance(Second);

        Assert.Equal(
            "BFD_Instance(BFD_1) Entering Down state (Local diagnostic - Control Detection Time Expired, "
                + "Remote diagnostic - No Diagnostic)",
            BfdLog.Line(node.Last, Self));
    }

    private static BfdNode In(BfdSession session)
    {
        BfdNode node = new BfdNode(Self).Start();
        return session switch
        {
            BfdSession.Init => node.Hears(BfdSession.Down),
            BfdSession.Up => node.Hears(BfdSession.Init),
            _ => node,
        };
    }

    /// <summary>How long it waits between its packets while it hears one of the neighbour's at each.</summary>
    private static List<long> Waits(BfdNode node, int count)
    {
        List<long> waits = [];
        for (int i = 0; i < count; i++)
        {
            Instant due = node.State.TransmitDeadline, began = node.Now;
            node.Now = due;
            if (node.Session == BfdSession.Up)
            {
                node.Hears(BfdSession.Up); // keeps it up; changes no deadline
            }

            node.Tick();
            Assert.Equal(BfdEffects.Transmit, node.Last.Effects);
            waits.Add(due.Microseconds - began.Microseconds);
        }

        return waits[1..];
    }
}
