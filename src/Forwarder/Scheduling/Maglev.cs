using System;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>mh: Maglev's table, in which a server that comes or goes moves few of the other servers' clients.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_mh.c. Eisenbud and others, "Maglev", NSDI 2016, section 3.4. The table is built with
/// the last weights that were not 0, so a drained server keeps its buckets and takes nothing.
/// </remarks>
internal static class Maglev
{
    private const ulong OffsetKey = 2_654_435_761, SkipKey = 2_654_446_892;
    private const int IndexMin = 8, IndexMax = 17;

    private static ReadOnlySpan<int> Primes => [251, 509, 1021, 2039, 4093, 8191, 16_381, 32_749, 65_521, 131_071];

    internal static int Choose(VirtualService service, in FlowKey flow, FlowCounts counts)
    {
        SchedulerSwitches switches = service.Options.Switches;
        uint client = KernelHash.Fold(flow.ClientAddress, flow.Service.Address.IsV4);
        uint port = (switches & SchedulerSwitches.UsePort) != 0 ? flow.ClientPort : 0u;
        uint size = (uint)service.Lookup.Length, word = unchecked(client + port), first = Offset(word, size);
        int chosen = Schedulers.OpenIn(service, (int)first, counts);
        if (chosen >= 0 || (switches & SchedulerSwitches.Fallback) == 0 || !IsAnyOpen(service, counts))
        {
            return chosen;
        }

        for (uint step = 0; step < size && chosen < 0; step++)
        {
            uint bucket = Offset(unchecked(word + ((first + step) % size)), size);
            chosen = Schedulers.OpenIn(service, (int)bucket, counts);
        }

        return chosen;
    }

    /// <summary>The lookup table: each server in turn takes its next free buckets, as its weight says.</summary>
    /// <param name="key">The service; in LVS-DR its port is its real servers' port.</param>
    /// <param name="options">With the table's index.</param>
    /// <param name="reals">In the order in which they were added.</param>
    internal static ImmutableArray<ushort> Table(
        ServiceKey key, ServiceOptions options, ReadOnlySpan<RealServer> reals)
    {
        int index = Math.Clamp(options.MaglevTableIndex, IndexMin, IndexMax);
        ushort[] table = new ushort[Primes[index - IndexMin]];
        table.AsSpan().Fill(Schedulers.Nobody);
        Walk[] walks = new Walk[reals.Length];
        if (Prepare(key, reals, walks, table.Length, highestBits: index / 2))
        {
            Fill(table, walks);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(table);
    }

    /// <summary>Where each server begins, how far it goes on, and how many buckets it takes in a turn.</summary>
    /// <returns>Whether any server takes a bucket.</returns>
    private static bool Prepare(
        ServiceKey key, ReadOnlySpan<RealServer> reals, Span<Walk> walks, int size, int highestBits)
    {
        (int divisor, int greatest) = (0, 0);
        foreach (ref readonly RealServer real in reals)
        {
            divisor = Divisor(real.LastWeight, divisor);
            greatest = Math.Max(greatest, real.LastWeight);
        }

        if (divisor == 0)
        {
            return false;
        }

        // Great weights are shortened to so many bits, and nobody's to nothing.
        int bits = 32 - int.LeadingZeroCount(greatest / divisor), shift = Math.Max(bits - highestBits, 0);
        for (int i = 0; i < reals.Length; i++)
        {
            uint word = unchecked(KernelHash.Fold(reals[i].Address, key.Address.IsV4) + key.Port);
            int weight = reals[i].LastWeight, turns = (weight / divisor) >> shift;
            walks[i] = new Walk
            {
                Next = (int)Offset(word, (uint)size),
                Skip = (int)(KernelHash.SipHash(word, SkipKey, SkipKey) % (uint)(size - 1)) + 1,
                Turns = weight > 0 ? Math.Max(turns, 1) : 0,
            };
        }

        return true;
    }

    private static void Fill(Span<ushort> table, Span<Walk> walks)
    {
        int free = table.Length;
        while (true)
        {
            for (int i = walks.Length - 1; i >= 0; i--)
            {
                ref Walk walk = ref walks[i];
                for (int turn = 0; turn < walk.Turns; turn++)
                {
                    while (table[walk.Next] != Schedulers.Nobody)
                    {
                        walk.Next = (walk.Next + walk.Skip) % table.Length;
                    }

                    table[walk.Next] = (ushort)i;
                    free--;
                    if (free == 0)
                    {
                        return;
                    }
                }
            }
        }
    }

    private static uint Offset(uint word, uint size) => KernelHash.SipHash(word, OffsetKey, OffsetKey) % size;

    /// <summary>Else the search would go around the whole table for nothing.</summary>
    private static bool IsAnyOpen(VirtualService service, FlowCounts counts)
    {
        bool any = false;
        foreach (ref readonly RealServer real in service.Reals.AsSpan())
        {
            any |= ServerLoad.IsOpen(real, counts);
        }

        return any;
    }

    private static int Divisor(int a, int b) => a == 0 ? b : Divisor(b % a, a);

    /// <summary>A server's way through the table.</summary>
    private struct Walk
    {
        internal int Next, Skip, Turns;
    }
}
