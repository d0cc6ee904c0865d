using System.IO;
using System.Runtime.CompilerServices;

namespace XdpLvs.Guest.Tests;

/// <summary>Where things are.</summary>
internal static class Repository
{
    /// <summary>The folder of XdpLvs.sln.</summary>
    internal static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    /// <summary>The guest's scripts.</summary>
    internal static string Scripts { get; } = Path.Combine(Root, "tests", "Guest");

    /// <summary>What ipvsadm printed once, and the rules it printed it for.</summary>
    internal static string IpvsCases { get; } = Path.Combine(Root, "tests", "Cases", "ipvs");

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
