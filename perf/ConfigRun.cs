using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Perf;

/// <summary>How long a check of a big configuration takes, and how much memory, beside <c>keepalived -t</c>.</summary>
internal sealed class ConfigRun(string daemon, int rounds, TimeSpan patience, CancellationToken stop)
{
    private const int HostsMax = 250, LookEveryMs = 5;
    private const double TicksPerSecond = 100; // USER_HZ, the unit of proc(5)'s stat on every Linux

    /// <summary>The shapes: their name in figures, virtual servers, real servers in each.</summary>
    private static readonly (string Name, int Services, int Servers)[] Shapes =
        [("1000x100", 1000, 100), ("1x100000", 1, 100_000)];

    /// <summary>Runs all rounds of all shapes, ours and keepalived's in turns.</summary>
    internal static async Task<int> RunAsync(
        string daemon, int rounds, TimeSpan patience, Report report, CancellationToken stop)
    {
        var run = new ConfigRun(daemon, rounds, patience, stop);
        var figures = new List<Figure>();
        var groups = new List<(string, IReadOnlyList<Bar>)>();
        DirectoryInfo folder = Directory.CreateTempSubdirectory("xdplvs-perf-config-");
        try
        {
            foreach ((string name, int services, int servers) in Shapes)
            {
                string path = Path.Combine(folder.FullName, name + ".conf");
                await File.WriteAllTextAsync(path, Text(services, servers), stop);
                Console.WriteLine($"{name}: {new FileInfo(path).Length / 1024.0 / 1024:0.0} MiB");
                List<Figure> measured = await run.MeasureAsync(name, path);
                figures.AddRange(measured);
                Bar ours = BarOf("xdplvs check", measured[0], isOurs: true);
                Bar theirs = BarOf("keepalived -t", measured[2], isOurs: false);
                groups.Add(($"{services} virtual servers of {servers} real servers", [ours, theirs]));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        double ratio = figures[0].Value / figures.First(figure => figure.Name.EndsWith("x100000_seconds")).Value;
        figures.Add(new Figure("config_1000x100_over_1x100000", ratio, "ratio", rounds, ratio, ratio));
        var picture = new BarChart("What a check of a big configuration costs", "seconds of processor time", groups);
        return report.Finish("config", figures, picture);
    }

    private static Bar BarOf(string label, Figure figure, bool isOurs) =>
        new(label, figure.Value, figure.Min, figure.Max, isOurs);

    private async Task<List<Figure>> MeasureAsync(string name, string path)
    {
        var ours = new List<Cost>();
        var theirs = new List<Cost>();
        for (int i = 0; i < rounds; i++)
        {
            ours.Add(await CostAsync(daemon, "check", "-f", path));
            theirs.Add(await CostAsync("keepalived", "-t", "-f", path));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  round {i + 1}: ours {ours[i]}, keepalived {theirs[i]}"));
        }

        string figure = $"config_{name}";
        IEnumerable<double> ratios = theirs.Zip(ours, (their, our) => their.Seconds / our.Seconds);
        return
        [
            Figure.Of($"{figure}_seconds", "s", ours.Select(cost => cost.Seconds)),
            Figure.Of($"{figure}_mib", "MiB", ours.Select(cost => cost.MiB)),
            Figure.Of($"{figure}_keepalived_seconds", "s", theirs.Select(cost => cost.Seconds)),
            Figure.Of($"{figure}_keepalived_mib", "MiB", theirs.Select(cost => cost.MiB)),
            Figure.Of($"keepalived_over_{figure}", "ratio", ratios),
        ];
    }

    /// <summary>Runs a program. One that outlasts the patience is ended; its cost so far is the least it has.</summary>
    private async Task<Cost> CostAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        double before = ChildSeconds();
        using Process process = Process.Start(start)!;
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(stop);
        watch.CancelAfter(patience);
        Task reading = Task.WhenAll(Drain(process.StandardOutput), Drain(process.StandardError));
        double mib = 0;
        bool isCut = false;
        while (!process.HasExited)
        {
            mib = Math.Max(mib, PeakMiB(process.Id));
            try
            {
                await Task.Delay(LookEveryMs, watch.Token);
            }
            catch (OperationCanceledException)
            {
                isCut = true;
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await process.WaitForExitAsync(CancellationToken.None);
        await reading;
        stop.ThrowIfCancellationRequested();
        return new Cost(ChildSeconds() - before, mib, isCut);
    }

    /// <summary>Processor time of all children that have ended, from fields 16 and 17 of our own stat.</summary>
    private static double ChildSeconds()
    {
        string stat = File.ReadAllText("/proc/self/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(13).Take(2).Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture)) / TicksPerSecond;
    }

    private static async Task Drain(StreamReader reader)
    {
        char[] some = new char[4096];
        while (await reader.ReadAsync(some) > 0)
        {
            // what is said does not matter, only that the program can say it
        }
    }

    /// <summary>VmHWM of proc(5): the most that was resident so far; 0 if the process is gone.</summary>
    private static double PeakMiB(int pid)
    {
        try
        {
            string? line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"))
                .FirstOrDefault(text => text.StartsWith("VmHWM:", StringComparison.Ordinal));
            string[] words = line?.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries) ?? [];
            return words.Length > 1 ? double.Parse(words[1], CultureInfo.InvariantCulture) / 1024 : 0;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Virtual servers with a TCP check for each real server, as people write them.</summary>
    private static string Text(int services, int servers)
    {
        var text = new StringBuilder("global_defs {\n    router_id perf\n}\n");
        for (int i = 0; i < services; i++)
        {
            (int block, int host) = (100 + (i / HostsMax), i % HostsMax);
            text.Append(CultureInfo.InvariantCulture, $"virtual_server 10.{block}.{host}.1 80 {{\n");
            text.Append("    delay_loop 6\n    lb_algo rr\n    lb_kind DR\n    protocol TCP\n");
            for (int j = 0; j < servers; j++)
            {
                string address = string.Create(
                    CultureInfo.InvariantCulture,
                    $"172.{16 + (j / 62_500)}.{j / HostsMax % HostsMax}.{(j % HostsMax) + 1}");
                text.Append($"    real_server {address} 80 {{\n        weight 1\n        TCP_CHECK {{\n");
                text.Append("            connect_timeout 3\n            retry 3\n            delay_before_retry 3\n");
                text.Append("        }\n    }\n");
            }

            text.Append("}\n");
        }

        return text.ToString();
    }

    /// <summary>What a run cost.</summary>
    /// <param name="Seconds">Processor time of the process, user and system.</param>
    /// <param name="MiB">The most memory that was resident.</param>
    /// <param name="IsCut">Whether it was ended before its end, so that both are the least they can be.</param>
    private sealed record Cost(double Seconds, double MiB, bool IsCut)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{(IsCut ? "more than " : "")}{Seconds:0.00} s, {MiB:0} MiB");
    }
}
