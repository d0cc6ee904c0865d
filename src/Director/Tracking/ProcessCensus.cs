using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace XdpLvs.Director.Tracking;

/// <summary>Which running processes fit which matches. Used by one thread.</summary>
/// <remarks>
/// proc(5): stat for the short name and the state, cmdline for the command line. A zombie does not run. Threads of the
/// kernel have no command line.
/// </remarks>
internal sealed class ProcessCensus
{
    private const int StatOctetsMax = 512, CommandOctetsMax = 4096;

    private readonly ImmutableArray<ProcessMatch> _matches;
    private readonly HashSet<int>[] _found;
    private readonly bool _needsWords;
    private readonly byte[] _buffer = new byte[CommandOctetsMax];

    /// <summary>Knows nobody yet.</summary>
    internal ProcessCensus(ImmutableArray<ProcessMatch> matches)
    {
        _matches = matches;
        _found = [.. matches.Select(_ => new HashSet<int>())];
        _needsWords = matches.Any(match => match.NeedsWords);
    }

    /// <summary>How many processes fit a match.</summary>
    internal int CountOf(int match) => _found[match].Count;

    /// <summary>Looks at all processes.</summary>
    internal void TakeAll()
    {
        Array.ForEach(_found, found => found.Clear());
        foreach (string path in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), CultureInfo.InvariantCulture, out int id))
            {
                Look(id);
            }
        }
    }

    /// <summary>A process began as another's copy: it is what that was.</summary>
    internal void HearFork(int parent, int child)
    {
        foreach (HashSet<int> found in _found)
        {
            if (found.Contains(parent))
            {
                found.Add(child);
            }
        }
    }

    /// <summary>A process became something else, or may have.</summary>
    internal void Look(int id)
    {
        ProcessIdentity? identity = Read(id);
        for (int i = 0; i < _matches.Length; i++)
        {
            _ = identity is { } known && _matches[i].Fits(known) ? _found[i].Add(id) : _found[i].Remove(id);
        }
    }

    /// <summary>A process ended.</summary>
    internal void HearExit(int id)
    {
        foreach (HashSet<int> found in _found)
        {
            found.Remove(id);
        }
    }

    private ProcessIdentity? Read(int id)
    {
        ReadOnlySpan<byte> stat = ReadFile($"/proc/{id}/stat", StatOctetsMax);
        int open = stat.IndexOf((byte)'('), close = stat.LastIndexOf((byte)')'); // the name itself may hold either
        bool lives = open >= 0
            && close > open
            && close + 2 < stat.Length
            && stat[close + 2] is not ((byte)'Z' or (byte)'X');
        if (!lives)
        {
            return null;
        }

        string name = Encoding.UTF8.GetString(stat[(open + 1)..close]);
        return new ProcessIdentity(name, _needsWords ? Words(ReadFile($"/proc/{id}/cmdline", CommandOctetsMax)) : []);
    }

    private static ImmutableArray<string> Words(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return [];
        }

        string text = Encoding.UTF8.GetString(line[^1] == 0 ? line[..^1] : line);
        return [.. text.Split('\0')];
    }

    /// <summary>The first octets of a file of /proc; none if the process is gone.</summary>
    private ReadOnlySpan<byte> ReadFile(string path, int octetsMax)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            int length = file.ReadAtLeast(_buffer.AsSpan(0, octetsMax), octetsMax, throwOnEndOfStream: false);
            return _buffer.AsSpan(0, length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
