using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Xunit;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Seeded worlds full of accidents. After each, the wire behaves, and the routers must agree.</summary>
/// <remarks>
/// <c>VRRP_SEEDS=1-10000</c> runs so many worlds instead of the usual ones, <c>VRRP_SEEDS=4711</c> runs one again.
/// </remarks>
public sealed class SimulationTests
{
    private const int SeedsUsual = 500, Rounds = 3, AccidentsPerRound = 12;

    /// <summary>In any one interval: two beats, two answers to each of four rivals, nine to resignations.</summary>
    private const int SentPerIntervalMax = 2 + (2 * Rivals.Capacity) + 9;

    private static readonly long Settling = 5 * World.LatencyMax;

    [Fact]
    public void Every_world_settles_on_one_active_router_per_component_and_stays_so()
    {
        (int first, int last) = Seeds();
        for (int seed = first; seed <= last; seed++)
        {
            string? broken = Play(seed);
            Assert.True(broken is null, $"seed {seed}: {broken}; again with VRRP_SEEDS={seed}");
        }
    }

    private static (int First, int Last) Seeds()
    {
        if (Environment.GetEnvironmentVariable("VRRP_SEEDS") is not { Length: > 0 } wanted)
        {
            return (1, SeedsUsual);
        }

        int[] ends = [.. wanted.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture))];
        return (ends[0], ends[^1]);
    }

    private static string? Play(int seed)
    {
        var world = new World(seed);
        var accidents = new Accidents(world, new Random(seed));
        foreach (WorldRouter router in world.Routers)
        {
            router.Start(adopts: false);
        }

        string? broken = null;
        for (int round = 0; round < Rounds && broken is null; round++)
        {
            accidents.Happen(AccidentsPerRound);
            accidents.End();
            broken = Settle(world) is { } what ? $"round {round}: {what}" : null;
        }

        return broken;
    }

    private static string? Settle(World world)
    {
        long startupDelay = world.Routers.Max(router => router.Self.StartupDelayMicroseconds);
        world.Run(startupDelay + (3 * world.Interval) + world.SkewMax + Settling);
        if (Doubles(world) && DoublesAfterTheWordIsOut(world))
        {
            return "two active routers after three intervals and a skew: " + Describe(world);
        }

        world.Run(world.SkewMax + Settling); // a router that was stopped listens for one skew more
        if (Doubles(world) && DoublesAfterTheWordIsOut(world))
        {
            return "two active routers: " + Describe(world);
        }

        foreach (IGrouping<int, WorldRouter> component in world.Routers.GroupBy(router => router.Component))
        {
            if (Judge([.. component]) is { } what)
            {
                return $"{what}: {Describe(world)}";
            }
        }

        return Stay(world);
    }

    private static bool Doubles(World world) => world.Routers
        .Where(router => router.Role == Role.Active)
        .GroupBy(router => router.Component)
        .Any(component => component.Count() > 1);

    /// <summary>A takeover may happen this very moment: the other one has not heard of it.</summary>
    private static bool DoublesAfterTheWordIsOut(World world)
    {
        world.Run(Settling);
        return Doubles(world);
    }

    private static string? Judge(WorldRouter[] component)
    {
        WorldRouter[] eligible = [.. component.Where(router => router.IsEligible)];
        if (eligible.Length == 0)
        {
            return null;
        }

        WorldRouter? active = eligible.SingleOrDefault(router => router.Role == Role.Active);
        byte best = eligible.Max(router => router.Priority);
        bool insists = eligible.Any(router => router.Priority == best && router.Self.PreemptDelayMicroseconds == 0
            && (router.Self.Preempt || router.Self.Priority == VrrpMachine.OwnerPriority));
        return 0 switch
        {
            _ when active is null => "nobody is active",
            _ when insists && active.Priority < best => "the strongest is not active",
            _ when component.Any(router => router.IsAlive && router.HasAddresses != (router == active)) =>
                "addresses are not where they belong",
            _ => null,
        };
    }

    /// <summary>Some intervals more: nobody changes his mind, and one router speaks once per interval.</summary>
    private static string? Stay(World world)
    {
        if (world.Routers.Any(router => router.Self.PreemptDelayMicroseconds > 0))
        {
            return null; // one may still be waiting
        }

        Dictionary<WorldRouter, (int Transitions, int Sent)> before = world.Routers
            .Where(router => router.Role != Role.Leaving) // one that found no successor goes in the end
            .ToDictionary(router => router, router => (router.Transitions, router.Sent));
        world.Run(5 * world.Interval);
        foreach ((WorldRouter router, (int transitions, int sent)) in before)
        {
            long beats = router.Role == Role.Active ? (5 * world.Interval / router.Self.IntervalMicroseconds) + 1 : 0;
            if (router.Transitions != transitions || router.Sent - sent > beats)
            {
                return $"{router.Self.Name} is restless: {Describe(world)}";
            }

            if (router.SentPerIntervalMax > SentPerIntervalMax)
            {
                return $"{router.Self.Name} sent {router.SentPerIntervalMax} adverts in one interval";
            }
        }

        return null;
    }

    private static string Describe(World world) => string.Join("; ", world.Routers.Select(router =>
        $"{router.Self.Name} part {router.Component} {(router.IsAlive ? router.Role : "dead")} {router.Priority}"
        + $"{(router.Self.Preempt ? "" : " nopreempt")}{(router.HasAddresses ? " holds" : "")} {router.State.Faults}"
        + $" every {router.Self.IntervalMicroseconds / 1000} ms"));
}
