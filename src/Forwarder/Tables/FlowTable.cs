using System.Runtime.CompilerServices;
using System.Threading;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>Which connection of one address family goes to which real server. For all forwarder threads, without a
/// lock.</summary>
/// <remarks>
/// Open addressing in cache lines: eight in a row are probed. A slot's first word makes it valid (<see
/// cref="FlowWord"/>); a writer claims a slot by a compare-and-swap on it, writes the addresses, then that word. A
/// reader takes the word, the addresses, and the word again: equal words mean that the addresses belong to them.
/// IPv4 deadlines lie apart, since they change with every frame. Who changes a slot's word changes <see
/// cref="FlowCounts"/>.
/// </remarks>
internal sealed partial class FlowTable<TSlots>
    where TSlots : struct, IFlowSlots
{
    private const int BucketsProbed = 8, SlotsPerRegion = 1024;

    private readonly NativeWords<ulong> _words;
    private readonly NativeWords<uint>? _deadlines;
    private readonly byte[] _regions; // 1: there may be a flow among these slots, so that a walk skips the empty ones
    private readonly FlowCounts _counts;
    private readonly int _slotMask;
    private readonly ulong _seedA, _seedB;
    private long _evictions, _refusals;

    /// <summary>A table in that memory, which stays its owner's.</summary>
    /// <param name="words">A power of two slots.</param>
    /// <param name="deadlines">One for each slot; none where slots have their own.</param>
    /// <param name="seedA">First key of the hash.</param>
    /// <param name="seedB">Its second, odd.</param>
    /// <param name="counts">Of both families.</param>
    internal FlowTable(
        NativeWords<ulong> words, NativeWords<uint>? deadlines, ulong seedA, ulong seedB, FlowCounts counts)
    {
        int slots = words.Count / TSlots.Words;
        _counts = counts;
        _words = words;
        _deadlines = deadlines;
        _regions = new byte[(slots + SlotsPerRegion - 1) / SlotsPerRegion];
        _slotMask = slots - 1;
        _seedA = seedA;
        _seedB = seedB;
    }

    internal int Slots => _slotMask + 1;

    internal long Octets => ((long)_words.Count * sizeof(ulong)) + ((long)(_deadlines?.Count ?? 0) * sizeof(uint));

    internal long Evictions => Volatile.Read(ref _evictions);

    internal long Refusals => Volatile.Read(ref _refusals);

    private static int Probes => TSlots.PerBucket * BucketsProbed;

    /// <summary>The first slot of a flow's first bucket.</summary>
    /// <remarks>
    /// Keyed multiply-and-fold, plain 64-bit arithmetic, so that a BPF program can repeat it.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Locate(in FlowId id)
    {
        unchecked
        {
            ulong mixed = (id.Addresses ^ _seedA) * 0x9E3779B97F4A7C15;
            mixed ^= mixed >> 32;
            if (TSlots.Words > 2)
            {
                mixed = (mixed ^ id.ClientLow) * 0xC2B2AE3D27D4EB4F;
                mixed ^= mixed >> 31;
                mixed = (mixed ^ id.ServiceHigh ^ (id.ServiceLow << 1)) * 0x165667B19E3779F9;
                mixed ^= mixed >> 30;
            }

            return Finish(mixed, id.Ports);
        }
    }

    /// <summary>The same for IPv4, of which the key is two words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Locate(ulong addresses, ulong ports)
    {
        unchecked
        {
            ulong mixed = (addresses ^ _seedA) * 0x9E3779B97F4A7C15;
            return Finish(mixed ^ (mixed >> 32), ports);
        }
    }

    /// <summary>Asks for the lines that <see cref="Find"/> will read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(int first)
    {
        _words.Prefetch(first * TSlots.Words);
        if (!TSlots.HasDeadline)
        {
            _deadlines!.Prefetch(first);
        }
    }

    /// <summary>Finds a flow; one whose deadline has come is none, a template counts until it is swept.</summary>
    internal FlowHandle Find(in FlowId id, int first, uint now)
    {
        for (int i = 0; i < Probes; i++)
        {
            int slot = (first + i) & _slotMask;
            ulong word = Volatile.Read(ref Word(slot));
            if (word == FlowWord.Empty)
            {
                break;
            }

            if (FlowWord.KeyOf(word) == id.Ports
                && TSlots.HasAddresses(ref Word(slot), id)
                && Volatile.Read(ref Word(slot)) == word)
            {
                return IsAlive(slot, now) || FlowWord.IsTemplate(word) ? new FlowHandle(slot, word) : FlowHandle.None;
            }
        }

        return FlowHandle.None;
    }

    /// <summary>Finds an IPv4 flow in a state that stays and keeps it until <paramref name="deadline"/>.</summary>
    /// <param name="addresses">Of the flow.</param>
    /// <param name="wanted">Its word, but for the real server.</param>
    /// <param name="first">What <see cref="Locate(ulong, ulong)"/> said.</param>
    /// <param name="now">Ticks; what ended by then is not found.</param>
    /// <param name="deadline">Ticks.</param>
    /// <param name="real">Number of its real server, when found.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryKeep(ulong addresses, ulong wanted, int first, uint now, uint deadline, out ushort real)
    {
        for (int i = 0; i < Probes; i++)
        {
            int slot = (first + i) & _slotMask;
            ref ulong at = ref Word(slot);
            ulong word = Volatile.Read(ref at);
            if (FlowWord.WithoutReal(word) == wanted
                && Volatile.Read(ref Unsafe.Add(ref at, 1)) == addresses
                && Volatile.Read(ref at) == word)
            {
                real = FlowWord.Real(word);
                ref uint until = ref Deadline(slot);
                uint before = Volatile.Read(ref until);
                if (before != deadline && before > now)
                {
                    Volatile.Write(ref until, deadline); // a line that stays clean need not be written back
                }

                return before > now;
            }

            if (word == FlowWord.Empty)
            {
                break;
            }
        }

        real = 0;
        return false;
    }

    /// <summary>Keeps a found flow until <paramref name="deadline"/> and moves its state on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Touch(FlowHandle found, FlowState next, uint deadline)
    {
        if (next != found.State)
        {
            // Lost against another thread: that thread has just seen a newer frame of the same flow.
            ulong moved = FlowWord.With(found.Word, next, found.Real);
            if (Interlocked.CompareExchange(ref Word(found.Slot), moved, found.Word) == found.Word)
            {
                _counts.Move(found.Real, found.State, next);
            }
        }

        if (Volatile.Read(ref Deadline(found.Slot)) != deadline)
        {
            Volatile.Write(ref Deadline(found.Slot), deadline); // a line that stays clean need not be written back
        }
    }

    /// <summary>Says of a found template that a connection of it was established. It ends as before.</summary>
    internal void Assure(FlowHandle found)
    {
        ulong assured = FlowWord.With(found.Word, FlowState.Established, found.Real);
        _ = Interlocked.CompareExchange(ref Word(found.Slot), assured, found.Word); // else somebody replaced it
    }

    /// <summary>Remembers a flow, in the place of what was remembered of it before.</summary>
    /// <returns>What counts from now on, which another thread may have remembered first; nothing when its buckets are
    /// full of flows that may not be given up.</returns>
    internal FlowHandle Remember(in FlowId id, int first, FlowState state, ushort real, uint now, uint deadline)
    {
        for (int attempt = 0; attempt < Probes; attempt++)
        {
            (int slot, ulong seen, bool evicts) = ChooseSlot(id, first, now);
            if (slot < 0)
            {
                break;
            }

            if (Interlocked.CompareExchange(ref Word(slot), FlowWord.Claimed, seen) != seen)
            {
                continue; // somebody else took it; look again
            }

            Discount(seen);
            if (evicts)
            {
                Interlocked.Increment(ref _evictions);
            }

            TSlots.SetAddresses(ref Word(slot), id);
            Volatile.Write(ref Deadline(slot), deadline);
            _counts.Add(real, state, FlowWord.IsTemplate(id.Ports));
            ulong word = FlowWord.With(id.Ports, state, real);
            Interlocked.Exchange(ref Word(slot), word); // valid from here on, before we look for others
            MarkRegion(slot);
            return Settle(id, first, new FlowHandle(slot, word));
        }

        Interlocked.Increment(ref _refusals);
        return FlowHandle.None;
    }

    /// <summary>Lets a found flow go, unless another thread changed it since.</summary>
    internal bool Forget(FlowHandle found)
    {
        bool gone = Interlocked.CompareExchange(ref Word(found.Slot), FlowWord.Vacant, found.Word) == found.Word;
        if (gone)
        {
            Discount(found.Word);
        }

        return gone;
    }

    /// <summary>
    /// The flow's own slot, else the first free or dead one, else, of those most easily given up, the one closest to
    /// its end.
    /// </summary>
    private (int Slot, ulong Seen, bool Evicts) ChooseSlot(in FlowId id, int first, uint now)
    {
        int free = -1, victim = -1;
        ulong freeWord = 0, victimWord = 0;
        uint victimDeadline = uint.MaxValue;
        int victimRank = 1;
        for (int i = 0; i < Probes; i++)
        {
            int slot = (first + i) & _slotMask;
            ulong word = Volatile.Read(ref Word(slot));
            if (FlowWord.KeyOf(word) == id.Ports && TSlots.HasAddresses(ref Word(slot), id))
            {
                return (slot, word, false);
            }

            bool isFlow = FlowWord.IsFlow(word);
            if (free < 0 && word != FlowWord.Claimed && (!isFlow || IsDisposable(slot, word, now)))
            {
                (free, freeWord) = (slot, word);
            }

            if (word == FlowWord.Empty)
            {
                break; // nothing of this flow's lies behind
            }

            uint deadline = Volatile.Read(ref Deadline(slot));
            int rank = isFlow ? FlowStates.Disposability(FlowWord.State(word), FlowWord.IsTemplate(word)) : 0;
            if (rank > victimRank || (rank == victimRank && deadline < victimDeadline))
            {
                (victim, victimWord, victimDeadline, victimRank) = (slot, word, deadline, rank);
            }
        }

        return free >= 0 ? (free, freeWord, false) : (victim, victimWord, true);
    }

    /// <summary>
    /// Two threads that remember the same new flow at once may take two slots. Each looks before its own slot after it
    /// has filled it: so whoever stands behind sees the other and gives way.
    /// </summary>
    private FlowHandle Settle(in FlowId id, int first, FlowHandle mine)
    {
        for (int slot = first; slot != mine.Slot; slot = (slot + 1) & _slotMask)
        {
            ulong word = Volatile.Read(ref Word(slot));
            if (FlowWord.KeyOf(word) == id.Ports && TSlots.HasAddresses(ref Word(slot), id)
                && Volatile.Read(ref Word(slot)) == word)
            {
                Forget(mine);
                return new FlowHandle(slot, word);
            }
        }

        return mine;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Finish(ulong mixed, ulong ports)
    {
        unchecked
        {
            mixed = (mixed ^ ports) * _seedB;
            mixed ^= mixed >> 29;
            mixed *= 0xBF58476D1CE4E5B9;
            return (int)(mixed >> 32 & (uint)_slotMask) & ~(TSlots.PerBucket - 1);
        }
    }

    private void Discount(ulong word)
    {
        if (FlowWord.IsFlow(word))
        {
            _counts.Remove(FlowWord.Real(word), FlowWord.State(word), FlowWord.IsTemplate(word));
        }
    }

    private bool IsDisposable(int slot, ulong word, uint now) => !IsAlive(slot, now) && !FlowWord.IsTemplate(word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref uint Deadline(int slot)
    {
        if (TSlots.HasDeadline)
        {
            return ref TSlots.Deadline(ref Word(slot));
        }

        return ref _deadlines![slot];
    }

    private bool IsAlive(int slot, uint now) => Volatile.Read(ref Deadline(slot)) > now;

    private ref ulong Word(int slot) => ref _words[slot * TSlots.Words];
}
