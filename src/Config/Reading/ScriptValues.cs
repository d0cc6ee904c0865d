using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Reads commands, words of a choice, and octets.</summary>
internal static class ScriptValues
{
    /// <summary>A command, in double quotes if it has arguments, and behind it a user and a group.</summary>
    public static bool TryScript(this Reporter report, Statement statement, out ScriptCommand command)
    {
        command = new ScriptCommand([], null, null);
        if (!report.TryWord(statement, "a command", out Word word))
        {
            return false;
        }

        ImmutableArray<string> words = Split(word.Text);
        if (words.IsEmpty || words[0].Length == 0)
        {
            report.Error(word, $"'{statement.Keyword}' needs a command, this is empty");
            return false;
        }

        command = new ScriptCommand(
            words,
            statement.Words.Length > 2 ? statement.Words[2].Text : null,
            statement.Words.Length > 3 ? statement.Words[3].Text : null);
        return true;
    }

    /// <summary>One of some words behind the keyword.</summary>
    public static bool TryChoice<TValue>(
        this Reporter report, Statement statement, (string Name, TValue Value)[] choices, out TValue value)
    {
        string names = string.Join(", ", Array.ConvertAll(choices, choice => choice.Name));
        value = default!;
        if (!report.TryWord(statement, $"one of {names}", out Word word))
        {
            return false;
        }

        foreach ((string name, TValue one) in choices)
        {
            if (name == word.Text)
            {
                value = one;
                return true;
            }
        }

        report.Error(
            word,
            $"{Reporter.Quote(word.Text)} is not one of {names}",
            Spelling.Nearest(word.Text, Array.ConvertAll(choices, choice => choice.Name)));
        return false;
    }

    /// <summary>A weight behind the keyword, with <c>reverse</c> perhaps behind it.</summary>
    public static bool TryWeight(
        this Reporter report, Statement statement, int limit, out int weight, out bool reverse)
    {
        reverse = statement.Words.Length > 2 && statement.Words[2].Text == "reverse";
        return report.TryNumber(statement, -limit, limit, out weight);
    }

    /// <summary>
    /// The words of a command line: parted by blanks, kept together by single or double quotes or a backslash, as a
    /// shell would, of which there is none.
    /// </summary>
    public static ImmutableArray<string> Split(string line)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        bool hasWord = false;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '\\' && quote != '\'' && i + 1 < line.Length)
            {
                (hasWord, i) = (true, i + 1);
                word.Append(line[i]);
            }
            else if (c == quote || (quote == '\0' && c is '\'' or '"' && c != quote))
            {
                (hasWord, quote) = (true, c == quote ? '\0' : c);
            }
            else if (quote == '\0' && c is ' ' or '\t')
            {
                Add();
            }
            else
            {
                hasWord = true;
                word.Append(c);
            }
        }

        Add();
        return words.ToImmutable();

        void Add()
        {
            if (hasWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            hasWord = false;
        }
    }

    /// <summary>
    /// Octets in hexadecimal, in one word or several. A word with an odd number of digits ends with a digit that is
    /// an octet of its own. With a mask, <c>x</c> stands for any digit.
    /// </summary>
    public static bool TryHex(
        IEnumerable<string> words, bool allowsAny, out ImmutableArray<(byte Value, byte Mask)> octets)
    {
        ImmutableArray<(byte Value, byte Mask)>.Builder all = ImmutableArray.CreateBuilder<(byte, byte)>();
        foreach (string word in words)
        {
            for (int i = 0; i < word.Length; i += 2)
            {
                string digits = word.Substring(i, Math.Min(2, word.Length - i));
                int value = 0;
                int mask = digits.Length == 1 ? 0xF0 : 0; // of a lonely digit the upper half is 0
                foreach (char digit in digits)
                {
                    bool isAny = allowsAny && digit is ('x' or 'X');
                    if (!isAny && !char.IsAsciiHexDigit(digit))
                    {
                        octets = [];
                        return false;
                    }

                    value = (value << 4) | (isAny ? 0 : Convert.ToInt32(digit.ToString(), 16));
                }

                all.Add(((byte)value, (byte)(mask | MaskOf(digits, allowsAny))));
            }
        }

        octets = all.ToImmutable();
        return true;
    }

    private static int MaskOf(string digits, bool allowsAny)
    {
        int mask = 0;
        foreach (char digit in digits)
        {
            mask = (mask << 4) | (allowsAny && digit is ('x' or 'X') ? 0 : 0xF);
        }

        return mask;
    }
}
