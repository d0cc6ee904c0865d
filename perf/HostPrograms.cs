using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Perf;

/// <summary>The executables of a run: the director, and perf/native compiled by this machine's C compiler.</summary>
/// <param name="Daemon">The director.</param>
/// <param name="Folder">Where the others are.</param>
internal sealed record HostPrograms(string Daemon, string Folder)
{
    /// <summary>Sends frames.</summary>
    internal string Flood => Path.Combine(Folder, "flood");

    /// <summary>The smallest XDP programs.</summary>
    internal string Xdp => Path.Combine(Folder, "xdp");

    /// <summary>The plain C forwarder.</summary>
    internal string Forward => Path.Combine(Folder, "forward");

    /// <summary>Compiles them; null, and said why, when this machine cannot.</summary>
    internal static async Task<HostPrograms?> BuildAsync(string daemon, CancellationToken stop)
    {
        string folder = Path.GetFullPath(Path.Combine(Here(), "..", "artifacts", "host"));
        Directory.CreateDirectory(folder);
        foreach (string program in (string[])["flood", "xdp", "forward"])
        {
            string[] words =
            [
                "-D_GNU_SOURCE", "-O2", "-march=native", "-o", Path.Combine(folder, program),
                Path.Combine(Here(), "native", program + ".c"),
            ];
            if (await RunAsync("cc", words, stop) != 0)
            {
                return null;
            }
        }

        return new HostPrograms(daemon, folder);
    }

    /// <summary>Whether the kernel has IPVS, or takes its module now, with room for many connections.</summary>
    internal static async Task<bool> HasIpvsAsync(CancellationToken stop) =>
        File.Exists("/proc/net/ip_vs")
        || await RunAsync("modprobe", ["-q", "ip_vs", "conn_tab_bits=20"], stop) == 0;

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static async Task<int> RunAsync(string program, string[] words, CancellationToken stop)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, words))!;
            await process.WaitForExitAsync(stop);
            return process.ExitCode;
        }
        catch (Win32Exception absent)
        {
            Console.Error.WriteLine($"perf: {program}: {absent.Message}");
            return -1;
        }
    }
}
