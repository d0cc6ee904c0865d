using System;
using System.Threading;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>
/// What a scheduler remembers from choice to choice, shared by all forwarder threads: one word, and a mark for each
/// real server where the scheduler keeps a set of them. It goes on from table to table while the scheduler stays; who
/// gives a service another scheduler gives it a new memory.
/// </summary>
public sealed class SchedulerMemory
{
    private const int PageBits = 8, PageSize = 1 << PageBits;

    private readonly uint[]?[] _marks = new uint[]?[(ushort.MaxValue + 1) >> PageBits];
    private ulong _word;

    /// <summary>The word as it is now.</summary>
    public ulong Read() => Volatile.Read(ref _word);

    /// <summary>Replaces the word unless another thread did so first.</summary>
    public bool TryReplace(ulong seen, ulong next) => Interlocked.CompareExchange(ref _word, next, seen) == seen;

    /// <summary>
    /// Makes room for the marks of these servers. Called by the tables' owner before a table with them is published.
    /// </summary>
    internal void Reserve(ReadOnlySpan<RealServer> reals)
    {
        foreach (ref readonly RealServer real in reals)
        {
            _marks[real.Number >> PageBits] ??= new uint[PageSize];
        }
    }

    /// <summary>The mark of a server that <see cref="Reserve"/> knows; 0 at first.</summary>
    internal uint MarkOf(ushort number) => Volatile.Read(ref PlaceOf(number));

    /// <summary>Replaces a server's mark unless another thread did so first.</summary>
    internal bool TryMark(ushort number, uint seen, uint next) =>
        Interlocked.CompareExchange(ref PlaceOf(number), next, seen) == seen;

    private ref uint PlaceOf(ushort number) => ref _marks[number >> PageBits]![number & (PageSize - 1)];
}
