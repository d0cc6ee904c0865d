using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Forwarder.Tests;

/// <summary>A server as the kernel's list has it, for <see cref="KernelTables"/>.</summary>
internal sealed record KernelDestination(ushort Number, uint Folded, int Weight, int LastWeight);

/// <summary>The lookup tables of sh and mh, written down plainly: whole preference lists, no walking marks.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_sh.c and ip_vs_mh.c; the Maglev paper's Pseudocode 1.</remarks>
internal static class KernelTables
{
    /// <summary>sh: everybody's weight in a row, at least one each, repeated until 256 buckets are full.</summary>
    internal static int[] SourceBuckets(IReadOnlyList<KernelDestination> list)
    {
        int[] round = [.. list.SelectMany(one => Enumerable.Repeat((int)one.Number, Math.Max(one.Weight, 1)))];
        return [.. Enumerable.Range(0, 256).Select(bucket => round[bucket % round.Length])];
    }

    /// <summary>mh: permutation[i][j] = (offset + j * skip) mod size; each takes its next free one in turn.</summary>
    /// <param name="list">Head first.</param>
    /// <param name="size">A prime.</param>
    /// <param name="bits">To which great weights are shortened.</param>
    /// <param name="hash">Of a folded address with its port, by key.</param>
    internal static int[] Maglev(
        IReadOnlyList<KernelDestination> list, int size, int bits, Func<uint, ulong, uint> hash)
    {
        int divisor = list.Select(one => one.LastWeight).Aggregate(0, Divisor);
        int greatest = list.Max(one => one.LastWeight) / divisor, shift = 0;
        for (; greatest >> shift >= 1 << bits; shift++)
        {
        }

        var preferences = list.Select(one => new Queue<int>(Enumerable.Range(0, size).Select(j => (int)(
            ((hash(one.Folded, 2654435761) % (uint)size)
                + ((ulong)j * ((hash(one.Folded, 2654446892) % (uint)(size - 1)) + 1)))
            % (uint)size)))).ToList();
        int[] entry = [.. Enumerable.Repeat(-1, size)];
        for (int taken = 0; taken < size;)
        {
            for (int i = 0; i < list.Count; i++)
            {
                int turns = list[i].LastWeight == 0 ? 0 : Math.Max((list[i].LastWeight / divisor) >> shift, 1);
                for (; turns > 0 && taken < size; turns--, taken++)
                {
                    int place = preferences[i].Dequeue();
                    while (entry[place] >= 0)
                    {
                        place = preferences[i].Dequeue();
                    }

                    entry[place] = list[i].Number;
                }
            }
        }

        return entry;
    }

    private static int Divisor(int a, int b) => b == 0 ? a : Divisor(b, a % b);
}
