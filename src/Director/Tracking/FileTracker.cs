using System;
using System.Globalization;
using System.IO;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Tracking;

/// <summary>A track_file as it was configured.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">Where the file is.</param>
internal sealed record FileTrackerSettings(string Name, string Path)
{
    /// <summary>init_file: what to write into it when the daemon starts; null: nothing.</summary>
    internal int? InitialValue { get; init; }

    /// <summary>overwrite: also if the file is there already.</summary>
    internal bool Overwrite { get; init; }
}

/// <summary>The number in a tracked file.</summary>
internal static class FileTracker
{
    /// <summary>Numbers are held within this on either side of zero.</summary>
    internal const int ValueMax = 254;

    private const int OctetsMax = 127;

    /// <summary>
    /// Reads a number as strtol(3) with base 0 does: blanks, a sign, then 0x…, 0… or decimal, up to the first character
    /// that does not belong to it. What is no number is 0, as in keepalived.
    /// </summary>
    internal static int Parse(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length && text[at] is (byte)' ' or (>= 9 and <= 13))
        {
            at++;
        }

        bool isNegative = at < text.Length && text[at] == '-';
        at += at < text.Length && text[at] is (byte)'-' or (byte)'+' ? 1 : 0;
        int radix = 10;
        if (at + 2 < text.Length && text[at] == '0' && (text[at + 1] | 0x20) == 'x' && Digit(text[at + 2]) < 16)
        {
            radix = 16;
            at += 2;
        }
        else if (at < text.Length && text[at] == '0')
        {
            radix = 8;
        }

        int value = 0;
        for (; at < text.Length && Digit(text[at]) < radix; at++)
        {
            value = Math.Min((value * radix) + Digit(text[at]), ValueMax);
        }

        return isNegative ? -value : value;
    }

    /// <summary>Reads the file. One that is not there, not readable or no ordinary file counts as 0.</summary>
    internal static Reading Read(FileTrackerSettings self)
    {
        if (FileOwnership.TryRead(self.Path, out FileOwnership file) != 0 || !file.IsRegular)
        {
            return Reading.Of(0); // also a FIFO: to open one could take for ever
        }

        try
        {
            Span<byte> text = stackalloc byte[OctetsMax];
            using var stream = new FileStream(
                self.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            return Reading.Of(Parse(text[..stream.ReadAtLeast(text, OctetsMax, throwOnEndOfStream: false)]));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Reading.Of(0);
        }
    }

    /// <summary>Writes the initial value, if there is one and the file is missing or may be overwritten.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    internal static void Initialize(FileTrackerSettings self)
    {
        if (self.InitialValue is { } value && (self.Overwrite || !File.Exists(self.Path)))
        {
            File.WriteAllText(self.Path, value.ToString(CultureInfo.InvariantCulture) + "\n");
        }
    }

    /// <summary>What a character is worth as a digit; more than any radix if it is none.</summary>
    private static int Digit(byte character) => character switch
    {
        >= (byte)'0' and <= (byte)'9' => character - '0',
        >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
        _ => int.MaxValue,
    };
}
