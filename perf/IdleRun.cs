using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;

namespace XdpLvs.Perf;

/// <summary>Processor time of a director without traffic, from /proc/PID/stat.</summary>
internal static class IdleRun
{
    private const int SettleSeconds = 30;
    private const double TicksPerSecond = 100; // USER_HZ, the unit of proc(5)'s stat on every Linux

    internal static async Task<int> RunAsync(string daemon, int rounds, TimeSpan round, CancellationToken stop)
    {
        using LabNetwork network = TutorialNetwork.Build("xdplvs-perf");
        string config = Path.Combine(AppContext.BaseDirectory, "demo", "youxi1.conf");
        string socket = Path.Combine(Path.GetTempPath(), $"xdplvs-perf-{Environment.ProcessId}.sock");
        LabProcess process = network["youxi1"].Start("xdplvs", daemon, "run", "-f", config, "--control", socket);
        Console.WriteLine("waiting for MASTER (3.6 s by VRRP)…");
        LabLine? master = await process.FindAsync(
            line => line.Contains("Entering MASTER"), TimeSpan.FromSeconds(20), stop: stop);
        if (master is null)
        {
            Console.Error.WriteLine($"the director did not become master:\n{process.LastLines(20)}");
            return 1;
        }

        Console.WriteLine($"waiting {SettleSeconds} s for the end of start-up: compilation, the second burst of ARP…");
        await Task.Delay(TimeSpan.FromSeconds(SettleSeconds), stop);
        var shares = new List<double>();
        for (int i = 0; i < rounds; i++)
        {
            double before = CpuSeconds(process.Pid);
            long began = TimeProvider.System.GetTimestamp();
            await Task.Delay(round, stop);
            double elapsed = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            double share = (CpuSeconds(process.Pid) - before) / elapsed * 100;
            shares.Add(share);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"round {i + 1}: {share:0.00} % of one core over {elapsed:0.0} s"));
        }

        shares.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"idle: median {shares[shares.Count / 2]:0.00} % of one core ({shares[0]:0.00} to {shares[^1]:0.00})"));
        await process.StopAsync(TimeSpan.FromSeconds(5));
        return 0;
    }

    /// <summary>
    /// User and system time of all threads: fields 14 and 15, counted behind the name, which may hold blanks.
    /// </summary>
    private static double CpuSeconds(int pid)
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(11).Take(2).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
