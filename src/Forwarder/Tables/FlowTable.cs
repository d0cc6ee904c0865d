using System;
using System.Threading;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>One remembered flow, as listings see it.</summary>
/// <param name="Key">Client and service; client port 0 for a template.</param>
/// <param name="IsTemplate">A persistence template: all of a client's connections.</param>
/// <param name="State">Of the connection.</param>
/// <param name="Real">Number of its real server.</param>
/// <param name="TicksLeft">Until it is forgotten.</param>
public readonly record struct FlowEntry(FlowKey Key, bool IsTemplate, FlowState State, ushort Real, uint TicksLeft);

/// <summary>A found entry: where it lies and what its second word was when it was read.</summary>
/// <param name="Slot">Index, or -1 when nothing was found.</param>
/// <param name="Word">The word that a change must still find there.</param>
public readonly record struct FlowHandle(int Slot, ulong Word)
{
    /// <summary>Nothing found.</summary>
    public static readonly FlowHandle None = new(-1, 0);

    /// <summary>Whether an entry was found.</summary>
    public bool IsFound => Slot >= 0;

    /// <summary>State of the connection.</summary>
    public FlowState State => FlowWord.State(Word);

    /// <summary>Number of the real server.</summary>
    public ushort Real => FlowWord.Real(Word);
}

/// <summary>Which connection goes to which real server. One table for all forwarder threads, without a lock.</summary>
/// <remarks>
/// Open addressing: buckets of four 16-byte slots, a cache line each, eight buckets probed. A slot is two words: the
/// addresses, and <see cref="FlowWord"/>, which makes it valid. A writer claims a slot by a compare-and-swap on the
/// second word, writes the first, then the second. A reader takes the second, the first, and the second again: equal
/// seconds mean that the first belongs to them. Deadlines lie apart, since they change with every frame.
/// </remarks>
public sealed class FlowTable : IDisposable
{
    private const int SlotsPerBucket = 4, BucketsProbed = 8, WordsPerSlot = 2;

    private readonly NativeWords<ulong> _words;
    private readonly NativeWords<uint> _deadlines;
    private readonly int _bucketMask;
    private readonly ulong _seedA, _seedB;
    private long _evictions, _refusals;

    /// <summary>Memory for at least twice as many slots as flows; pages are committed when first used.</summary>
    /// <param name="flows">Flows expected at once, 64 to 2^27.</param>
    /// <param name="random">Seeds the hash, so that no client can aim at a bucket.</param>
    public FlowTable(int flows, Random random)
    {
        int slots = 64;
        while (slots < 2L * flows)
        {
            slots *= 2;
        }

        _words = new NativeWords<ulong>(slots * WordsPerSlot, "flow table");
        _deadlines = new NativeWords<uint>(slots, "flow deadlines");
        _bucketMask = (slots / SlotsPerBucket) - 1;
        _seedA = (ulong)random.NextInt64();
        _seedB = (ulong)random.NextInt64() | 1;
    }

    /// <summary>Buckets: what ipvsadm calls the table's size.</summary>
    public int Buckets => _bucketMask + 1;

    /// <summary>Half-open flows given up because their buckets were full.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Flows not remembered because their buckets held nothing that could be given up.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Finds a flow whose deadline has not come.</summary>
    public FlowHandle Find(in FlowKey key, bool template, uint now)
    {
        ulong addresses = FlowWord.Addresses(key);
        ulong wanted = FlowWord.Key(key, template);
        int first = FirstSlot(addresses, wanted);
        for (int i = 0; i < SlotsPerBucket * BucketsProbed; i++)
        {
            int slot = Wrap(first + i);
            ulong word = Volatile.Read(ref Second(slot));
            if (FlowWord.KeyOf(word) == wanted
                && Volatile.Read(ref First(slot)) == addresses
                && Volatile.Read(ref Second(slot)) == word)
            {
                return IsAlive(slot, now) ? new FlowHandle(slot, word) : FlowHandle.None;
            }
        }

        return FlowHandle.None;
    }

    /// <summary>Keeps a found flow until <paramref name="deadline"/> and moves its state on.</summary>
    public void Touch(FlowHandle found, FlowState next, uint deadline)
    {
        if (next != found.State)
        {
            // Lost against another thread: that thread has just seen a newer frame of the same flow.
            _ = Interlocked.CompareExchange(
                ref Second(found.Slot), FlowWord.With(found.Word, next, found.Real), found.Word);
        }

        Volatile.Write(ref _deadlines[found.Slot], deadline);
    }

    /// <summary>Remembers a flow, in the place of what was remembered of it before.</summary>
    /// <returns>False when its buckets are full of flows that may not be given up.</returns>
    public bool Remember(in FlowKey key, bool template, FlowState state, ushort real, uint now, uint deadline)
    {
        ulong addresses = FlowWord.Addresses(key);
        ulong wanted = FlowWord.Key(key, template);
        int first = FirstSlot(addresses, wanted);
        for (int attempt = 0; attempt < SlotsPerBucket * BucketsProbed; attempt++)
        {
            (int slot, ulong seen, bool evicts) = ChooseSlot(first, addresses, wanted, now);
            if (slot < 0)
            {
                Interlocked.Increment(ref _refusals);
                return false;
            }

            if (Interlocked.CompareExchange(ref Second(slot), FlowWord.Claimed, seen) != seen)
            {
                continue; // somebody else took it; look again
            }

            if (evicts)
            {
                Interlocked.Increment(ref _evictions);
            }

            Volatile.Write(ref First(slot), addresses);
            Volatile.Write(ref _deadlines[slot], deadline);
            Volatile.Write(ref Second(slot), FlowWord.With(wanted, state, real)); // valid from here on
            return true;
        }

        Interlocked.Increment(ref _refusals);
        return false;
    }

    /// <summary>Calls <paramref name="visit"/> for every flow alive. Others may change the table meanwhile.</summary>
    public void Visit(uint now, Action<FlowEntry> visit)
    {
        for (int slot = 0; slot < _deadlines.Count; slot++)
        {
            ulong word = Volatile.Read(ref Second(slot));
            if (word == 0 || word == FlowWord.Claimed || !IsAlive(slot, now))
            {
                continue;
            }

            ulong addresses = Volatile.Read(ref First(slot));
            if (Volatile.Read(ref Second(slot)) == word)
            {
                uint left = Volatile.Read(ref _deadlines[slot]) - now;
                visit(FlowWord.Entry(addresses, word, left));
            }
        }
    }

    /// <summary>Gives the memory back. No thread may use the table any more.</summary>
    public void Dispose()
    {
        _words.Dispose();
        _deadlines.Dispose();
    }

    /// <summary>
    /// The flow's own slot, else the first free or dead one, else the half-open flow closest to its end.
    /// </summary>
    private (int Slot, ulong Seen, bool Evicts) ChooseSlot(int first, ulong addresses, ulong wanted, uint now)
    {
        int free = -1, victim = -1;
        ulong freeWord = 0, victimWord = 0;
        uint victimDeadline = uint.MaxValue;
        for (int i = 0; i < SlotsPerBucket * BucketsProbed; i++)
        {
            int slot = Wrap(first + i);
            ulong word = Volatile.Read(ref Second(slot));
            if (FlowWord.KeyOf(word) == wanted && Volatile.Read(ref First(slot)) == addresses)
            {
                return (slot, word, false);
            }

            if (word == FlowWord.Claimed)
            {
                continue;
            }

            if (free < 0 && (word == 0 || !IsAlive(slot, now)))
            {
                (free, freeWord) = (slot, word);
            }

            uint deadline = Volatile.Read(ref _deadlines[slot]);
            if (FlowWord.State(word) == FlowState.SynReceived && deadline < victimDeadline)
            {
                (victim, victimWord, victimDeadline) = (slot, word, deadline);
            }
        }

        return free >= 0 ? (free, freeWord, false) : (victim, victimWord, true);
    }

    private bool IsAlive(int slot, uint now) => Volatile.Read(ref _deadlines[slot]) > now;

    private int Wrap(int slot) => slot & ((_bucketMask * SlotsPerBucket) + SlotsPerBucket - 1);

    private ref ulong First(int slot) => ref _words[slot * WordsPerSlot];

    private ref ulong Second(int slot) => ref _words[(slot * WordsPerSlot) + 1];

    /// <summary>
    /// Keyed multiply-and-fold over both words; plain 64-bit arithmetic, so that a BPF program can repeat it.
    /// </summary>
    private int FirstSlot(ulong addresses, ulong wanted)
    {
        unchecked
        {
            ulong mixed = (addresses ^ _seedA) * 0x9E3779B97F4A7C15;
            mixed ^= mixed >> 32;
            mixed = (mixed ^ wanted) * _seedB;
            mixed ^= mixed >> 29;
            mixed *= 0xBF58476D1CE4E5B9;
            return (int)(mixed >> 32 & (uint)_bucketMask) * SlotsPerBucket;
        }
    }
}
