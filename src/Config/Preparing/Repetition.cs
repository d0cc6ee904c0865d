using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// A <c>~SEQ(…)</c>, <c>~SEQx(…)</c> or <c>~LST(…)</c>: some variables, and the values they take in turn.
/// </summary>
/// <param name="Length">Its characters, up to the closing parenthesis.</param>
/// <param name="Names">The variables.</param>
/// <param name="Turns">How often.</param>
/// <param name="ValueAt">The value of a variable in a turn.</param>
internal sealed record Repetition(
    int Length, ImmutableArray<string> Names, long Turns, Func<long, int, string> ValueAt)
{
    /// <summary>Reads the repetition at the start of a line.</summary>
    /// <param name="text">The line; it starts with a tilde.</param>
    /// <param name="replace">Replaces the references in a text.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <returns>Null if something is wrong, or if it is none at all; then there is no fault.</returns>
    public static Repetition? Read(string text, Func<string, string> replace, out string? fault)
    {
        fault = null;
        bool isList = text.StartsWith("~LST", StringComparison.Ordinal);
        if (!isList && !text.StartsWith("~SEQ", StringComparison.Ordinal))
        {
            return null;
        }

        bool isHexadecimal = !isList && text.AsSpan(4).StartsWith('x');
        int open = isHexadecimal ? 5 : 4;
        while (open < text.Length && text[open] is ' ' or '\t')
        {
            open++;
        }

        int close = text.IndexOf(')', StringComparison.Ordinal);
        if (open >= text.Length || text[open] != '(' || close < 0)
        {
            fault = $"'{text[..Math.Min(text.Length, isHexadecimal ? 5 : 4)]}' needs a list in parentheses behind it, "
                + (isList ? "as in ~LST(NAME,VALUE,VALUE)" : "as in ~SEQ(NAME,FIRST,LAST)");
            return null;
        }

        string inside = replace(text[(open + 1)..close]);
        return isList
            ? ReadList(inside, close + 1, out fault)
            : ReadSequence(inside, close + 1, isHexadecimal, out fault);
    }

    private static Repetition? ReadSequence(string inside, int length, bool isHexadecimal, out string? fault)
    {
        string[] parts = inside.Split(',', StringSplitOptions.TrimEntries);
        fault = null;
        if (parts.Length is < 2 or > 4 || !IsName(parts[0]))
        {
            fault = "~SEQ takes a name and one to three numbers: (NAME,LAST), (NAME,FIRST,LAST) or "
                + "(NAME,FIRST,STEP,LAST)";
            return null;
        }

        var numbers = new List<long>();
        foreach (string part in parts.Skip(1))
        {
            if (!TryNumber(part, out long number))
            {
                fault = $"{Reporter.Quote(part)} is not a whole number for ~SEQ";
                return null;
            }

            numbers.Add(number);
        }

        long last = numbers[^1];
        long first = numbers.Count > 1 ? numbers[0] : last < 0 ? -1 : 1;
        long step = numbers.Count > 2 ? numbers[1] : first <= last ? 1 : -1;
        if (step == 0 || (first < last && step < 0) || (first > last && step > 0))
        {
            fault = $"~SEQ never gets from {first} to {last} by steps of {step}";
            return null;
        }

        if (isHexadecimal && (first < 0 || last < 0))
        {
            fault = "~SEQx is for numbers from 0 up";
            return null;
        }

        string format = isHexadecimal ? "x" : "d";
        return new Repetition(
            length,
            [parts[0]],
            ((last - first) / step) + 1,
            (turn, _) => (first + (turn * step)).ToString(format, CultureInfo.InvariantCulture));
    }

    private static Repetition? ReadList(string inside, int length, out string? fault)
    {
        fault = null;
        List<string[]>? groups = inside.TrimStart().StartsWith('{') ? Groups(inside) : Singles(inside);
        if (groups is not { Count: > 1 } || !groups[0].All(IsName))
        {
            fault = "~LST takes a name and its values, (NAME,VALUE,VALUE), or several: ({A,B},{1,2},{3,4})";
            return null;
        }

        string[] names = groups[0];
        if (groups.Find(group => group.Length != names.Length) is { } odd)
        {
            fault = $"~LST has {names.Length} names, but {odd.Length} values in {{{string.Join(',', odd)}}}";
            return null;
        }

        return new Repetition(
            length, [.. names], groups.Count - 1, (turn, variable) => groups[(int)turn + 1][variable]);
    }

    private static List<string[]> Singles(string inside) =>
        [.. inside.Split(',', StringSplitOptions.TrimEntries).Select(value => new[] { value })];

    /// <summary>What stands in braces, group by group; null if something else stands between them.</summary>
    private static List<string[]>? Groups(string inside)
    {
        var groups = new List<string[]>();
        string rest = inside.Trim();
        while (rest.Length > 0)
        {
            int close = rest.IndexOf('}', StringComparison.Ordinal);
            if (rest[0] != '{' || close < 0)
            {
                return null;
            }

            groups.Add(rest[1..close].Split(',', StringSplitOptions.TrimEntries));
            rest = rest[(close + 1)..].TrimStart();
            if (rest.Length > 0 && rest[0] != ',')
            {
                return null;
            }

            rest = rest.Length > 0 ? rest[1..].TrimStart() : rest;
        }

        return groups;
    }

    private static bool IsName(string text) => text.Length > 0 && References.NameLength(text) == text.Length;

    /// <summary>As C's strtol with base 0: decimal, hexadecimal behind 0x, octal behind 0; 32 bits of value.</summary>
    private static bool TryNumber(string text, out long number)
    {
        bool isNegative = text.StartsWith('-');
        string digits = isNegative ? text[1..] : text;
        number = 0;
        int radix = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 16 : digits.StartsWith('0') ? 8 : 10;
        digits = radix == 16 ? digits[2..] : digits;
        foreach (char digit in digits)
        {
            int value = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (value >= radix || number > int.MaxValue)
            {
                return false;
            }

            number = (number * radix) + value;
        }

        number = isNegative ? -number : number;
        return digits.Length > 0;
    }
}
