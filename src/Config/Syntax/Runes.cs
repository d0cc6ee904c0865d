using System;

namespace XdpLvs.Config;

/// <summary>Counts code points: what a person calls a column, near enough.</summary>
internal static class Runes
{
    /// <summary>The code points of a text; half a surrogate pair counts as one.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        int at = text.IndexOfAnyInRange('\uD800', '\uDBFF');
        while (at >= 0 && at + 1 < text.Length)
        {
            bool isPair = char.IsLowSurrogate(text[at + 1]);
            count -= isPair ? 1 : 0;
            int next = text[(at + 1)..].IndexOfAnyInRange('\uD800', '\uDBFF');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return count;
    }
}
