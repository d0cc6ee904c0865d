using System;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace XdpLvs.Config;

/// <summary>The words behind keywords that run something: both kinds of quotes, and a shell's escapes.</summary>
/// <remarks>keepalived.conf(5), "Quoted strings". A quote may start and end inside a word.</remarks>
public static class ScriptWords
{
    private static readonly FrozenSet<string> Keywords = new[]
    {
        "script", "startup_script", "shutdown_script", "notify_fifo_script", "vrrp_notify_fifo_script",
        "lvs_notify_fifo_script", "notify", "notify_master", "notify_backup", "notify_fault", "notify_stop",
        "notify_deleted", "notify_master_rx_lower_pri", "notify_up", "notify_down", "quorum_up", "quorum_down",
        "misc_path",
    }.ToFrozenSet();

    /// <summary>Whether the words behind a keyword are read by these rules.</summary>
    public static bool IsScript(string keyword) => Keywords.Contains(keyword);

    /// <summary>Cuts a command, such as the first word behind <c>script</c>, into program and arguments.</summary>
    /// <param name="command">The command; a quote that is open at its end ends there.</param>
    public static ImmutableArray<string> Split(string command)
    {
        ImmutableArray<string>.Builder words = ImmutableArray.CreateBuilder<string>();
        int at = 0;
        while (at < command.Length)
        {
            if (Lexer.IsBlank(command[at]))
            {
                at++;
            }
            else
            {
                words.Add(Take(command, ref at, out _, bracesEnd: false));
            }
        }

        return words.ToImmutable();
    }

    /// <summary>Takes one word; <paramref name="at"/> moves from its first character behind its last.</summary>
    /// <param name="text">The line.</param>
    /// <param name="at">Where.</param>
    /// <param name="open">The quote, or the backslash, that the line's end left open; 0 if none.</param>
    /// <param name="bracesEnd">Whether a brace outside quotes ends the word.</param>
    internal static string Take(ReadOnlySpan<char> text, ref int at, out char open, bool bracesEnd = true)
    {
        var word = new StringBuilder();
        open = '\0';
        int braced = at;
        while (at < text.Length)
        {
            char c = text[at];
            braced = Math.Max(braced, at + References.BracedLength(text[at..]));
            if (c == '\\' && at + 1 < text.Length)
            {
                at++;
                word.Append(Escape(text, ref at));
            }
            else if (c == '\\')
            {
                at++;
                open = '\\';
                return word.ToString();
            }
            else if (open == '\0' && at >= braced && (Lexer.IsBlank(c) || (bracesEnd && c is '{' or '}')))
            {
                return word.ToString();
            }
            else
            {
                at++;
                if (c == open)
                {
                    open = '\0';
                }
                else if (open == '\0' && c is '"' or '\'')
                {
                    open = c;
                }
                else
                {
                    word.Append(c);
                }
            }
        }

        return word.ToString();
    }

    /// <summary>The character that an escape stands for; <paramref name="at"/> is behind the backslash.</summary>
    private static char Escape(ReadOnlySpan<char> text, ref int at)
    {
        char c = text[at];
        int octal = Length(text[at..], char.IsBetween, 3);
        if (octal > 0)
        {
            int value = 0;
            for (int i = 0; i < octal; i++)
            {
                value = (value * 8) + (text[at + i] - '0');
            }

            at += octal;
            return (char)(value & byte.MaxValue);
        }

        at++;
        int digits = c == 'x' ? Length(text[at..], static (d, _, _) => char.IsAsciiHexDigit(d), int.MaxValue) : 0;
        if (digits > 0)
        {
            ReadOnlySpan<char> last = text.Slice(at + Math.Max(0, digits - 2), Math.Min(2, digits)); // an octet is kept
            at += digits;
            return (char)byte.Parse(last, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }

        if (c == 'c' && at < text.Length)
        {
            return (char)(text[at++] & 0x1F);
        }

        int known = "abEfnrtv".IndexOf(c, StringComparison.Ordinal);
        return known < 0 ? c : "\a\b\u001B\f\n\r\t\v"[known];
    }

    private static int Length(ReadOnlySpan<char> text, Func<char, char, char, bool> test, int max)
    {
        int length = 0;
        while (length < text.Length && length < max && test(text[length], '0', '7'))
        {
            length++;
        }

        return length;
    }
}
