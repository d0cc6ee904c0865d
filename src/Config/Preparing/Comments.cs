using System;
using System.Buffers;

namespace XdpLvs.Config;

/// <summary>Finds comments: from <c>!</c> or <c>#</c> outside double quotes to the end of the line.</summary>
internal static class Comments
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("!#\"\\");

    /// <summary>Where the comment of a line starts; the line's length if it has none.</summary>
    /// <remarks>A backslash takes its meaning from the character behind it, whatever that is.</remarks>
    public static int Start(ReadOnlySpan<char> line)
    {
        bool isQuoted = false;
        int at = line.IndexOfAny(Marks);
        while (at >= 0 && at < line.Length)
        {
            char c = line[at];
            if (c is '!' or '#' && !isQuoted)
            {
                return at;
            }

            isQuoted ^= c == '"';
            int step = c == '\\' ? 2 : 1;
            int next = at + step < line.Length ? line[(at + step)..].IndexOfAny(Marks) : -1;
            at = next < 0 ? -1 : at + step + next;
        }

        return line.Length;
    }
}
