using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>The files that a pattern of <c>include</c> names.</summary>
/// <param name="Paths">Those that exist, in the order of their names; relative if the pattern is.</param>
/// <param name="Missing">The alternatives of its braces that name nothing; the pattern itself if it has none.</param>
public sealed record FileMatches(ImmutableArray<string> Paths, ImmutableArray<string> Missing);

/// <summary>What is in a file, or why that cannot be said.</summary>
/// <param name="Text">The text; empty if it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null if it could.</param>
/// <param name="IsReplaced">Whether octets that are no UTF-8 stand in it as U+FFFD.</param>
/// <param name="IsExecutable">Whether somebody may execute it: keepalived includes no such file.</param>
public sealed record FileContent(string Text, string? Problem, bool IsReplaced = false, bool IsExecutable = false)
{
    /// <summary>A file that cannot be read.</summary>
    public static FileContent Unreadable(string problem) => new("", problem);
}

/// <summary>Where configuration files are. Neither method throws.</summary>
public interface IConfigFiles
{
    /// <summary>The files that a pattern names: <c>*</c>, <c>?</c>, <c>[…]</c> and <c>{…,…}</c>.</summary>
    /// <param name="folder">What the pattern is relative to.</param>
    /// <param name="pattern">The pattern.</param>
    FileMatches Match(string folder, string pattern);

    /// <summary>Reads a file.</summary>
    FileContent Read(string path);
}
