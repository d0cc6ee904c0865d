using System;
using System.Collections.Generic;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Vrrp.Tests.Bfd;

/// <summary>Two sessions and a cable that takes 200 µs. Octets travel, not objects.</summary>
internal sealed class BfdWire
{
    private const long DelayMicroseconds = 200;

    private readonly List<(Instant At, BfdNode To, byte[] Octets)> _underway = [];
    private Instant _now = new(1_000_000);

    public BfdWire(BfdNode left, BfdNode right)
    {
        (Left, Right) = (left, right);
        foreach (BfdNode node in (BfdNode[])[left, right])
        {
            node.Now = _now;
            node.Start();
            Carry(node);
        }
    }

    public BfdNode Left { get; }

    public BfdNode Right { get; }

    /// <summary>Whether everything that is sent is lost.</summary>
    public bool IsCut { get; set; }

    public int Transitions { get; private set; }

    public void Run(long microseconds)
    {
        Instant end = _now.After(microseconds);
        while (true)
        {
            Instant next = Instant.Min(Left.State.NextDeadline, Right.State.NextDeadline);
            foreach ((Instant at, _, _) in _underway)
            {
                next = Instant.Min(next, at);
            }

            if (next.Microseconds > end.Microseconds)
            {
                _now = end;
                return;
            }

            _now = next;
            Deliver();
            foreach (BfdNode node in (BfdNode[])[Left, Right])
            {
                node.Now = _now;
                node.Tick();
                Carry(node);
            }
        }
    }

    private void Deliver()
    {
        foreach ((Instant at, BfdNode to, byte[] octets) in _underway.ToArray())
        {
            if (at.HasCome(_now))
            {
                BfdFault fault = BfdReader.Read(octets, out BfdPacket packet);
                if (fault != BfdFault.None)
                {
                    throw new InvalidOperationException($"{fault}");
                }

                to.Now = _now;
                to.Hears(packet);
                Carry(to);
            }
        }

        _underway.RemoveAll(each => each.At.HasCome(_now));
    }

    private void Carry(BfdNode from)
    {
        Transitions += from.Last.IsTransition ? 1 : 0;
        foreach (BfdEffects effect in (BfdEffects[])[BfdEffects.Answer, BfdEffects.Transmit])
        {
            if ((from.Last.Effects & effect) != 0 && !IsCut)
            {
                byte[] octets = new byte[BfdView.Size];
                BfdWriter.Write(octets, from.State, from.Self, effect == BfdEffects.Answer);
                _underway.Add((_now.After(DelayMicroseconds), from == Left ? Right : Left, octets));
            }
        }
    }
}
