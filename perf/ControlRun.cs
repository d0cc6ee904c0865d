using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;
using XdpLvs.Linux;

namespace XdpLvs.Perf;

/// <summary>
/// What the control plane takes: to notice a dead real server, to build a large table, to start; and how much memory.
/// </summary>
internal static class ControlRun
{
    private static readonly string[] Plain = ["--io", "xdp", "--offload", "off"];

    /// <summary>Measures, prints.</summary>
    /// <param name="daemon">The daemon, published as one native file.</param>
    /// <param name="rounds">The table shows their medians.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="stop">Ends everything.</param>
    /// <returns>0; 1: a goal was missed; 2: there is nothing to say; 3: this machine cannot do it.</returns>
    internal static async Task<int> RunAsync(string daemon, int rounds, Report report, CancellationToken stop)
    {
        var figures = new ControlFigures();
        try
        {
            await DeathAsync(figures, daemon, 2 * rounds, stop);
            using LoadNetwork network = LoadNetwork.Build();
            await StartAsync(figures, network, daemon, 2 * rounds, stop);
            await MemoryAsync(figures, network, daemon, Math.Min(rounds, 3), stop);
            await TableAsync(figures, network, daemon, rounds, stop);
        }
        catch (Exception error) when (error is LabException or LinuxException or InvalidDataException)
        {
            Console.Error.WriteLine($"perf: {error.Message}");
            return error is InvalidDataException ? 2 : 3;
        }

        figures.Print();
        return report.Finish("control", figures.Figures, figures.Picture);
    }

    private static async Task DeathAsync(ControlFigures figures, string daemon, int rounds, CancellationToken stop)
    {
        Console.WriteLine("a real server dies");
        List<Death> deaths = await ControlDeath.MeasureAsync(daemon, rounds, stop);
        double least = ControlDeath.DelayBeforeRetry * 1000, most = least + (ControlDeath.DelayLoop * 1000);
        figures.Begin(
            $"A real server's process is killed (delay_loop {ControlDeath.DelayLoop} s, one retry after "
            + $"{ControlDeath.DelayBeforeRetry} s: by that alone {least:0} to {most:0} ms until the verdict)");
        figures.Add("death_to_last_flow", "death to the last new connection sent to it", "ms",
            [.. deaths.Select(death => death.LastFlowMs)]);
        figures.Add("death_to_verdict", "of it the checks': death to verdict", "ms",
            [.. deaths.Select(death => death.VerdictMs)]);
        figures.Add("verdict_to_table", "of it the director's: verdict to table in force", "us",
            [.. deaths.Select(death => death.InForceUs)]);
        figures.Add("death_failed", "of a client's 250 requests a second, failed", "requests",
            [.. deaths.Select(death => (double)death.Failed)]);
    }

    private static async Task StartAsync(
        ControlFigures figures, LoadNetwork network, string daemon, int rounds, CancellationToken stop)
    {
        Console.WriteLine("starts");
        figures.Begin("Process start to the first frame that arrives at a real server: one service, four real servers");
        foreach (bool isCold in (bool[])[true, false])
        {
            string name = isCold ? "cold" : "warm";
            string label = isCold ? "cold: the executable is not in the page cache" : "warm";
            figures.Add($"start_{name}_to_first_frame", label, "ms", await ControlStart.MeasureAsync(
                network, daemon, LoadNetwork.Config, LoadNetwork.ToService, isCold, rounds, stop));
        }

        figures.Add("start_no_offload_to_first_frame", "warm, --offload off: a small program to verify", "ms",
            await ControlStart.MeasureAsync(
                network, daemon, LoadNetwork.Config, LoadNetwork.ToService, false, rounds, stop, Plain));

        figures.Add("start_nothing", "for comparison: true(1), started and waited for the same way", "ms",
            ControlStart.Nothing(network, rounds));
    }

    private static async Task MemoryAsync(
        ControlFigures figures, LoadNetwork network, string daemon, int rounds, CancellationToken stop)
    {
        Console.WriteLine("a million flows");
        var samples = new List<(double Empty, double Full)>();
        while (samples.Count < rounds)
        {
            samples.Add(await ControlMemory.MeasureAsync(network, daemon, Plain, stop));
        }

        figures.Begin("Resident memory, AF_XDP, the flow table in the process's own memory");
        figures.Add("rss_empty", "just started", "MiB", [.. samples.Select(sample => sample.Empty)]);
        figures.Add("rss_1m_flows", "with 1,000,000 flows begun by real frames", "MiB",
            [.. samples.Select(sample => sample.Full)]);
    }

    private static async Task TableAsync(
        ControlFigures figures, LoadNetwork network, string daemon, int rounds, CancellationToken stop)
    {
        string size = $"{ControlTable.Services} virtual servers with {ControlTable.RealsPerService} real servers each";
        Console.WriteLine(size);
        using var table = new ControlTable(network);
        TableTimes times = await table.MeasureAsync(daemon, rounds, stop);
        figures.Begin(size + ", all of them checked");
        figures.Add("table_start_to_first_frame", "process start to the first frame forwarded", "ms", times.StartMs);
        figures.Add("table_read", "of it about: 'xdplvs check' of the same file, whole process", "ms", times.CheckMs);
        figures.Add("table_verdict_to_table", "a verdict to the table in force", "us", times.VerdictUs);
        figures.Add("table_build", "of it: from the table begun to in force", "us", times.BuiltUs);
        figures.Add("table_rss", "resident memory", "MiB", times.ResidentMib);
    }
}
