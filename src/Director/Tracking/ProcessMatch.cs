using System;
using System.Collections.Immutable;
using System.Linq;
using System.Text;

namespace XdpLvs.Director.Tracking;

/// <summary>How the words after a process's name are compared.</summary>
internal enum ParameterMatch
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>All must be the same.</summary>
    Exact,

    /// <summary>The process may have more words after them (keepalived's "partial").</summary>
    Leading,

    /// <summary>As <see cref="Leading"/>, and the last one may be the beginning of a word (its "initial").</summary>
    LeadingPart,
}

/// <summary>What is known of a running process.</summary>
/// <param name="ShortName">The kernel's name for it: at most 15 octets of the file's name.</param>
/// <param name="Words">Its command line; empty unless it was asked for.</param>
internal readonly record struct ProcessIdentity(string ShortName, ImmutableArray<string> Words);

/// <summary>Which processes count.</summary>
/// <param name="Name">The kernel's short name, or, with the command line, the first word as it was started.</param>
/// <param name="Parameters">Words after it.</param>
/// <param name="How">How those are compared.</param>
/// <param name="FullCommand">full_command: compare with the command line.</param>
internal sealed record ProcessMatch(
    string Name,
    ImmutableArray<string> Parameters = default,
    ParameterMatch How = ParameterMatch.None,
    bool FullCommand = false)
{
    private const int ShortNameOctetsMax = 15; // TASK_COMM_LEN without its zero

    /// <summary>Whether the command line must be read, which costs more: it may have to be paged in.</summary>
    internal bool NeedsWords =>
        FullCommand
        || How != ParameterMatch.None
        || Name.Contains('/', StringComparison.Ordinal)
        || Encoding.UTF8.GetByteCount(Name) > ShortNameOctetsMax;

    /// <summary>Whether that process counts.</summary>
    internal bool Fits(in ProcessIdentity process)
    {
        if (!NeedsWords)
        {
            return process.ShortName == Name;
        }

        return process.Words.Length > 0
            && process.Words[0] == Name
            && FitsParameters(process.Words.AsSpan()[1..]);
    }

    private bool FitsParameters(ReadOnlySpan<string> words)
    {
        ImmutableArray<string> wanted = Parameters.IsDefault ? [] : Parameters;
        if (How == ParameterMatch.None || (How != ParameterMatch.Exact && wanted.IsEmpty))
        {
            return true;
        }

        if (How == ParameterMatch.Exact || words.Length < wanted.Length)
        {
            return words.SequenceEqual(wanted.AsSpan());
        }

        int whole = How == ParameterMatch.LeadingPart ? wanted.Length - 1 : wanted.Length;
        return words[..whole].SequenceEqual(wanted.AsSpan(0, whole))
            && words[wanted.Length - 1].StartsWith(wanted.Last(), StringComparison.Ordinal);
    }
}
