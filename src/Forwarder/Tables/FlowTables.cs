using System;
using System.Runtime.CompilerServices;
using System.Threading;
using XdpLvs.Forwarder.Fragmentation;
using XdpLvs.Forwarder.Packets;

namespace XdpLvs.Forwarder.Tables;

/// <summary>One remembered flow, as listings see it.</summary>
/// <param name="Key">Client and service; client port 0 for a template.</param>
/// <param name="IsTemplate">A persistence template: all of a client's connections.</param>
/// <param name="State">Of the connection.</param>
/// <param name="Real">Number of its real server.</param>
/// <param name="TicksLeft">Until it is forgotten; 0 when only the sweeper must still take it away.</param>
public readonly record struct FlowEntry(FlowKey Key, bool IsTemplate, FlowState State, ushort Real, uint TicksLeft);

/// <summary>A found entry: where it lies and what its word was when it was read.</summary>
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

/// <summary>Sees one flow of a table, and where it lies.</summary>
internal delegate void FlowVisitor(in FlowId id, FlowHandle handle, uint deadline);

/// <summary>Which connection goes to which real server: one table for each address family, one count of both.</summary>
public sealed class FlowTables : IDisposable
{
    /// <summary>Flows for which the tables are made when nobody says otherwise.</summary>
    public const int FlowsDefault = 1 << 20, FlowsDefaultV6 = 1 << 18;

    private readonly FlowMemory _memory;
    private readonly FlowTable<SlotsV4> _v4;
    private readonly FlowTable<SlotsV6> _v6;
    private uint _pressedUntil;

    /// <summary>Takes all memory that the tables will ever have; pages are committed when first used.</summary>
    /// <param name="flows">IPv4 flows expected at once, 32 to 2^27; rounded up to a power of two.</param>
    /// <param name="flowsV6">IPv6 flows, 32 to 2^25.</param>
    /// <param name="random">Seeds the hashes, so that no client can aim at a bucket.</param>
    /// <param name="fragments">Fragmented packets remembered at once.</param>
    public FlowTables(int flows, int flowsV6, Random random, int fragments = FragmentTable.EntriesDefault)
        : this(FlowMemory.Own(flows, flowsV6, FlowSeeds.Draw(random)), random, fragments)
    {
    }

    /// <summary>Tables in that memory, which belongs to them from now on; what it remembers counts.</summary>
    /// <param name="memory">Fresh, or with the flows of a director that was here before.</param>
    /// <param name="random">Seeds the hash of fragments.</param>
    /// <param name="fragments">Fragmented packets remembered at once.</param>
    public FlowTables(FlowMemory memory, Random random, int fragments = FragmentTable.EntriesDefault)
    {
        FlowSeeds seeds = memory.Seeds;
        _memory = memory;
        _v4 = new FlowTable<SlotsV4>(memory.WordsV4, memory.DeadlinesV4, seeds.V4A, seeds.V4B, Counts);
        _v6 = new FlowTable<SlotsV6>(memory.WordsV6, deadlines: null, seeds.V6A, seeds.V6B, Counts);
        HashKey = seeds.Choices;
        Fragments = new FragmentTable(fragments, random);
    }

    /// <summary>Connections of each real server.</summary>
    public FlowCounts Counts { get; } = new();

    /// <summary>Where the first fragments of packets went.</summary>
    public FragmentTable Fragments { get; }

    /// <summary>Memory of both tables.</summary>
    internal (long V4, long V6) Octets => (_v4.Octets, _v6.Octets);

    /// <summary>Secret of the choices that are made by hash alone.</summary>
    internal ulong HashKey { get; }

    /// <summary>Flows that both tables were made for.</summary>
    public int Capacity => (_v4.Slots + _v6.Slots) / 2;

    /// <summary>The tick from which on no worker is short of room or budget for new flows.</summary>
    public uint PressedUntil => Volatile.Read(ref _pressedUntil);

    /// <summary>Half-open flows, single datagrams and unassured templates given up for want of room.</summary>
    public long Evictions => _v4.Evictions + _v6.Evictions;

    /// <summary>Flows not remembered because their buckets held nothing that could be given up.</summary>
    public long Refusals => _v4.Refusals + _v6.Refusals;

    /// <summary>Slots of both tables, as Visit counts them.</summary>
    public int Slots => _v4.Slots + _v6.Slots;

    /// <summary>Where a flow's search begins; its memory is asked for, so that a later Find need not wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Locate(in FlowId id)
    {
        int first;
        if (id.IsV4)
        {
            first = _v4.Locate(id);
            _v4.Prefetch(first);
        }
        else
        {
            first = _v6.Locate(id);
            _v6.Prefetch(first);
        }

        return first;
    }

    /// <summary>The same for an IPv4 flow that is read as a <see cref="PlainFrame"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int LocatePlain(in PlainFrame plain)
    {
        int first = _v4.Locate(plain.Addresses, FlowWord.KeyOf(plain.Word));
        _v4.Prefetch(first);
        return first;
    }

    /// <summary>Keeps the flow of a plain frame until <paramref name="deadline"/>, if it is alive in the very state in
    /// which such a frame leaves it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryKeepPlain(in PlainFrame plain, uint now, uint deadline, out ushort real) =>
        _v4.TryKeep(plain.Addresses, plain.Word, plain.Place, now, deadline, out real);

    /// <summary>Finds a flow whose deadline has not come, or a template that was not swept away.</summary>
    public FlowHandle Find(in FlowId id, uint now) => Find(id, Locate(id), now);

    /// <summary>The same, with what <see cref="Locate"/> said.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FlowHandle Find(in FlowId id, int first, uint now) =>
        id.IsV4 ? _v4.Find(id, first, now) : _v6.Find(id, first, now);

    /// <summary>Keeps a found flow until <paramref name="deadline"/> and moves its state on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(in FlowId id, FlowHandle found, FlowState next, uint deadline)
    {
        if (id.IsV4)
        {
            _v4.Touch(found, next, deadline);
        }
        else
        {
            _v6.Touch(found, next, deadline);
        }
    }

    /// <summary>Remembers a flow, in the place of what was remembered of it before.</summary>
    /// <returns>What counts from now on, which another thread may have remembered first; nothing when its buckets are
    /// full of flows that may not be given up.</returns>
    public FlowHandle Remember(in FlowId id, FlowState state, ushort real, uint now, uint deadline) => id.IsV4
        ? _v4.Remember(id, _v4.Locate(id), state, real, now, deadline)
        : _v6.Remember(id, _v6.Locate(id), state, real, now, deadline);

    /// <summary>Says of a found template that a connection of it was established.</summary>
    public void Assure(in FlowId id, FlowHandle found)
    {
        if (id.IsV4)
        {
            _v4.Assure(found);
        }
        else
        {
            _v6.Assure(found);
        }
    }

    /// <summary>Lets a found flow go, unless another thread changed it since.</summary>
    public bool Forget(in FlowId id, FlowHandle found) => id.IsV4 ? _v4.Forget(found) : _v6.Forget(found);

    /// <summary>
    /// Calls <paramref name="visit"/> for every flow alive. Others may change the tables meanwhile.
    /// </summary>
    public void Visit(uint now, Action<FlowEntry> visit) => Visit(0, Slots, now, visit);

    /// <summary>The same for the flows in some slots only.</summary>
    /// <param name="from">The first slot, below <see cref="Slots"/>.</param>
    /// <param name="count">How many, no more than there are from there on.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <param name="visit">Sees one flow.</param>
    public void Visit(int from, int count, uint now, Action<FlowEntry> visit) =>
        Visit(from, count, (in id, handle, deadline) =>
        {
            bool isTemplate = FlowWord.IsTemplate(handle.Word);
            if (deadline > now || isTemplate)
            {
                uint left = deadline > now ? deadline - now : 0;
                visit(new FlowEntry(id.ToKey(), isTemplate, FlowStates.Shown(handle.State), handle.Real, left));
            }
        });

    /// <summary>Has all workers find flows of which nothing is remembered by their hash, until then.</summary>
    internal void Press(uint until)
    {
        if (PressedUntil < until) // once a tick at most: others read the same line with every frame
        {
            Volatile.Write(ref _pressedUntil, until);
        }
    }

    /// <summary>Calls <paramref name="visit"/> for the flows in some slots, dead ones too.</summary>
    internal void Visit(int from, int count, FlowVisitor visit)
    {
        int inV4 = Math.Clamp(_v4.Slots - from, 0, count);
        _v4.Visit(from, inV4, visit);
        _v6.Visit(Math.Max(from - _v4.Slots, 0), count - inV4, visit);
    }

    /// <summary>
    /// Counts what the memory remembered before these tables had it, and frees what its last owner died over. Before
    /// anybody uses the tables.
    /// </summary>
    /// <returns>How many flows and templates there are.</returns>
    public int Recount() => _v4.Recount() + _v6.Recount();

    /// <summary>Has later walks skip what holds no flow any more. Called by the sweeper.</summary>
    internal void Rest()
    {
        _v4.Rest();
        _v6.Rest();
    }

    /// <summary>Gives the memory back. No thread may use the tables any more.</summary>
    public void Dispose()
    {
        _memory.Dispose();
        Fragments.Dispose();
    }
}
