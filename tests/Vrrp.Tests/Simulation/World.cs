using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Two to five routers on one wire in virtual time, and everything that can go wrong there.</summary>
/// <remarks>One seed is one world: the same configurations, the same accidents, the same answers.</remarks>
internal sealed class World
{
    public const int LatencyMax = 500; // microseconds, when the wire behaves

    private readonly Random _random;
    private readonly PriorityQueue<(WorldRouter Target, byte[] Packet), (long At, long Order)> _wire = new();
    private readonly HashSet<(WorldRouter From, WorldRouter To)> _cuts = [];
    private long _order;

    public World(int seed)
    {
        _random = new Random(seed);
        Routers = [.. WorldConfig.Draw(_random).Select(self => new WorldRouter(this, self))];
    }

    public IReadOnlyList<WorldRouter> Routers { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    public int LossPercent { get; set; }

    public int DuplicatePercent { get; set; }

    public int DelayedPercent { get; set; }

    /// <summary>The slowest interval in use, which backups may have learned.</summary>
    public long Interval => Routers.Max(router => router.Self.IntervalMicroseconds);

    public long SkewMax => Routers.Max(router => VrrpTimers.Skew(router.Self.Version, 1, Interval));

    public void Cut(WorldRouter from, WorldRouter to) => _cuts.Add((from, to));

    /// <summary>Splits the wire into so many parts at random; one part is a whole wire.</summary>
    public void Partition(int parts)
    {
        _cuts.Clear();
        foreach (WorldRouter router in Routers)
        {
            router.Component = _random.Next(parts);
        }

        foreach (WorldRouter from in Routers)
        {
            foreach (WorldRouter to in Routers.Where(to => to.Component != from.Component))
            {
                Cut(from, to);
            }
        }
    }

    public void Send(WorldRouter sender, byte[] packet)
    {
        foreach (WorldRouter target in Routers)
        {
            if (target != sender && !_cuts.Contains((sender, target)))
            {
                Deliver(target, packet);
            }
        }
    }

    /// <summary>Sends to one router, with what the wire does to packets at the moment.</summary>
    public void Deliver(WorldRouter target, byte[] packet)
    {
        int copies = _random.Next(100) < LossPercent ? 0 : _random.Next(100) < DuplicatePercent ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            long delay = _random.Next(100) < DelayedPercent
                ? _random.NextInt64(LatencyMax, Interval / 2) // overtaken by those that come after
                : _random.Next(50, LatencyMax);
            _wire.Enqueue((target, packet), (Now.After(delay).Microseconds, _order++));
        }
    }

    /// <summary>Runs from event to event; nobody waits.</summary>
    public void Run(long microseconds)
    {
        Instant end = Now.After(microseconds);
        while (NextEvent() is var next && next.Microseconds < end.Microseconds)
        {
            Now = next;
            while (_wire.TryPeek(out var letter, out var due) && due.At <= Now.Microseconds)
            {
                _wire.Dequeue();
                letter.Target.Receive(letter.Packet);
            }

            foreach (WorldRouter router in Routers)
            {
                router.TurnIfDue();
            }
        }

        Now = end;
    }

    private Instant NextEvent()
    {
        Instant next = _wire.TryPeek(out _, out var due) ? new Instant(due.At) : Instant.Never;
        foreach (WorldRouter router in Routers)
        {
            Instant wanted = router.NextTurn;
            next = Instant.Min(next, wanted.HasCome(Now) ? Now : wanted);
        }

        return next;
    }
}
