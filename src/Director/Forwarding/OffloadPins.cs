using System;
using System.IO;
using System.Linq;
using XdpLvs.Forwarder.Rings;

namespace XdpLvs.Director.Forwarding;

/// <summary>
/// The folder of one daemon on a BPF file system: the names by which its program and its flows outlive it.
/// </summary>
/// <param name="Folder">Where they are.</param>
internal sealed record OffloadPins(string Folder)
{
    /// <summary>Where a BPF file system usually is.</summary>
    internal const string BaseDefault = "/sys/fs/bpf/xdplvs";

    /// <summary>The folder that the daemon with that control socket has; nothing is made.</summary>
    internal static string FolderOf(string pinBase, string controlPath) => Path.Combine(
        pinBase,
        string.Concat(Path.GetFullPath(controlPath).Trim('/').Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')));

    /// <summary>Makes the folder.</summary>
    /// <returns>Null when it cannot be made; <paramref name="say"/> has heard why.</returns>
    internal static OffloadPins? TryMake(string folder, Action<string> say)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new OffloadPins(folder);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // The kernel's own file systems answer "no such file" where nobody may make a folder.
            bool isElsewhere = refused is FileNotFoundException;
            SayEphemeral(isElsewhere ? $"no BPF file system holds {folder}" : refused.Message, say);
            return null;
        }
    }

    /// <summary>Says that nothing will outlive the daemon.</summary>
    internal static void SayEphemeral(string reason, Action<string> say) => say(
        $"offload_persist: nothing outlives this daemon: {reason} (mount -t bpf bpf /sys/fs/bpf, or --pin FOLDER)");

    /// <summary>Takes away what a daemon left that died, and with it its program.</summary>
    internal static void Clear(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string name in Directory.EnumerateFiles(folder))
        {
            File.Delete(name);
        }

        Directory.Delete(folder);
    }

    /// <summary>The beginning of the names of an interface's program.</summary>
    internal string Link(Nic nic) => Path.Combine(Folder, $"link_{nic.Index}");
}
