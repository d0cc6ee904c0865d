using System.Collections.Generic;
using System.Threading;

namespace XdpLvs.Vrrp;

/// <summary>A change of role.</summary>
/// <param name="At">When, on the clock of the VRRP thread.</param>
/// <param name="Notice">From what to what, and why.</param>
public sealed record Transition(Instant At, Notice Notice);

/// <summary>The last changes of an instance's role. The VRRP thread writes; anybody may read at any time.</summary>
public sealed class TransitionHistory
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 32;

    private readonly Transition?[] _ring = new Transition?[Capacity];
    private long _count;

    /// <summary>Changes since the start, forgotten ones included.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Remembers a step if it changed the role. VRRP thread only.</summary>
    public void Note(in Notice notice, Instant now)
    {
        if (notice.IsTransition)
        {
            Volatile.Write(ref _ring[(int)(_count % Capacity)], new Transition(now, notice));
            Volatile.Write(ref _count, _count + 1);
        }
    }

    /// <summary>The last ones, the oldest first.</summary>
    public IReadOnlyList<Transition> Last()
    {
        var found = new List<Transition>(Capacity);
        long count = Count;
        for (long i = long.Max(0, count - Capacity); i < count; i++)
        {
            if (Volatile.Read(ref _ring[(int)(i % Capacity)]) is { } transition)
            {
                found.Add(transition);
            }
        }

        return found;
    }
}
