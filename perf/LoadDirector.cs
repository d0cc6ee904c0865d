using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;

namespace XdpLvs.Perf;

/// <summary>The daemon on a host of the lab, pinned away from the generator.</summary>
internal sealed class LoadDirector
{
    /// <summary>All its threads run there, the collector's among them: the harder case.</summary>
    internal const int Processor = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LabHost _host;
    private readonly string _daemon;

    private LoadDirector(LabHost host, string daemon, LabProcess process, string file, string control) =>
        (_host, _daemon, Process, File, Control) = (host, daemon, process, file, control);

    /// <summary>The daemon.</summary>
    internal LabProcess Process { get; }

    /// <summary>Its configuration.</summary>
    internal string File { get; }

    /// <summary>Its control socket.</summary>
    internal string Control { get; }

    /// <summary>Starts it and returns at once.</summary>
    /// <param name="host">Where.</param>
    /// <param name="daemon">The executable.</param>
    /// <param name="config">keepalived.conf's text.</param>
    /// <param name="words">Behind the verb run.</param>
    internal static LoadDirector Launch(LabHost host, string daemon, string config, params string[] words)
    {
        string folder = Path.Combine(Path.GetTempPath(), $"xdplvs-perf-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, "keepalived.conf"), control = Path.Combine(folder, "control");
        System.IO.File.WriteAllText(file, config);
        string cpu = Processor.ToString(CultureInfo.InvariantCulture);
        LabProcess process = host.Start(
            "xdplvs", ["taskset", "-c", cpu, daemon, "run", "-f", file, "--control", control, .. words]);
        return new LoadDirector(host, daemon, process, file, control);
    }

    /// <summary>Starts it and waits until it says that it has.</summary>
    internal static async Task<LoadDirector> StartAsync(
        LabHost host, string daemon, string config, string[] words, CancellationToken stop)
    {
        LoadDirector director = Launch(host, daemon, config, words);
        _ = await director.RequireLineAsync("Started: ", 0, stop);
        return director;
    }

    /// <summary>A line of its log from a place on.</summary>
    /// <exception cref="LabException">It did not come; with the end of the log.</exception>
    internal async Task<LabLine> RequireLineAsync(string phrase, int place, CancellationToken stop) =>
        await Process.FindAsync(
            line => line.Contains(phrase, StringComparison.Ordinal), Patience, place, stop)
        ?? throw new LabException($"the director did not log \"{phrase}\":\n{Process.LastLines(20)}");

    /// <summary>Asks as an operator would.</summary>
    internal string Ask(params string[] words)
    {
        string[] where = words[0] == "ipvsadm" ? [] : ["--control", Control];
        return _host.Exec(["env", $"XDPLVS_CONTROL={Control}", _daemon, .. words, .. where]).OrThrow().Output;
    }

    /// <summary>Every counter by name; equal names of several sections added up.</summary>
    internal IReadOnlyDictionary<string, long> Counters()
    {
        var counters = new Dictionary<string, long>();
        IEnumerable<string> lines = Ask("counters").Split('\n');
        foreach (string line in lines.Where(line => line.StartsWith("  ", StringComparison.Ordinal)))
        {
            int split = line.LastIndexOf(' ');
            if (long.TryParse(line.AsSpan(split + 1), CultureInfo.InvariantCulture, out long value))
            {
                string name = line[..split].Trim();
                counters[name] = counters.GetValueOrDefault(name) + value;
            }
        }

        return counters;
    }

    /// <summary>Resident memory in MiB.</summary>
    internal double ResidentMib() => double.Parse(
        System.IO.File.ReadLines($"/proc/{Process.Pid}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024;

    /// <summary>Ends it in order; its configuration goes with it.</summary>
    internal async Task StopAsync()
    {
        await Process.StopAsync(TimeSpan.FromSeconds(10));
        Directory.Delete(Path.GetDirectoryName(File)!, recursive: true);
    }
}
