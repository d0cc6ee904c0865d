using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>All rounds of a run on this host.</summary>
/// <param name="cases">In the order of the table.</param>
/// <param name="inserts">What a new flow costs, each round.</param>
internal sealed class HostTable(IReadOnlyList<HostCase> cases, IReadOnlyList<(double Store, double Update)> inserts)
{
    private readonly List<IReadOnlyDictionary<string, HostSample>> _rounds = [];

    /// <summary>What is measured in each round.</summary>
    internal IReadOnlyList<HostCase> Cases => cases;

    /// <summary>Garbage collections of all our daemons during the rounds.</summary>
    internal long Collections { get; set; }

    /// <summary>Octets of heap that their forwarder threads took.</summary>
    internal long Allocated { get; set; }

    /// <summary>Adds a round with every case.</summary>
    internal void Add(IReadOnlyDictionary<HostCase, HostSample> round) =>
        _rounds.Add(round.ToDictionary(pair => pair.Key.Name, pair => pair.Value));

    /// <summary>For people.</summary>
    internal void Print()
    {
        Console.WriteLine();
        Console.WriteLine("""
            Frames of 80 octets, everything on one processor. CPU: nanoseconds for each delivered frame that the threads
            of generator and forwarder ran, interrupts with frames included; beyond: without those of the generator
            alone. Medians of the rounds.
            """);
        Console.WriteLine(
            $"{"",-34} {"CPU",7} {"beyond",7} {"generator",10} {"forwarder",10} {"frames/s",10} {"lost",8}");
        foreach (HostCase each in cases)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{each.Label,-34} {Median(each, sample => sample.CostNs),7:0.0} {Cost(each).Value,7:0.0} "
                + $"{Median(each, sample => (double)sample.GeneratorNs / sample.Delivered),10:0.0} "
                + $"{Median(each, sample => (double)sample.ForwarderNs / sample.Delivered),10:0.0} "
                + $"{Median(each, sample => sample.Rate),10:#,0} "
                + $"{Median(each, sample => sample.Loss * 100),6:0.00} %"));
        }

        foreach ((string label, IEnumerable<double> costs) in ((string, IEnumerable<double>)[])
            [("a new flow by our store", inserts.Select(each => each.Store)),
            ("by bpf(BPF_MAP_UPDATE_ELEM)", inserts.Select(each => each.Update))])
        {
            double cost = Figure.Median([.. costs.Order()]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label,-34} {cost,7:0.0}"));
        }
    }

    /// <summary>All figures: ratios are of packets for each second of processor, so above 1 the first is faster.
    /// </summary>
    internal List<Figure> Figures()
    {
        var figures = new List<Figure>
        {
            Ratio("offload_over_xdp_tx_1_flow", "offload_1_flow", "xdp_tx"),
            Ratio("offload_over_xdp_redirect_1_flow", "offload_1_flow", "xdp_redirect"),
            Ratio("offload_over_af_xdp_1m_flows", "offload_1m_flows", "af_xdp_1m_flows"),
            Ratio("af_xdp_over_c", "af_xdp_1m_flows", "c_1m_flows"),
            Ratio("af_xdp_over_af_packet", "af_xdp_1m_flows", "af_packet_1m_flows"),
        };
        if (cases.Any(each => each.Way == HostWay.Ipvs))
        {
            figures.Add(Ratio("offload_over_ipvs_1_flow", "offload_1_flow", "ipvs_1_flow"));
            figures.Add(Ratio("offload_over_ipvs_1m_flows", "offload_1m_flows", "ipvs_1m_flows"));
            figures.Add(Ratio("af_xdp_over_ipvs_1_flow", "af_xdp_1_flow", "ipvs_1_flow"));
        }

        figures.Add(Figure.Of(
            "insert_store_over_bpf_update", "ratio", inserts.Select(each => each.Update / each.Store)));
        figures.Add(Figure.Of("insert_store", "ns", inserts.Select(each => each.Store)));
        figures.Add(Figure.Of("insert_bpf_update", "ns", inserts.Select(each => each.Update)));
        figures.Add(Figure.Of("forwarding_collections", "collections", [Collections]));
        figures.Add(Figure.Of("forwarding_allocated_bytes", "octets", [Allocated]));
        foreach (HostCase each in cases)
        {
            figures.Add(Of(each, "cpu", "ns/frame", sample => sample.CostNs));
            figures.Add(Cost(each));
            figures.Add(Of(each, "rate", "frames/s", sample => sample.Rate));
            figures.Add(Of(each, "lost", "share", sample => sample.Loss));
        }

        return figures;
    }

    /// <summary>For the docs.</summary>
    internal BarChart Picture()
    {
        Bar Draw(HostCase each)
        {
            Figure cost = Of(each, "cpu", "ns/frame", sample => sample.CostNs);
            return new Bar(each.Label, cost.Value, cost.Min, cost.Max, each.IsOurs);
        }

        IEnumerable<HostCase> forwarders = cases.Where(each => each.Way != HostWay.Alone);
        return new BarChart(
            "What a forwarded frame costs on this host",
            "processor nanoseconds for each frame, the generator's included",
            [
                ("1 flow", [.. forwarders.Where(each => each.Flows == 1).Select(Draw)]),
                ("64 K and 1 M flows", [.. forwarders.Where(each => each.Flows > 1).Select(Draw)]),
            ]);
    }

    private Figure Ratio(string name, string ours, string other) => Figure.Of(
        name, "ratio", _rounds.Select(round => round[other].CostNs / round[ours].CostNs));

    private Figure Cost(HostCase each) => Figure.Of(
        "beyond_" + each.Name,
        "ns/frame",
        _rounds.Select(round => round[each.Name].CostNs - round["generator_alone"].CostNs));

    private Figure Of(HostCase each, string what, string unit, Func<HostSample, double> value) =>
        Figure.Of($"{what}_{each.Name}", unit, _rounds.Select(round => value(round[each.Name])));

    private double Median(HostCase each, Func<HostSample, double> value) => Of(each, "", "", value).Value;
}
