using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;
using XdpLvs.Linux;

namespace XdpLvs.Perf;

/// <summary>
/// How long a frame takes from a client to its real server: through the director in each of its ways, through plain
/// kernel routing on the same cable, and over that cable alone.
/// </summary>
internal sealed class LatencyRun : IDisposable
{
    private const uint Flows = 16_384;
    private const int FramesMax = 1 << 24, FloodsForCapacity = 3;

    /// <summary>The program takes a flow over at its third datagram; one more for those that were lost.</summary>
    private const int FramesToBegin = 4 * (int)Flows;

    private const double BeginPerSecond = 100_000;

    private static readonly TimeSpan Flood = TimeSpan.FromMilliseconds(500), Patience = TimeSpan.FromSeconds(10);

    private readonly string _daemon;
    private readonly TimeSpan _length;
    private readonly LoadNetwork _network;
    private readonly LoadStation _hop, _station;
    private readonly Dictionary<LatencyWay, double> _capacities = [];
    private readonly LatencyTable _table = new();

    private LatencyRun(string daemon, TimeSpan length)
    {
        (_daemon, _length) = (daemon, length);
        _network = LoadNetwork.Build();
        var tally = new LoadTally(FramesMax);
        const string near = LoadNetwork.StationLink, far = LoadNetwork.DirectorLink;
        _hop = new LoadStation(_network.Station, near, _network.Director, far, tally);
        _station = new LoadStation(_network.Station, near, _network.Station, near, tally);
    }

    /// <summary>Measures, prints.</summary>
    /// <param name="daemon">The daemon, published as one native file.</param>
    /// <param name="rounds">The table shows their medians.</param>
    /// <param name="length">Of one measurement.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="stop">Ends everything.</param>
    /// <returns>0; 1: a goal was missed; 2: there is nothing to say; 3: this machine cannot do it.</returns>
    internal static async Task<int> RunAsync(
        string daemon, int rounds, TimeSpan length, Report report, CancellationToken stop)
    {
        if (Environment.ProcessorCount < 2)
        {
            Console.Error.WriteLine("perf: latency needs two processors: one for the generator, one for the director");
            return 3;
        }

        try
        {
            using var run = new LatencyRun(daemon, length);
            await run.MeasureAsync(rounds, stop);
            run._table.Print(run._capacities);
            return report.Finish("latency", run._table.Figures(run._capacities), run._table.Picture());
        }
        catch (Exception error) when (error is LabException or LinuxException or InvalidDataException)
        {
            Console.Error.WriteLine($"perf: {error.Message}");
            return error is InvalidDataException ? 2 : 3;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hop.Dispose();
        _station.Dispose();
        _network.Dispose();
    }

    private async Task MeasureAsync(int rounds, CancellationToken stop)
    {
        Console.WriteLine($"the most that each way delivers, {FloodsForCapacity} floods of {Flood.TotalSeconds} s");
        foreach (LatencyWay way in LatencyWay.All)
        {
            _capacities[way] = await WithAsync(way, _ => CapacityAsync(way, stop), stop);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {way.Label,-32} {_capacities[way] / 1000,7:#,0} thousand frames/s"));
        }

        for (int round = 1; round <= rounds; round++)
        {
            foreach (LatencyWay way in round % 2 == 1 ? LatencyWay.All : LatencyWay.All.Reverse())
            {
                await WithAsync(way, director => MeasureAsync(way, director, stop), stop);
                Console.WriteLine($"  round {round} of {rounds}: {way.Label,-32} {_table.Last(way)}");
            }
        }
    }

    /// <summary>With the daemon where the way needs it, and every flow begun.</summary>
    private async Task<T> WithAsync<T>(LatencyWay way, Func<LoadDirector?, Task<T>> work, CancellationToken stop)
    {
        LoadDirector? director = way.Path == LatencyPath.Daemon
            ? await LoadDirector.StartAsync(_network.Director, _daemon, LoadNetwork.Config, way.Words, stop)
            : null;
        try
        {
            LoadResult begun = await SendAsync(way, BeginPerSecond, Patience, stop, FramesToBegin);
            return begun.Arrived > 0
                ? await work(director)
                : throw new InvalidDataException(
                    $"{way.Label}: nothing arrived\n{director?.Process.LastLines(10)}");
        }
        finally
        {
            await (director?.StopAsync() ?? Task.CompletedTask);
        }
    }

    private async Task<double> CapacityAsync(LatencyWay way, CancellationToken stop)
    {
        var delivered = new List<double>();
        while (delivered.Count < FloodsForCapacity)
        {
            delivered.Add((await SendAsync(way, 0, Flood, stop)).Delivered);
        }

        delivered.Sort();
        return Figure.Median(delivered);
    }

    private async Task<int> MeasureAsync(LatencyWay way, LoadDirector? director, CancellationToken stop)
    {
        foreach (LatencyLoad load in LatencyLoad.All.Where(load => load.Suits(way)))
        {
            IReadOnlyDictionary<string, long>? before = director?.Counters();
            using LatencyStorm? storm = load.Storms ? new LatencyStorm(director!.Control) : null;
            LoadResult result = await SendAsync(way, _capacities[way] * load.Share, _length, stop);
            await (storm?.StopAsync() ?? Task.CompletedTask);
            IReadOnlyDictionary<string, long>? after = director?.Counters();
            long Grown(string counter) => after is null ? 0 : after[counter] - before![counter];
            if (result.Arrived == 0 || storm is { Answers: 0 })
            {
                throw new InvalidDataException($"{way.Label}, {load.Label}: nothing arrived, or nothing was listed");
            }

            if (way.Name == "offload" && Grown("forwarded by the program") < result.Arrived * 0.99)
            {
                throw new InvalidDataException(
                    $"offload: of {result.Arrived} frames the program forwarded {Grown("forwarded by the program")}");
            }

            double pausedMs = Grown("paused for collections, us in all") / 1000.0;
            _table.Add(way, load, new LatencySample(result, Grown("collections"), pausedMs));
        }

        return 0;
    }

    private Task<LoadResult> SendAsync(
        LatencyWay way, double perSecond, TimeSpan length, CancellationToken stop, int count = FramesMax)
    {
        (LoadStation station, LoadFrames frames) = way.Path switch
        {
            LatencyPath.Cable => (_hop, LoadNetwork.ToNobody),
            LatencyPath.Kernel => (_station, LoadNetwork.ToRoute),
            _ => (_station, LoadNetwork.ToService),
        };
        return station.RunAsync(new LoadOrder(frames, Flows, perSecond, count, length), stop);
    }
}
