using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Two or three routers on one segment. The seed is in the test's name, so a failure repeats itself.</summary>
public sealed class SegmentTests
{
    private const long Second = 1_000_000, Millisecond = 1_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    public static TheoryData<int> FewSeeds => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Settles_on_one_active_router_once_the_segment_heals(int seed)
    {
        Segment segment = new Segment(seed, Of(150, 1), Of(150, 2), Of(100, 3)).StartAll();

        segment.LossPercent = 70;
        segment.Run(20 * Second);
        segment.LossPercent = 0;
        segment.Run(10 * Second);

        Assert.Equal([Role.Backup, Role.Active, Role.Backup], segment.Roles); // equal priorities: higher address wins
        Assert.Equal([false, true, false], segment.Routers.Select(router => router.HasAddresses));
        AssertNoStorm(segment);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_strongest_wins_whoever_starts_first(int seed)
    {
        var random = new Random(seed);
        VrrpSettings[] settings = [.. Enumerable.Range(1, 2 + (seed % 2)).Select(n => Of(random.Next(1, 255), n))];
        var segment = new Segment(seed, settings);
        foreach (Router router in segment.Routers.OrderBy(_ => random.Next()))
        {
            router.Happens(VrrpEvent.Startup());
            segment.Run(random.Next(6_000) * Millisecond);
        }

        segment.Run(10 * Second);

        VrrpSettings best = settings.OrderBy(s => s.Priority).ThenBy(s => s.SourceAddress).Last();
        Assert.Same(best, segment.Active.Self);
        Assert.Equal(1, segment.Routers.Count(router => router.HasAddresses));
        AssertNoStorm(segment);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_backup_takes_over_one_down_interval_after_the_last_advert(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(5 * Second);
        segment.Run(new Random(seed).Next(1_000_000));
        Router active = segment.Active, backup = segment.Routers[1];

        active.Die();
        segment.RunUntil(() => backup.Role == Role.Active, 5 * Second);

        long silence = segment.Now.Microseconds - active.LastAdvert.Microseconds;
        Assert.InRange(silence, 3_648_437, 3_648_437 + (2 * Millisecond));
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void A_backup_takes_over_one_skew_after_a_resignation(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(10 * Second);

        segment.Active.Happens(new VrrpEvent(VrrpEventKind.Shutdown));

        long gap = segment.RunUntil(() => segment.Routers[1].Role == Role.Active, 5 * Second);
        Assert.InRange(gap, 648_437, 648_437 + (2 * Millisecond));
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void A_stronger_router_that_comes_back_takes_over_and_is_alone(int seed)
    {
        var segment = new Segment(seed, Of(100, 1), Of(90, 2));
        segment.Routers[1].Happens(VrrpEvent.Startup());
        segment.Run(10 * Second);

        segment.Routers[0].Happens(VrrpEvent.Startup());
        long wait = segment.RunUntil(() => segment.Routers[0].Role == Role.Active, 5 * Second);
        segment.Run(Millisecond);

        Assert.InRange(wait, 3_609_375, 3_609_375 + Millisecond);
        Assert.Equal([true, false], segment.Routers.Select(router => router.HasAddresses));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_a_healed_split_the_winner_announces_the_addresses_whoever_speaks_first(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        Router winner = segment.Routers[0], loser = segment.Routers[1];
        segment.Cut(winner, loser);
        segment.Cut(loser, winner);
        segment.Run(20 * Second);
        segment.Run(new Random(seed).Next(1_000_000));
        Assert.Equal([Role.Active, Role.Active], segment.Roles);
        int bursts = winner.Bursts;

        segment.Heal();
        segment.Run(Second + (10 * Millisecond));

        Assert.Equal([Role.Active, Role.Backup], segment.Roles);
        Assert.True(winner.Bursts > bursts, "clients still talk to the loser");
        AssertNoStorm(segment);
    }

    /// <summary>keepalived 2.2.7 falls silent here: any packet for its VRID restarts its advert timer.</summary>
    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void A_stream_of_invalid_adverts_cannot_silence_the_active_router(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(5 * Second);
        AdvertFault[] faults = [.. Enum.GetValues<AdvertFault>()];
        AdvertFault[] optional = [AdvertFault.OwnSource, AdvertFault.UnknownPeer, AdvertFault.LinkLocal];
        faults = [.. faults.Except(optional.Append(AdvertFault.None))];
        var random = new Random(seed);
        long before = segment.Routers[0].Counters.AdvertsSent;

        for (int i = 0; i < 200; i++)
        {
            byte[] invalid = AdvertReaderTests.Broken(faults[random.Next(faults.Length)], out _);
            segment.Inject(segment.Routers[random.Next(2)], invalid);
            segment.Run(100 * Millisecond);
        }

        Assert.Equal([Role.Active, Role.Backup], segment.Roles);
        Assert.Equal(20, segment.Routers[0].Counters.AdvertsSent - before);
        Assert.Equal(0, segment.Routers[1].Counters.BecameActive);
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void A_flood_of_weaker_adverts_draws_few_answers_and_silences_nobody(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(5 * Second);
        long before = segment.Routers[0].Counters.AdvertsSent;
        byte[] weaker = new byte[AdvertWriter.LengthOf(TestNode.Defaults)];
        AdvertWriter.Write(weaker, Of(50, 9), 50, VrrpSettings.GroupV4, 0);

        for (int i = 0; i < 400; i++)
        {
            segment.Inject(segment.Routers[0], weaker);
            segment.Run(50 * Millisecond);
        }

        Assert.Equal([Role.Active, Role.Backup], segment.Roles);
        Assert.InRange(segment.Routers[0].Counters.AdvertsSent - before, 20, 2 * 20);
        AssertNoStorm(segment);
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void A_router_that_is_deaf_but_heard_makes_no_storm(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        segment.Cut(segment.Routers[0], segment.Routers[1]);

        segment.Run(60 * Second);

        Assert.Equal([Role.Active, Role.Active], segment.Roles); // nothing can be done about that from here
        AssertNoStorm(segment);
        Assert.InRange(segment.Routers[0].Bursts, 30, 80);
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void A_flood_of_resignations_cannot_keep_a_backup_from_taking_over(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(5 * Second);
        segment.Active.Die();
        for (int i = 0; i < 200; i++)
        {
            byte[] resignation = new byte[AdvertWriter.LengthOf(TestNode.Defaults)];
            AdvertWriter.Write(resignation, Of(200, 9), VrrpMachine.ResignPriority, VrrpSettings.GroupV4, 0);
            segment.Inject(segment.Routers[1], resignation);
            segment.Run(20 * Millisecond);
        }

        Assert.Equal(Role.Active, segment.Routers[1].Role);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // even if the shell does not keep the order
    public void A_backup_that_was_stopped_hears_what_it_missed_before_it_judges(bool ticksFirst)
    {
        Segment segment = new Segment(1, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(5 * Second);
        segment.Routers[1].TicksFirst = ticksFirst;

        segment.Routers[1].Stall(20 * Second);
        segment.Run(30 * Second);

        Assert.Equal([Role.Active, Role.Backup], segment.Roles);
        Assert.Equal(0, segment.Routers[1].Counters.BecameActive);
    }

    [Fact]
    public void A_backup_that_was_stopped_while_the_active_router_died_takes_over_after_a_skew()
    {
        Segment segment = new Segment(1, Of(100, 1), Of(90, 2)).StartAll();
        segment.Run(5 * Second);
        segment.Active.Die();
        segment.Run(Second);

        segment.Routers[1].Stall(20 * Second);
        segment.Run((20 * Second) + (649 * Millisecond));

        Assert.Equal(Role.Active, segment.Routers[1].Role);
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public void Two_routers_with_one_address_and_one_priority_report_it_and_make_no_storm(int seed)
    {
        Segment segment = new Segment(seed, Of(100, 1), Of(100, 1)).StartAll();

        segment.Run(30 * Second);

        AssertNoStorm(segment);
        Assert.All(segment.Routers, router => Assert.InRange(router.DuplicatesReported, 10, 30));
    }

    /// <summary>A router per host 192.168.5.n.</summary>
    private static VrrpSettings Of(int priority, int host) => TestNode.Defaults with
    {
        Priority = (byte)priority,
        SourceAddress = 0xC0A8_0500 + (uint)host,
        Authentication = Authentication.Password("1111"u8),
    };

    /// <summary>One advert per interval, one answer per interval, and one for a change of role.</summary>
    private static void AssertNoStorm(Segment segment) =>
        Assert.All(segment.Routers, router => Assert.InRange(router.AdvertsPerSecondMax, 0, 4));
}
