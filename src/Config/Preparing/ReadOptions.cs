using System;
using System.Security.Cryptography;

namespace XdpLvs.Config;

/// <summary>What a configuration may know of the machine it is for.</summary>
/// <param name="ConfigId">What <c>@id</c> lines are compared with, and <c>${_INSTANCE}</c>.</param>
/// <param name="Files">Where <c>include</c> looks.</param>
/// <param name="EnvironmentVariable">For <c>${_ENV NAME}</c>; null for a name that is not set.</param>
/// <param name="RandomSeed">For <c>${_RANDOM}</c>.</param>
public sealed record ReadOptions(
    string ConfigId, IConfigFiles Files, Func<string, string?> EnvironmentVariable, int RandomSeed)
{
    /// <summary>One for each process, so that reading the same file again gives the same numbers.</summary>
    private static readonly int ProcessSeed = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Nothing: no name, no files, no environment. What is read depends on the text alone.</summary>
    public static ReadOptions Nothing { get; } = new("", new NoFiles(), _ => null, 0);

    /// <summary>This machine: its files and environment.</summary>
    /// <param name="configId">The configuration's id; null for the host's name up to its first dot.</param>
    public static ReadOptions OfHost(string? configId = null) => new(
        configId ?? Environment.MachineName.Split('.')[0],
        new DiskFiles(),
        Environment.GetEnvironmentVariable,
        ProcessSeed);

    private sealed class NoFiles : IConfigFiles
    {
        public FileMatches Match(string folder, string pattern) => new([], []);

        public FileContent Read(string path) => FileContent.Unreadable("there are no files here");
    }
}
