using System;
using System.Collections.Generic;

namespace XdpLvs.Config;

/// <summary>Patterns for file names, as glob(7) has them, with braces.</summary>
internal static class Glob
{
    private const int AlternativesMax = 1000;

    /// <summary>Whether a pattern can name more than one file, or none.</summary>
    public static bool HasWildcard(string pattern) => pattern.AsSpan().IndexOfAny("*?[") >= 0;

    /// <summary>The patterns that the braces of a pattern stand for, a bounded number.</summary>
    public static IReadOnlyList<string> Alternatives(string pattern)
    {
        var done = new List<string>();
        var open = new Stack<string>([pattern]);
        while (open.TryPop(out string? next) && done.Count + open.Count < AlternativesMax)
        {
            (int start, int end, List<int> commas) = Braces(next);
            if (end < 0)
            {
                done.Add(next);
                continue;
            }

            int[] edges = [start, .. commas, end];
            for (int i = edges.Length - 2; i >= 0; i--) // the first comes off the stack first
            {
                open.Push(next[..start] + next[(edges[i] + 1)..edges[i + 1]] + next[(end + 1)..]);
            }
        }

        return done;
    }

    /// <summary>Whether a name without slashes fits a pattern. A leading dot must be written.</summary>
    public static bool Fits(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern)
    {
        if (name.StartsWith('.') && !pattern.StartsWith('.'))
        {
            return false;
        }

        int at = 0, p = 0, starAt = -1, starP = -1;
        while (at < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (starP, starAt) = (++p, at);
            }
            else if (p < pattern.Length && FitsOne(name[at], pattern[p..], out int used))
            {
                (at, p) = (at + 1, p + used);
            }
            else if (starP >= 0)
            {
                (p, at) = (starP, ++starAt); // the last star takes one more
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].Trim('*').IsEmpty;
    }

    private static bool FitsOne(char c, ReadOnlySpan<char> pattern, out int used)
    {
        used = 1;
        int close = pattern[0] == '[' && pattern.Length > 2 ? pattern[2..].IndexOf(']') + 2 : -1;
        if (close < 2)
        {
            bool isEscape = pattern is ['\\', _, ..];
            used = isEscape ? 2 : 1;
            return isEscape ? pattern[1] == c : pattern[0] == '?' || pattern[0] == c;
        }

        used = close + 1;
        ReadOnlySpan<char> set = pattern[1..close];
        bool isNot = set[0] is '!' or '^' && set.Length > 1;
        set = isNot ? set[1..] : set;
        bool isIn = false;
        for (int i = 0; i < set.Length; i++)
        {
            bool isRange = i + 2 < set.Length && set[i + 1] == '-';
            isIn |= isRange ? c >= set[i] && c <= set[i + 2] : c == set[i];
            i += isRange ? 2 : 0;
        }

        return isIn != isNot;
    }

    private static (int Start, int End, List<int> Commas) Braces(string pattern)
    {
        int start = pattern.IndexOf('{', StringComparison.Ordinal);
        var commas = new List<int>();
        int depth = 0;
        for (int i = Math.Max(start, 0); start >= 0 && i < pattern.Length; i++)
        {
            depth += pattern[i] == '{' ? 1 : pattern[i] == '}' ? -1 : 0;
            if (pattern[i] == ',' && depth == 1)
            {
                commas.Add(i);
            }
            else if (depth == 0)
            {
                return (start, i, commas);
            }
        }

        return (start, -1, commas);
    }
}
