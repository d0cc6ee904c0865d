using System;
using System.Collections.Generic;

namespace XdpLvs.Config;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    private const int LengthMax = 40;

    /// <summary>The nearest candidate, if it is near enough to be worth proposing; earlier ones win a tie.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int best = Math.Max(1, word.Length / 3) + 1;
        foreach (string candidate in candidates)
        {
            bool sameButCase = string.Equals(word, candidate, StringComparison.OrdinalIgnoreCase);
            int distance = sameButCase ? 0 : Distance(word, candidate, best);
            if (distance < best)
            {
                (nearest, best) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>Letters to insert, delete, replace or swap; <paramref name="tooFar"/> at most.</summary>
    internal static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int tooFar)
    {
        if (Math.Abs(a.Length - b.Length) >= tooFar || a.Length > LengthMax || b.Length > LengthMax)
        {
            return tooFar;
        }

        Span<int> cells = stackalloc int[3 * (LengthMax + 1)];
        Span<int> beforeLast = cells[..(LengthMax + 1)];
        Span<int> last = cells.Slice(LengthMax + 1, LengthMax + 1);
        Span<int> row = cells[(2 * (LengthMax + 1))..];
        for (int j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                bool isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                row[j] = isSwap ? Math.Min(row[j], beforeLast[j - 2] + 1) : row[j];
            }

            Span<int> oldest = beforeLast;
            beforeLast = last;
            last = row;
            row = oldest;
        }

        return Math.Min(last[b.Length], tooFar);
    }
}
