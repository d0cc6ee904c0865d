using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>The samples of all rounds, and what is said of them.</summary>
internal sealed class LatencyTable
{
    private readonly Dictionary<(LatencyWay, LatencyLoad), List<LatencySample>> _samples = [];

    private static readonly (string Name, Func<LoadResult, double> Of)[] Percentiles =
    [
        ("p50", load => load.P50),
        ("p99", load => load.P99),
        ("p999", load => load.P999),
        ("max", load => load.Max),
    ];

    /// <summary>One more.</summary>
    internal void Add(LatencyWay way, LatencyLoad load, LatencySample sample)
    {
        if (!_samples.TryGetValue((way, load), out List<LatencySample>? list))
        {
            _samples[(way, load)] = list = [];
        }

        list.Add(sample);
    }

    /// <summary>A line about the last samples of a way.</summary>
    internal string Last(LatencyWay way) => string.Join("   ", Loads(way).Select(load =>
    {
        LoadResult last = _samples[(way, load)][^1].Load;
        return string.Create(
            CultureInfo.InvariantCulture, $"{load.Label}: p50 {last.P50:0.0}, p99 {last.P99:0.0} us");
    }));

    /// <summary>Says what is counted, then the medians of the rounds, and the spread of p99.</summary>
    internal void Print(IReadOnlyDictionary<LatencyWay, double> capacities)
    {
        Console.WriteLine();
        Console.WriteLine($"""
            one way from client to real server, in microseconds: from the moment a frame is written for the kernel to
            the kernel's stamp at the real server; 64-octet UDP datagrams of 16,384 flows; medians of the rounds.
            The generator spins on processor {LoadStation.Processor}, and the kernel's work on its frames (veth, XDP,
            offload, routing) is done there too: capacities without the daemon's thread in the way are the generator's
            and that work's together. The daemon has processor {LoadDirector.Processor}. Loads are shares of each way's
            own capacity. A storm is listings of all connections without a pause: "gc" counts the daemon's collections,
            "paused" for how long they stopped its threads.
            """);
        Console.WriteLine(
            $"{"",-32} {"load",-12} {"kframes/s",9} {"p50",7} {"p99",8} {"p99 of rounds",-17} {"p99.9",8} "
            + $"{"max",8} {"lost",9} {"gc",4} {"paused ms",9}");
        foreach (LatencyWay way in LatencyWay.All)
        {
            foreach (LatencyLoad load in Loads(way))
            {
                List<LatencySample> samples = _samples[(way, load)];
                double Of(Func<LatencySample, double> value) => Median(samples.Select(value));
                string spread = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{samples.Min(it => it.Load.P99):0.0} to {samples.Max(it => it.Load.P99):0.0}");
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{way.Label,-32} {load.Label,-12} {Of(it => it.Load.Offered) / 1000,9:#,0} "
                    + $"{Of(it => it.Load.P50),7:0.0} {Of(it => it.Load.P99),8:0.0} {spread,-17} "
                    + $"{Of(it => it.Load.P999),8:0.0} {Of(it => it.Load.Max),8:0} {Of(it => it.Load.Lost),9:0.000 %} "
                    + $"{Of(it => it.Collections),4:0} {Of(it => it.PausedMs),9:0.0}"));
            }
        }

        PrintAdded(capacities);
    }

    /// <summary>All of them.</summary>
    internal List<Figure> Figures(IReadOnlyDictionary<LatencyWay, double> capacities)
    {
        var figures = new List<Figure>();
        foreach (LatencyWay way in LatencyWay.All)
        {
            figures.Add(Figure.Of($"latency_{way.Name}_capacity_pps", "frames/s", [capacities[way]]));
            foreach (LatencyLoad load in Loads(way))
            {
                string name = $"latency_{way.Name}_{load.Name}";
                List<LatencySample> samples = _samples[(way, load)];
                figures.AddRange(Percentiles.Select(each =>
                    Figure.Of($"{name}_{each.Name}_us", "us", samples.Select(it => each.Of(it.Load)))));
                figures.Add(Figure.Of($"{name}_offered_pps", "frames/s", samples.Select(it => it.Load.Offered)));
                figures.Add(Figure.Of($"{name}_lost_ratio", "ratio", samples.Select(it => it.Load.Lost)));
                figures.Add(Figure.Of($"{name}_skipped", "frames", samples.Select(it => (double)it.Load.Skipped)));
                if (load.Storms)
                {
                    figures.Add(Figure.Of($"{name}_collections", "", samples.Select(it => (double)it.Collections)));
                    figures.Add(Figure.Of($"{name}_paused_ms", "ms", samples.Select(it => it.PausedMs)));
                }
            }

            if (way.Path != LatencyPath.Cable)
            {
                figures.Add(Figure.Of($"latency_{way.Name}_10pct_added_p50_us", "us", Added(way)));
            }
        }

        return figures;
    }

    /// <summary>Medians and the 99th of a hundred, under each load.</summary>
    internal BarChart Picture()
    {
        var groups = new List<(string, IReadOnlyList<Bar>)>();
        foreach (LatencyLoad load in LatencyLoad.All)
        {
            foreach ((string name, Func<LoadResult, double> of) in Percentiles[..2])
            {
                Bar[] bars =
                [
                    .. LatencyWay.All.Where(way => _samples.ContainsKey((way, load))).Select(way =>
                    {
                        List<LatencySample> samples = _samples[(way, load)];
                        return new Bar(
                            way.Label,
                            Median(samples.Select(it => of(it.Load))),
                            samples.Min(it => of(it.Load)),
                            samples.Max(it => of(it.Load)),
                            way.Path == LatencyPath.Daemon);
                    }),
                ];
                groups.Add(($"{name} at a load of {load.Label}", bars));
            }
        }

        return new BarChart(
            "How long a frame takes from client to real server", "microseconds, loads of each way's capacity", groups);
    }

    private static double Median(IEnumerable<double> values) => Figure.Median([.. values.Order()]);

    private IEnumerable<LatencyLoad> Loads(LatencyWay way) =>
        LatencyLoad.All.Where(load => _samples.ContainsKey((way, load)));

    /// <summary>Round by round, the median without two hops of the same round: the cable is crossed there and back.
    /// </summary>
    private IEnumerable<double> Added(LatencyWay way)
    {
        List<LatencySample> hop = _samples[(LatencyWay.All[0], LatencyLoad.All[0])];
        return _samples[(way, LatencyLoad.All[0])].Zip(hop, (it, bare) => it.Load.P50 - (2 * bare.Load.P50));
    }

    private void PrintAdded(IReadOnlyDictionary<LatencyWay, double> capacities)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-32} {"capacity",9} {"added at 10 %",13}");
        Console.WriteLine($"{"",-32} {"kframes/s",9} {"p50, us",13}   without the cable's two crossings");
        foreach (LatencyWay way in LatencyWay.All)
        {
            string added = way.Path == LatencyPath.Cable ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{Median(Added(way)),13:0.0}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{way.Label,-32} {capacities[way] / 1000,9:#,0} {added}"));
        }
    }
}
