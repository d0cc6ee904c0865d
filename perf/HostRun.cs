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
/// Against the limit on this host: what a frame costs the machine, our ways and others in turns, by real frames on
/// veth cables.
/// </summary>
internal static class HostRun
{
    private const int FramesMin = 1_000_000;
    private const double LossMax = 0.05, ProgramShareMin = 0.999;

    /// <summary>Measures and prints.</summary>
    /// <param name="daemon">The daemon, published as one native file.</param>
    /// <param name="rounds">Each has every way once, every other round in reverse.</param>
    /// <param name="length">Of one measurement; at least a million frames.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="stop">Removes everything.</param>
    /// <returns>0; 1: a goal was missed; 2: there is nothing to say; 3: this machine cannot do it.</returns>
    internal static async Task<int> RunAsync(
        string daemon, int rounds, TimeSpan length, Report report, CancellationToken stop)
    {
        HostPrograms? programs = await HostPrograms.BuildAsync(daemon, stop);
        if (programs is null)
        {
            return 3;
        }

        bool hasIpvs = await HostPrograms.HasIpvsAsync(stop);
        HostCase[] cases = [.. HostCase.All.Where(each => hasIpvs || each.Way != HostWay.Ipvs)];
        Console.WriteLine($"{cases.Length} ways in turns, {rounds} rounds, kernel IPVS "
            + $"{(hasIpvs ? "among them" : "not: this kernel has none")}");
        try
        {
            Console.WriteLine("  new flows: by our store, and by bpf(BPF_MAP_UPDATE_ELEM)");
            var table = new HostTable(cases, HostInserts.Measure(rounds));
            using var network = new LabNetwork("xdplvs-perf-host", endsOnSignal: false);
            await MeasureAsync(network, programs, table, rounds, length, stop);
            table.Print();
            return report.Finish("host", table.Figures(), table.Picture());
        }
        catch (Exception error) when (error is InvalidDataException or LabException or LinuxException)
        {
            Console.Error.WriteLine($"perf: {error.Message}");
            return 2;
        }
    }

    private static async Task MeasureAsync(
        LabNetwork network,
        HostPrograms programs,
        HostTable table,
        int rounds,
        TimeSpan length,
        CancellationToken stop)
    {
        int processor = Environment.ProcessorCount - 1;
        long began = TimeProvider.System.GetTimestamp();
        void Say(string text)
        {
            TimeSpan elapsed = TimeProvider.System.GetElapsedTime(began);
            Console.WriteLine($"  {elapsed:m\\:ss} {text}");
        }

        var lanes = new Dictionary<(HostWay, bool), HostLane>();
        var frames = new Dictionary<HostCase, long>();
        foreach (HostCase each in table.Cases)
        {
            if (!lanes.TryGetValue(each.Lane, out HostLane? lane))
            {
                lane = await HostLane.BuildAsync(network, each, programs, processor, stop);
                lanes[each.Lane] = lane;
                int most = table.Cases.Where(other => other.Lane == each.Lane).Max(other => other.Flows);
                await BeginFlowsAsync(lane, most, stop);
            }

            HostSample warm = await lane.MeasureAsync(each.Flows, FramesMin, stop);
            frames[each] = Math.Max(FramesMin, (long)(warm.Rate * length.TotalSeconds));
            Say(string.Create(CultureInfo.InvariantCulture, $"ready: {each.Label}, {warm.CostNs:0} ns"));
        }

        HostLane[] ours = [.. table.Cases.Where(each => each.IsOurs).Select(each => lanes[each.Lane]).Distinct()];
        Dictionary<string, long>[] before = [.. ours.Select(lane => lane.Counters())];
        long throughProgram = 0;
        for (int round = 1; round <= rounds; round++)
        {
            var samples = new Dictionary<HostCase, HostSample>();
            foreach (HostCase each in round % 2 == 1 ? table.Cases : table.Cases.Reverse())
            {
                HostSample sample = await lanes[each.Lane].MeasureAsync(each.Flows, frames[each], stop);
                Require(each, sample);
                samples[each] = sample;
                throughProgram += each.Way == HostWay.Offload ? sample.Sent : 0;
            }

            table.Add(samples);
            Say($"round {round} of {rounds}");
        }

        Dictionary<string, long>[] after = [.. ours.Select(lane => lane.Counters())];
        long Grown(string counter) => after.Zip(before).Sum(pair =>
            pair.First.GetValueOrDefault(counter) - pair.Second.GetValueOrDefault(counter));
        long byProgram = Grown("forwarded by the program");
        if (byProgram < throughProgram * ProgramShareMin)
        {
            throw new InvalidDataException($"the program forwarded {byProgram} of {throughProgram} frames");
        }

        table.Collections = Grown("garbage collections");
        table.Allocated = Grown("octets of heap taken while forwarding");
    }

    /// <summary>The first frame of every flow, and the second, with which a datagram's flow counts as known.</summary>
    private static async Task BeginFlowsAsync(HostLane lane, int flows, CancellationToken stop)
    {
        const int First = 64;
        for (int i = 0; i < 2; i++)
        {
            await lane.MeasureAsync(flows, Math.Max(flows, First), stop);
        }
    }

    private static void Require(HostCase each, HostSample sample)
    {
        if (sample.Loss > LossMax)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{each.Label}: {sample.Delivered} of {sample.Sent} frames were delivered, its figure says nothing"));
        }
    }
}
