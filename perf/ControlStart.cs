using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;

namespace XdpLvs.Perf;

/// <summary>
/// From the start of the process to the first frame that arrives at a real server: frames come all the time, the
/// kernel's stamp at the real server ends it.
/// </summary>
internal static class ControlStart
{
    private const double PerSecond = 2000;
    private const int FramesMax = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Starts the daemon some times.</summary>
    /// <param name="network">Where.</param>
    /// <param name="daemon">The executable.</param>
    /// <param name="config">keepalived.conf's text.</param>
    /// <param name="to">Frames to one of its services.</param>
    /// <param name="isCold">Its file is not in the page cache.</param>
    /// <param name="rounds">How often.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="words">The daemon's options.</param>
    /// <returns>Milliseconds.</returns>
    internal static async Task<List<double>> MeasureAsync(
        LoadNetwork network, string daemon, string config, LoadFrames to, bool isCold, int rounds,
        CancellationToken stop, params string[] words)
    {
        var tally = new LoadTally(FramesMax);
        using var station = new LoadStation(
            network.Station, LoadNetwork.StationLink, network.Station, LoadNetwork.StationLink, tally);
        var times = new List<double>();
        while (times.Count < rounds)
        {
            if (isCold)
            {
                Forget(network.Director, daemon);
            }

            using var arrived = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task<LoadResult> sending = station.RunAsync(
                new LoadOrder(to, FramesMax, PerSecond, FramesMax, Patience) { EndsWithFirst = true }, arrived.Token);
            long began = LoadStation.Now;
            LoadDirector director;
            try
            {
                director = LoadDirector.Launch(network.Director, daemon, config, words);
            }
            catch
            {
                await arrived.CancelAsync();
                await sending; // it uses the station, which goes with this method
                throw;
            }

            LoadResult result = await sending;
            stop.ThrowIfCancellationRequested();
            times.Add(result.Arrived > 0
                ? (result.FirstArrival - began) / 1e6
                : throw new InvalidDataException($"no frame was forwarded:\n{director.Process.LastLines(20)}"));
            await director.RequireLineAsync("Started: ", 0, stop);
            await director.StopAsync();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  start {times.Count} of {rounds}{(isCold ? ", cold" : "")}: {times[^1]:0} ms to the first frame"));
        }

        return times;
    }

    /// <summary>Milliseconds that a process takes which does nothing, started the same way.</summary>
    internal static List<double> Nothing(LoadNetwork network, int rounds)
    {
        var times = new List<double>();
        while (times.Count < rounds)
        {
            long began = LoadStation.Now;
            network.Director.Exec("taskset", "-c", "1", "true").OrThrow();
            times.Add((LoadStation.Now - began) / 1e6);
        }

        return times;
    }

    /// <summary>Has the kernel drop its cached pages of a file: dd(1), iflag=nocache with count=0.</summary>
    private static void Forget(LabHost host, string file) =>
        host.Exec("dd", $"if={file}", "iflag=nocache", "count=0", "status=none").OrThrow();
}
