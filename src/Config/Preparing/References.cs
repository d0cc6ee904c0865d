using System;
using System.Buffers;

namespace XdpLvs.Config;

/// <summary>A <c>$NAME</c> or <c>${NAME ARGUMENTS}</c> in a text.</summary>
/// <param name="Length">Its characters, dollar sign and braces included.</param>
/// <param name="Name">The name.</param>
/// <param name="Arguments">What stands behind the name in braces, without the blanks around.</param>
/// <param name="HasBraces">Whether it is in braces.</param>
internal readonly record struct Reference(int Length, string Name, string Arguments, bool HasBraces);

/// <summary>How references to variables are written.</summary>
internal static class References
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>The reference at the start of a text; false if its dollar sign is nothing but that.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out Reference reference)
    {
        reference = default;
        bool hasBraces = text.StartsWith("${");
        int start = hasBraces ? 2 : 1;
        int length = NameLength(text[Math.Min(start, text.Length)..]);
        if (length == 0)
        {
            return false;
        }

        string name = text.Slice(start, length).ToString();
        if (!hasBraces)
        {
            reference = new Reference(start + length, name, "", false);
            return true;
        }

        int end = BracedLength(text);
        if (end == 0)
        {
            return false;
        }

        reference = new Reference(end, name, text[(start + length)..(end - 1)].Trim().ToString(), true);
        return true;
    }

    /// <summary>The name that a text defines at its start, as in <c>$NAME=VALUE</c>; 0 if it does not.</summary>
    /// <returns>The length of the name; its <c>=</c> stands behind it.</returns>
    public static int DefinedLength(ReadOnlySpan<char> text)
    {
        int length = text.StartsWith('$') ? NameLength(text[1..]) : 0;
        return length > 0 && text[(length + 1)..].StartsWith('=') ? length : 0;
    }

    /// <summary>The length of a variable in braces at the start of a text: its braces open no block.</summary>
    public static int BracedLength(ReadOnlySpan<char> text)
    {
        int name = text.StartsWith("${") ? NameLength(text[2..]) : 0;
        if (name == 0)
        {
            return 0;
        }

        ReadOnlySpan<char> rest = text[(2 + name)..];
        int arguments = rest.StartsWith(' ') ? rest.IndexOfAny("{}\"") : 0;
        return arguments >= 0 && rest[arguments..].StartsWith('}') ? 2 + name + arguments + 1 : 0;
    }

    /// <summary>The length of the name at the start of a text; 0 if there is none.</summary>
    public static int NameLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !(char.IsAsciiLetter(text[0]) || text[0] == '_'))
        {
            return 0;
        }

        int end = text.IndexOfAnyExcept(NameCharacters);
        return end < 0 ? text.Length : end;
    }
}
