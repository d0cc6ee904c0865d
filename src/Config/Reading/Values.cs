using System;
using System.Globalization;

namespace XdpLvs.Config;

/// <summary>Reads the words behind a keyword. A word that cannot be used is reported, and the default stays.</summary>
internal static class Values
{
    /// <summary>31 days: the longest time that IPVS knows.</summary>
    public const long SecondsMax = 2_678_400;

    private const int FractionDigitsMax = 7; // a TimeSpan counts in 100 ns

    private static readonly TimeSpan LeastTimer = TimeSpan.FromMicroseconds(1);

    /// <summary>The word behind the keyword.</summary>
    public static bool TryWord(this Reporter report, Statement statement, string expected, out Word word)
    {
        bool found = statement.Words.Length > 1;
        word = found ? statement.Words[1] : default;
        if (!found)
        {
            report.Error(statement.Words[0], $"'{statement.Keyword}' lacks its value: {expected}");
        }

        return found;
    }

    /// <summary>Says so if there is no word behind the keyword.</summary>
    public static void NeedsWord(this Reporter report, Statement statement, string expected) =>
        _ = report.TryWord(statement, expected, out Word _);

    /// <summary>A whole number behind the keyword, decimal or hexadecimal.</summary>
    public static bool TryNumber(this Reporter report, Statement statement, long min, long max, out int value)
    {
        value = 0;
        if (statement.Words.Length < 2)
        {
            return report.TryWord(statement, $"a number from {min} to {max}", out _);
        }

        return report.TryNumber(statement.Keyword, statement.Words[1], min, max, out value);
    }

    /// <summary>Says so if there is no such number behind the keyword.</summary>
    public static void NeedsNumber(this Reporter report, Statement statement, long min, long max) =>
        _ = report.TryNumber(statement, min, max, out int _);

    /// <summary>A whole number in a word of its own.</summary>
    public static bool TryNumber(this Reporter report, string what, Word word, long min, long max, out int value)
    {
        value = 0;
        ReadOnlySpan<char> text = word.Text;
        bool isNegative = text.StartsWith('-');
        ReadOnlySpan<char> digits = isNegative ? text[1..] : text;
        bool isHexadecimal = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        digits = isHexadecimal ? digits[2..] : digits;
        bool isNumber = !digits.IsEmpty && IsAll(digits, isHexadecimal ? char.IsAsciiHexDigit : char.IsAsciiDigit);
        if (!isNumber)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not a whole number; {what} takes {min} to {max}");
            return false;
        }

        NumberStyles style = isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None;
        bool fits = ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong magnitude);
        bool isBig = !fits || magnitude > long.MaxValue;
        long signed = isBig ? 0 : isNegative ? -(long)magnitude : (long)magnitude;
        if (isBig || signed < min || signed > max)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is outside the range of {what}, {min} to {max}");
            return false;
        }

        value = isNegative ? -(int)magnitude : (int)magnitude;
        return true;
    }

    /// <summary>A port in a word of its own, never 0.</summary>
    public static bool TryPort(this Reporter report, Word word, out ushort port)
    {
        bool read = report.TryNumber("a port", word, 1, ushort.MaxValue, out int value);
        port = (ushort)value;
        return read;
    }

    /// <summary>A port in a word of its own; 0 means all ports, or whatever the virtual server's is.</summary>
    public static bool TryPortOrZero(this Reporter report, Word word, out ushort port)
    {
        bool read = report.TryNumber("a port", word, 0, ushort.MaxValue, out int value);
        port = (ushort)value;
        return read;
    }

    /// <summary>A time above zero behind the keyword, in seconds with or without fraction.</summary>
    public static bool TryTimer(this Reporter report, Statement statement, out TimeSpan time) =>
        report.TryTimer(statement, LeastTimer, SecondsMax, out time);

    /// <summary>A time from zero up to <paramref name="secondsMax"/> behind the keyword.</summary>
    public static bool TryTimerOrZero(
        this Reporter report, Statement statement, out TimeSpan time, long secondsMax = SecondsMax) =>
        report.TryTimer(statement, TimeSpan.Zero, secondsMax, out time);

    /// <summary>A time above zero behind the keyword, in milliseconds with or without fraction.</summary>
    public static bool TryMilliseconds(
        this Reporter report, Statement statement, long millisecondsMax, out TimeSpan time)
    {
        time = default;
        string range = $"milliseconds, 0.001 to {millisecondsMax}";
        if (!report.TryWord(statement, range, out Word word))
        {
            return false;
        }

        bool isNumber = TryParseSeconds(word.Text, out TimeSpan thousandfold);
        time = thousandfold / 1000;
        bool fits = isNumber && time >= LeastTimer && thousandfold <= TimeSpan.FromSeconds(millisecondsMax);
        if (!fits)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not a time for {statement.Keyword}: {range}");
        }

        return fits;
    }

    /// <summary>An address of a host behind the keyword.</summary>
    public static bool TryHost(this Reporter report, Statement statement, out Ipv4Address address)
    {
        address = default;
        return report.TryWord(statement, "an IPv4 address", out Word word) && report.TryHost(word, out address);
    }

    /// <summary>An address of a host in a word of its own.</summary>
    public static bool TryHost(this Reporter report, Word word, out Ipv4Address address)
    {
        if (!report.TryAddress(word, out address))
        {
            return false;
        }

        if (!address.IsHost)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not an address that a host can have");
        }

        return address.IsHost;
    }

    /// <summary>Any IPv4 address in a word of its own.</summary>
    public static bool TryAddress(this Reporter report, Word word, out Ipv4Address address)
    {
        bool read = Ipv4Address.TryParse(word.Text, out address);
        if (!read)
        {
            string quoted = Reporter.Quote(word.Text);
            report.Error(word, $"{quoted} is not an IPv4 address");
        }

        return read;
    }

    /// <summary>Whether a switch is on: it is, unless <c>off</c>, <c>no</c> or <c>false</c> stands behind it.</summary>
    public static bool Switch(this Reporter report, Statement statement)
    {
        string value = statement.Words.Length > 1 ? statement.Words[1].Text : "on";
        if (value is not ("on" or "yes" or "true" or "1" or "off" or "no" or "false"))
        {
            report.Warning(
                statement.Words[1], $"{Reporter.Quote(value)} is neither on nor off; '{statement.Keyword}' is on");
        }

        return value is not ("off" or "no" or "false");
    }

    /// <summary>A switch that takes nothing but its words: one that is not understood stays as it was.</summary>
    public static bool TrySwitch(this Reporter report, Statement statement, out bool isOn)
    {
        string value = statement.Words.Length > 1 ? statement.Words[1].Text : "on";
        isOn = value is "on" or "yes" or "true";
        bool read = isOn || value is "off" or "no" or "false";
        if (!read)
        {
            string? nearest = value switch
            {
                "0" => "off",
                "1" => "on",
                _ => Spelling.Nearest(value, ["on", "off", "yes", "no", "true", "false"]),
            };
            string message = $"{Reporter.Quote(value)} is neither on nor off for '{statement.Keyword}'";
            report.Error(statement.Words[1], message, nearest);
        }

        return read;
    }

    /// <summary>Decimal seconds as a time, exactly; what is finer than 100 ns is cut off.</summary>
    public static bool TryParseSeconds(ReadOnlySpan<char> text, out TimeSpan time)
    {
        int point = text.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<char> fraction = point < 0 ? default : text[(point + 1)..];
        time = default;
        if (whole.Length + fraction.Length == 0
            || !IsAll(whole, char.IsAsciiDigit)
            || !IsAll(fraction, char.IsAsciiDigit))
        {
            return false;
        }

        long ticks = 0;
        for (int i = 0; i < FractionDigitsMax; i++)
        {
            ticks = (ticks * 10) + (i < fraction.Length ? fraction[i] - '0' : 0);
        }

        whole = whole.TrimStart('0');
        bool isHuge = whole.Length > 9;
        long seconds = isHuge || whole.IsEmpty ? 0 : long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        time = isHuge ? TimeSpan.MaxValue : new TimeSpan((seconds * TimeSpan.TicksPerSecond) + ticks);
        return true;
    }

    private static bool TryTimer(
        this Reporter report, Statement statement, TimeSpan min, long secondsMax, out TimeSpan time)
    {
        time = default;
        if (statement.Words.Length < 2)
        {
            return report.TryWord(statement, $"seconds, {Range(min, secondsMax)}", out _);
        }

        Word word = statement.Words[1];
        string keyword = statement.Keyword;
        if (!TryParseSeconds(word.Text.AsSpan().TrimStart('-'), out time))
        {
            string quoted = Reporter.Quote(word.Text);
            report.Error(word, $"{quoted} is not a time in seconds; {keyword} takes {Range(min, secondsMax)}");
            return false;
        }

        bool isInside = time >= min && time.Ticks <= secondsMax * TimeSpan.TicksPerSecond && word.Text[0] != '-';
        if (!isInside)
        {
            string quoted = Reporter.Quote(word.Text);
            report.Error(word, $"{quoted} is outside the range of {keyword}, {Range(min, secondsMax)} seconds");
        }

        return isInside;
    }

    private static string Range(TimeSpan min, long secondsMax) =>
        min == TimeSpan.Zero ? $"0 to {secondsMax}" : $"0.000001 to {secondsMax}";

    private static bool IsAll(ReadOnlySpan<char> text, Func<char, bool> test)
    {
        foreach (char c in text)
        {
            if (!test(c))
            {
                return false;
            }
        }

        return true;
    }
}
