using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;

namespace XdpLvs.Vrrp.Tests;

/// <summary>The frames of <c>golden.txt</c>: what keepalived really sends.</summary>
internal static class Golden
{
    public const int EthernetHeaderSize = 14;

    private static readonly Lazy<IReadOnlyList<GoldenFrame>> All = new(Load);

    public static string Folder { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "Cases", "vrrp", "golden"));

    public static IReadOnlyList<GoldenFrame> Frames => All.Value;

    public static IEnumerable<GoldenFrame> OfKind(string kind) => Frames.Where(frame => frame.Kind == kind);

    public static GoldenFrame Titled(string title) => Frames.Single(frame => frame.Title == title);

    /// <summary>The tutorial's first director: priority 100, password 1111.</summary>
    public static byte[] SeedAdvert() => [.. Titled("ka-v2-pass-seed #17").IpPacket];

    private static List<GoldenFrame> Load()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, "golden.txt"));
        var frames = new List<GoldenFrame>();
        for (int i = 0; i + 1 < lines.Length; i++)
        {
            if (lines[i + 1].StartsWith("    ", StringComparison.Ordinal))
            {
                string[] words = lines[i].Split(' ');
                byte[] octets = Convert.FromHexString(lines[i + 1].Trim());
                frames.Add(new GoldenFrame($"{words[0]} {words[1]}", words[2], lines[i], octets));
                i++;
            }
        }

        return frames;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}

/// <summary>One captured frame.</summary>
/// <param name="Title">Capture and frame number.</param>
/// <param name="Kind">What it is: v2/4, v3/4, GARP, IGMP, AH …</param>
/// <param name="Text">The whole line that describes it.</param>
/// <param name="Octets">The Ethernet frame.</param>
internal sealed record GoldenFrame(string Title, string Kind, string Text, byte[] Octets)
{
    public ReadOnlySpan<byte> IpPacket => Octets.AsSpan(Golden.EthernetHeaderSize);

    /// <summary>The value of a <c>name=value</c> field of the description.</summary>
    public string Field(string name) =>
        Text.Split(' ').Single(word => word.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..];
}
