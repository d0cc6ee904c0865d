using System;
using System.Threading;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Fragmentation;

/// <summary>
/// Where the first fragments of packets went, so that the later ones, which name no ports, go there too. For all
/// forwarder threads, without a lock.
/// </summary>
/// <remarks>
/// A source's packets lie in one region of <see cref="EntriesPerSource"/> slots, chosen by a keyed hash: so much it may
/// fill and no more. Who finds no free slot takes the one whose deadline comes first: pieces of a packet follow each
/// other closely, so the oldest is the least missed. Slots are claimed and read as in FlowTable.
/// </remarks>
public sealed class FragmentTable : IDisposable
{
    /// <summary>Packets for which the table is made when nobody says otherwise: three quarters of a mebibyte.</summary>
    public const int EntriesDefault = 1 << 14;

    /// <summary>Packets of one source, or of several that share a region, that are remembered at once.</summary>
    public const int EntriesPerSource = 128;

    /// <summary>Instead of a real server: the first fragment went nowhere, and its followers go there too.</summary>
    public const ushort Nobody = ushort.MaxValue;

    /// <summary>Ticks for which a packet is remembered: as long as Linux waits for the rest, ipfrag_time.</summary>
    public static readonly uint Ticks = FlowClock.Ticks(30);

    private const int Probes = 8, AddressWords = 4;
    private const ulong Empty = 0, Claimed = 1UL << 16, Used = 2UL << 16;
    private const ulong KeyMask = 0xFFFF_FFFF_FFFF_0000;
    private const int IdentificationShift = 32, ProtocolShift = 24;

    private readonly NativeWords<ulong> _words, _addresses;
    private readonly NativeWords<uint> _deadlines;
    private readonly int _regions;
    private readonly ulong _seed;
    private long _generation, _evictions;

    /// <summary>Takes all memory that the table will ever have; pages are committed when first used.</summary>
    /// <param name="entries">Packets remembered at once, 128 to 2^24; rounded up to a power of two.</param>
    /// <param name="random">Seeds the hash, so that no client can aim at another's region.</param>
    public FragmentTable(int entries, Random random)
    {
        int slots = EntriesPerSource;
        while (slots < entries)
        {
            slots *= 2;
        }

        _words = new NativeWords<ulong>(slots, "fragment table");
        _addresses = new NativeWords<ulong>(slots * AddressWords, "fragment addresses");
        _deadlines = new NativeWords<uint>(slots, "fragment deadlines");
        _regions = slots / EntriesPerSource;
        _seed = (ulong)random.NextInt64();
    }

    /// <summary>Packets remembered at once at most.</summary>
    public int Capacity => _words.Count;

    /// <summary>Changes whenever a packet is remembered: whoever waits for one looks again then.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Packets forgotten before their time to make room.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    /// <summary>Secret with which sources are hashed here and where fragments wait.</summary>
    internal ulong HashKey => _seed;

    /// <summary>Finds where a packet's first fragment went.</summary>
    /// <param name="id">The packet.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <param name="real">Number of the real server, or <see cref="Nobody"/>.</param>
    public bool TryFind(in FragmentId id, uint now, out ushort real)
    {
        int region = Place(id, out int offset);
        ulong key = KeyOf(id);
        for (int i = 0; i < Probes; i++)
        {
            int slot = SlotOf(region, offset + i);
            ulong word = Volatile.Read(ref _words[slot]);
            if (word == Empty)
            {
                break;
            }

            if ((word & KeyMask) == key && HasAddresses(slot, id) && Volatile.Read(ref _words[slot]) == word
                && Volatile.Read(ref _deadlines[slot]) > now)
            {
                real = (ushort)(word & ushort.MaxValue);
                return true;
            }
        }

        real = Nobody;
        return false;
    }

    /// <summary>Remembers where a packet's first fragment went.</summary>
    public void Remember(in FragmentId id, ushort real, uint now)
    {
        int region = Place(id, out int offset);
        ulong word = KeyOf(id) | real;
        for (int attempt = 0; attempt < Probes; attempt++)
        {
            (int slot, ulong seen) = ChooseSlot(id, region, offset, now);
            if (slot < 0)
            {
                return; // every slot is being written: its owners are as new as we are
            }

            if (Interlocked.CompareExchange(ref _words[slot], Claimed, seen) != seen)
            {
                continue; // somebody else took it; look again
            }

            bool evicts = (seen & KeyMask) != (word & KeyMask) && seen != Empty && _deadlines[slot] > now;
            SetAddresses(slot, id);
            Volatile.Write(ref _deadlines[slot], now + Ticks);
            Interlocked.Exchange(ref _words[slot], word); // valid from here on
            Interlocked.Increment(ref _generation);
            if (evicts)
            {
                Interlocked.Increment(ref _evictions);
            }

            return;
        }
    }

    /// <summary>Gives the memory back. No thread may use the table any more.</summary>
    public void Dispose()
    {
        _words.Dispose();
        _addresses.Dispose();
        _deadlines.Dispose();
    }

    /// <summary>A number that a source always has and nobody can foretell.</summary>
    internal static uint HashOf(in IpAddress source, ulong key) =>
        (uint)(Mix(Mix(source.High ^ key) ^ source.Low) >> 32);

    /// <summary>The packet's own slot, else the first free or dead one, else the one whose deadline comes first.
    /// </summary>
    private (int Slot, ulong Seen) ChooseSlot(in FragmentId id, int region, int offset, uint now)
    {
        (int slot, ulong seen) = (-1, 0);
        uint soonest = uint.MaxValue;
        ulong key = KeyOf(id);
        for (int i = 0; i < Probes; i++)
        {
            int candidate = SlotOf(region, offset + i);
            ulong word = Volatile.Read(ref _words[candidate]);
            if (((word & KeyMask) == key && HasAddresses(candidate, id)) || (word == Empty && soonest > 0))
            {
                return (candidate, word); // nothing of this packet's lies behind an empty slot
            }

            uint deadline = Volatile.Read(ref _deadlines[candidate]);
            deadline = word == Empty || deadline <= now ? 0 : deadline;
            if (word != Claimed && deadline < soonest)
            {
                (slot, seen, soonest) = (candidate, word, deadline);
            }

            if (word == Empty)
            {
                break;
            }
        }

        return (slot, seen);
    }

    private int Place(in FragmentId id, out int offset)
    {
        uint source = HashOf(id.Source, _seed);
        ulong packet = Mix(id.Target.Low ^ ((ulong)id.Identification << IdentificationShift) ^ id.Protocol ^ source);
        offset = (int)(packet >> 40);
        return (int)(source & (uint)(_regions - 1));
    }

    private static int SlotOf(int region, int offset) =>
        (region * EntriesPerSource) + (offset & (EntriesPerSource - 1));

    private static ulong KeyOf(in FragmentId id) =>
        ((ulong)id.Identification << IdentificationShift) | ((ulong)id.Protocol << ProtocolShift) | Used;

    private static ulong Mix(ulong word)
    {
        unchecked
        {
            word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
            word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
            return word ^ (word >> 31);
        }
    }

    private bool HasAddresses(int slot, in FragmentId id)
    {
        int at = slot * AddressWords;
        return Volatile.Read(ref _addresses[at]) == id.Source.High
            && Volatile.Read(ref _addresses[at + 1]) == id.Source.Low
            && Volatile.Read(ref _addresses[at + 2]) == id.Target.High
            && Volatile.Read(ref _addresses[at + 3]) == id.Target.Low;
    }

    private void SetAddresses(int slot, in FragmentId id)
    {
        int at = slot * AddressWords;
        Volatile.Write(ref _addresses[at], id.Source.High);
        Volatile.Write(ref _addresses[at + 1], id.Source.Low);
        Volatile.Write(ref _addresses[at + 2], id.Target.High);
        Volatile.Write(ref _addresses[at + 3], id.Target.Low);
    }
}
