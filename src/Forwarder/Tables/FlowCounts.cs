using System.Threading;

namespace XdpLvs.Forwarder.Tables;

/// <summary>
/// How many connections each real server has, by its number: what the least-connection schedulers weigh, the thresholds
/// limit and the listings show. Right across all forwarder threads: who changes an entry of the flow table changes it.
/// </summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_conn.c, ip_vs_bind_dest and ip_vs_unbind_dest: a server is overloaded from the moment
/// on when its connections reach the upper threshold, until they fall below the lower one, or, where there is none,
/// below three quarters of the upper.
/// </remarks>
public sealed class FlowCounts
{
    private const int Numbers = ushort.MaxValue + 1;

    private readonly int[] _active = new int[Numbers], _inactive = new int[Numbers], _templates = new int[Numbers];
    private readonly int[] _upper = new int[Numbers], _lower = new int[Numbers];
    private readonly bool[] _overloaded = new bool[Numbers];
    private long _total;

    /// <summary>Entries of both tables, templates too.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Connections established or on their way there.</summary>
    public int Active(ushort real) => Volatile.Read(ref _active[real]);

    /// <summary>All others.</summary>
    public int Inactive(ushort real) => Volatile.Read(ref _inactive[real]);

    /// <summary>Persistence templates: what ipvsadm calls persistent connections.</summary>
    public int Templates(ushort real) => Volatile.Read(ref _templates[real]);

    /// <summary>Whether it takes no new connection because it has too many.</summary>
    public bool IsOverloaded(ushort real) => Volatile.Read(ref _overloaded[real]);

    /// <summary>
    /// Sets a real server's limits; 0 is none. Called by the owner of the tables. A limit that was raised or lifted
    /// makes room at once, as in ip_vs_ctl.c's __ip_vs_update_dest.
    /// </summary>
    public void SetThresholds(ushort real, int upper, int lower)
    {
        int before = Volatile.Read(ref _upper[real]);
        Volatile.Write(ref _upper[real], upper);
        Volatile.Write(ref _lower[real], lower);
        if (upper == 0 || upper > before)
        {
            Volatile.Write(ref _overloaded[real], false);
        }

        NoteBound(real);
    }

    internal void Add(ushort real, FlowState state, bool template)
    {
        Interlocked.Increment(ref _total);
        if (template)
        {
            Interlocked.Increment(ref _templates[real]);
            return;
        }

        Interlocked.Increment(ref CountOf(real, state));
        NoteBound(real);
    }

    internal void Remove(ushort real, FlowState state, bool template)
    {
        Interlocked.Decrement(ref _total);
        if (template)
        {
            Interlocked.Decrement(ref _templates[real]);
            return;
        }

        Interlocked.Decrement(ref CountOf(real, state));
        NoteUnbound(real);
    }

    internal void Move(ushort real, FlowState from, FlowState to)
    {
        bool wasActive = FlowStates.IsActive(from), isActive = FlowStates.IsActive(to);
        if (wasActive != isActive)
        {
            Interlocked.Add(ref _active[real], isActive ? 1 : -1);
            Interlocked.Add(ref _inactive[real], isActive ? -1 : 1);
        }
    }

    private ref int CountOf(ushort real, FlowState state) =>
        ref (FlowStates.IsActive(state) ? ref _active[real] : ref _inactive[real]);

    private void NoteBound(ushort real)
    {
        int upper = Volatile.Read(ref _upper[real]);
        if (upper > 0 && Active(real) + Inactive(real) >= upper)
        {
            Volatile.Write(ref _overloaded[real], true);
        }
    }

    private void NoteUnbound(ushort real)
    {
        if (!Volatile.Read(ref _overloaded[real]))
        {
            return;
        }

        long upper = Volatile.Read(ref _upper[real]), lower = Volatile.Read(ref _lower[real]);
        long total = Active(real) + (long)Inactive(real);
        bool eases = lower > 0 ? total < lower : total * 4 < upper * 3;
        if (eases || upper == 0)
        {
            Volatile.Write(ref _overloaded[real], false);
        }
    }
}
