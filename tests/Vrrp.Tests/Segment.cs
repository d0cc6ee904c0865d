using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Routers on one Ethernet segment in virtual time. The wire carries real octets, and loses some.</summary>
internal sealed class Segment
{
    private const int LatencyMin = 50, LatencyMax = 500; // microseconds

    private readonly Random _random;
    private readonly PriorityQueue<(Router Target, byte[] Packet), (long At, long Order)> _wire = new();
    private readonly HashSet<(Router From, Router To)> _cuts = [];
    private long _order;

    public Segment(int seed, params VrrpSettings[] routers)
    {
        _random = new Random(seed);
        Routers = [.. routers.Select(self => new Router(this, self))];
    }

    public IReadOnlyList<Router> Routers { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    public int LossPercent { get; set; }

    public IEnumerable<Role> Roles => Routers.Select(router => router.Role);

    public Router Active => Routers.Single(router => router.Role == Role.Active);

    /// <summary>Everybody starts at the same moment.</summary>
    public Segment StartAll()
    {
        foreach (Router router in Routers)
        {
            router.Happens(VrrpEvent.Startup());
        }

        return this;
    }

    public void Cut(Router from, Router to) => _cuts.Add((from, to));

    public void Heal() => _cuts.Clear();

    /// <summary>Somebody who is no router of ours sends to one of them.</summary>
    public void Inject(Router target, byte[] packet) =>
        _wire.Enqueue((target, packet), (Now.After(LatencyMin).Microseconds, _order++));

    public void Broadcast(Router sender, byte[] packet)
    {
        foreach (Router target in Routers)
        {
            if (target != sender && !_cuts.Contains((sender, target)) && _random.Next(100) >= LossPercent)
            {
                long at = Now.After(_random.Next(LatencyMin, LatencyMax)).Microseconds;
                _wire.Enqueue((target, packet), (at, _order++));
            }
        }
    }

    /// <summary>Runs from event to event; nobody waits.</summary>
    public void Run(long microseconds)
    {
        Instant end = Now.After(microseconds);
        while (NextEvent() is { } next && end.HasCome(next) is false)
        {
            Now = next;
            while (_wire.TryPeek(out var letter, out var due) && due.At <= Now.Microseconds)
            {
                _wire.Dequeue();
                letter.Target.Receive(letter.Packet);
            }

            foreach (Router router in Routers)
            {
                router.TurnIfDue();
            }
        }

        Now = end;
    }

    /// <summary>Runs until the condition holds, and says how long that took; fails after the limit.</summary>
    public long RunUntil(Func<bool> condition, long limitMicroseconds)
    {
        Instant start = Now;
        while (!condition())
        {
            if (Now.Microseconds - start.Microseconds > limitMicroseconds)
            {
                throw new TimeoutException($"not within {limitMicroseconds} us");
            }

            Run(100);
        }

        return Now.Microseconds - start.Microseconds;
    }

    private Instant NextEvent()
    {
        Instant next = _wire.TryPeek(out _, out var due) ? new Instant(due.At) : Instant.Never;
        return Routers.Aggregate(next, (earliest, router) => Instant.Min(earliest, router.NextTurn));
    }
}
