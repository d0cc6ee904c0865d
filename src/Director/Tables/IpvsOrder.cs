using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>The order in which ipvsadm prints.</summary>
/// <remarks>
/// ipvsadm 1.31, ipvs_cmp_services and ipvs_cmp_dests in libipvs.c: family, protocol, address, port. It compares by the
/// sign of a 32-bit difference, so that 10.0.0.1 comes after 192.168.5.1, more than half the address space away. Such
/// an order need not be transitive: who comes first also hangs on how glibc's qsort merges, hence a sort of our own.
/// </remarks>
internal static class IpvsOrder
{
    /// <summary>Services as listings show them.</summary>
    internal static ImmutableArray<IpvsService> Sorted(ImmutableArray<IpvsService> services) => Sort(services, Compare);

    /// <summary>A service's real servers as listings show them.</summary>
    internal static ImmutableArray<IpvsReal> Sorted(ImmutableArray<IpvsReal> reals) => Sort(reals, Compare);

    private static int Compare(IpvsService left, IpvsService right)
    {
        int family = right.Address.IsV4.CompareTo(left.Address.IsV4);
        int difference = family != 0 ? family : left.Protocol - right.Protocol;
        difference = difference != 0 ? difference : Compare(left.Address, right.Address);
        return difference != 0 ? difference : left.Port - right.Port;
    }

    private static int Compare(IpvsReal left, IpvsReal right)
    {
        int difference = Compare(left.Address, right.Address);
        return difference != 0 ? difference : left.Port - right.Port;
    }

    private static int Compare(IpAddress left, IpAddress right)
    {
        int difference = 0;
        for (int shift = 96; difference == 0 && shift >= 0; shift -= 32)
        {
            difference = unchecked((int)(Word(left, shift) - Word(right, shift)));
        }

        return difference;
    }

    private static uint Word(IpAddress address, int shift) =>
        unchecked((uint)(shift >= 64 ? address.High >> (shift - 64) : address.Low >> shift));

    /// <summary>Halves, sorts both, merges; the left one wins a tie. glibc stdlib/msort.c, msort_with_tmp.</summary>
    private static ImmutableArray<T> Sort<T>(ImmutableArray<T> items, Comparison<T> compare)
    {
        if (items.Length <= 1)
        {
            return items;
        }

        int half = items.Length / 2;
        ImmutableArray<T> left = Sort(items[..half], compare), right = Sort(items[half..], compare);
        var merged = new List<T>(items.Length);
        int l = 0, r = 0;
        while (l < left.Length && r < right.Length)
        {
            merged.Add(compare(left[l], right[r]) <= 0 ? left[l++] : right[r++]);
        }

        merged.AddRange(left[l..]);
        merged.AddRange(right[r..]);
        return [.. merged];
    }
}
