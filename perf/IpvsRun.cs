using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Perf;

/// <summary>
/// Against kernel IPVS: instructions for each frame in a guest kernel that has IPVS, on virtio NICs, all ways in one
/// boot. A clock would measure the emulator; instructions are the guest's own.
/// </summary>
internal static class IpvsRun
{
    private const int SecondsMax = 1500, Many = 65_536, Measurements = 42;
    private const string Unit = "instructions/frame";

    private static readonly (string Way, string Label)[] Forwarders =
    [
        ("ipvs", "kernel IPVS, rr"),
        ("af_packet", "XdpLvs, AF_PACKET"),
        ("af_xdp", "XdpLvs, AF_XDP"),
        ("offload", "XdpLvs, offload"),
    ];

    /// <summary>Boots, measures, prints.</summary>
    /// <param name="daemon">The daemon, published as one native file.</param>
    /// <param name="boots">How many.</param>
    /// <param name="windows">Windows of 20 bursts for each measurement.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="stop">Ends the guest.</param>
    /// <returns>0; 1: a goal was missed; 2: there is nothing to say; 3: this machine cannot do it.</returns>
    internal static async Task<int> RunAsync(
        string daemon, int boots, int windows, Report report, CancellationToken stop)
    {
        string root = Path.GetFullPath(Path.Combine(Here(), ".."));
        string guest = Path.Combine(root, "artifacts", "guest"), exchange = Path.Combine(guest, "perf");
        Console.WriteLine($"kernel IPVS and XdpLvs in one guest, {boots} boots of about three minutes");
        int prepared = await StartAsync(Path.Combine(root, "tests", "Guest", "prepare.sh"), [guest], stop);
        if (prepared != 0)
        {
            return prepared;
        }

        Directory.CreateDirectory(exchange);
        File.Copy(daemon, Path.Combine(exchange, "xdplvs"), overwrite: true);
        foreach (string program in (string[])["burst", "xdp", "flood"])
        {
            string source = Path.Combine(Here(), "native", program + ".c");
            string[] words = ["-D_GNU_SOURCE", "-O2", "-o", Path.Combine(exchange, program), source];
            if (await StartAsync("cc", words, stop) != 0)
            {
                return 3;
            }
        }

        var measured = new List<IpvsBoot>();
        for (int boot = 1; measured.Count < boots && boot <= boots + 2; boot++)
        {
            if (await BootAsync(root, guest, exchange, windows, boot, stop) is { } read)
            {
                measured.Add(read);
            }
        }

        if (measured.Count < boots)
        {
            Console.Error.WriteLine($"perf: only {measured.Count} of {boots} boots can be used");
            return 2;
        }

        Print(measured);
        return report.Finish("ipvs", Figures(measured), Picture(measured));
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static async Task<int> StartAsync(string program, string[] words, CancellationToken stop)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, words))!;
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return process.ExitCode;
    }

    /// <summary>Null when the boot cannot be used; why was said.</summary>
    private static async Task<IpvsBoot?> BootAsync(
        string root, string guest, string exchange, int windows, int boot, CancellationToken stop)
    {
        string folder = Path.Combine(exchange, "out");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        long began = TimeProvider.System.GetTimestamp();
        string script = Path.Combine(Here(), "guest", "ipvs.sh");
        Task<int> guestEnds = StartAsync(
            Path.Combine(root, "tests", "Guest", "boot.sh"),
            [
                "-n", "-t", $"{SecondsMax}", guest, exchange,
                $"{script} /xfer/out {exchange}/xdplvs {exchange}/burst {exchange}/xdp {exchange}/flood "
                    + $"{windows}", // its root is ours
            ],
            stop);
        string progress = Path.Combine(folder, "progress");
        int told = 0;
        while (!guestEnds.IsCompleted)
        {
            await Task.WhenAny(guestEnds, Task.Delay(1000, CancellationToken.None));
            string[] done = File.Exists(progress) ? await File.ReadAllLinesAsync(progress, CancellationToken.None) : [];
            foreach (string way in done[told..])
            {
                told++;
                TimeSpan elapsed = TimeProvider.System.GetElapsedTime(began);
                Console.WriteLine($"  boot {boot}, {elapsed:m\\:ss}: {told,2} of {Measurements} {way}");
            }
        }

        int status = await guestEnds;
        try
        {
            IpvsBoot read = status == 0
                ? IpvsBoot.Read(folder)
                : throw new InvalidDataException($"the guest ended with status {status}; see {exchange}/console");
            if (read.IsSteady)
            {
                return read;
            }

            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"perf: boot {boot} does not count: the generator alone cost {read.First:0.0} first, "
                + $"{read.Last:0.0} last"));
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            Console.Error.WriteLine($"perf: boot {boot}: {error.Message}");
        }

        return null;
    }

    private static void Print(List<IpvsBoot> boots)
    {
        Console.WriteLine();
        Console.WriteLine(
            "instructions for each forwarded frame of 80 octets, the generator's taken off; medians of boots");
        Console.WriteLine($"{"",-28} {string.Join("   ", Kinds().Select(_ => $"{"1 flow",9} {"64 K",9}"))}");
        Console.WriteLine($"{"",-28} {"IPv4 UDP",-19}   {"IPv4 TCP",-19}   {"IPv6 UDP",-19}   {"IPv6 TCP",-19}");
        foreach ((string way, string label) in Forwarders)
        {
            string cells = string.Join("   ", Kinds().Select(kind => string.Create(
                CultureInfo.InvariantCulture,
                $"{Net(boots, $"{way}-{kind}-1"),9:#,0} {Net(boots, $"{way}-{kind}-{Many}"),9:#,0}")));
            Console.WriteLine($"{label,-28} {cells}");
        }

        foreach ((string way, string label) in Single())
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label,-28} {Net(boots, way),9:#,0}"));
        }

        double generator = Figure.Median([.. boots.Select(boot => boot.Generator).Order()]);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{"the generator alone",-28} {generator,9:#,0}"));
        Console.WriteLine("frames of one flow that the kernel makes and a veth brings:");
        foreach (string way in VethWays())
        {
            double net = Figure.Median([.. boots.Select(boot => boot.VethNet(way)).Order()]);
            string label = Forwarders.Single(each => each.Way == way).Label;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label,-28} {net,9:#,0}"));
        }
    }

    private static string[] Kinds() => ["4-udp", "4-tcp", "6-udp", "6-tcp"];

    private static string[] VethWays() => ["ipvs", "af_xdp", "offload"];

    private static (string Way, string Label)[] Single() =>
    [
        ("drop", "XDP_DROP"),
        ("tx", "bare XDP_TX"),
        ("route-4", "plain routing, IPv4"),
        ("route-6", "plain routing, IPv6"),
    ];

    private static double Net(List<IpvsBoot> boots, string way) =>
        Figure.Median([.. boots.Select(boot => boot.Net(way)).Order()]);

    private static List<Figure> Figures(List<IpvsBoot> boots)
    {
        var figures = new List<Figure>();
        void Ratio(string name, string upper, string lower) => figures.Add(
            Figure.Of(name, "ratio", boots.Select(boot => boot.Net(upper) / boot.Net(lower))));
        Ratio("ipvs_over_offload_1_flow", "ipvs-4-udp-1", "offload-4-udp-1");
        Ratio("ipvs_over_offload_64k_flows", $"ipvs-4-udp-{Many}", $"offload-4-udp-{Many}");
        Ratio("ipvs_over_af_xdp", "ipvs-4-udp-1", "af_xdp-4-udp-1");
        Ratio("ipvs_over_xdp_tx", "ipvs-4-udp-1", "tx");
        void Veth(string name, string lower) => figures.Add(
            Figure.Of(name, "ratio", boots.Select(boot => boot.VethNet("ipvs") / boot.VethNet(lower))));
        Veth("veth_ipvs_over_offload_1_flow", "offload");
        Veth("veth_ipvs_over_af_xdp", "af_xdp");
        figures.AddRange(VethWays().Select(way =>
            Figure.Of("net_veth_" + way, Unit, boots.Select(boot => boot.VethNet(way)))));
        foreach (string kind in Kinds())
        {
            foreach ((string way, _) in Forwarders.Skip(1))
            {
                string name = $"ipvs_over_{way}_{kind.Replace('-', '_')}";
                Ratio($"{name}_1_flow", $"ipvs-{kind}-1", $"{way}-{kind}-1");
                Ratio($"{name}_64k_flows", $"ipvs-{kind}-{Many}", $"{way}-{kind}-{Many}");
            }
        }

        IEnumerable<string> ways = boots[0].Ways.Where(way => !way.StartsWith("generator", StringComparison.Ordinal));
        figures.AddRange(ways.Select(way =>
            Figure.Of("net_" + way.Replace('-', '_'), Unit, boots.Select(boot => boot.Net(way)))));
        figures.Add(Figure.Of("generator_alone", Unit, boots.Select(boot => boot.Generator)));
        return figures;
    }

    private static BarChart Picture(List<IpvsBoot> boots)
    {
        Bar Draw(string way, string label) => new(
            label,
            Net(boots, way),
            boots.Min(boot => boot.NetSpread(way).Lower),
            boots.Max(boot => boot.NetSpread(way).Upper),
            label.StartsWith("XdpLvs", StringComparison.Ordinal));
        var groups = new List<(string, IReadOnlyList<Bar>)>();
        foreach (string kind in Kinds())
        {
            string heading = $"IPv{kind[0]} {kind[2..].ToUpperInvariant()}, 64 K flows";
            groups.Add((heading, [.. Forwarders.Select(each => Draw($"{each.Way}-{kind}-{Many}", each.Label))]));
        }

        groups.Add(("Without a flow table", [.. Single().Select(each => Draw(each.Way, each.Label))]));
        return new BarChart("What a forwarded frame costs on a director", "guest instructions for each frame", groups);
    }
}
