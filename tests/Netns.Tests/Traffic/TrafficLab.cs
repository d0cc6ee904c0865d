using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>The matrix's lines: what kinds of traffic there are.</summary>
internal static class Kind
{
    public const string Requests = "requests", Download = "20 MB down", Upload = "20 MB up", Tcp = "iperf3 TCP",
        Udp = "iperf3 UDP", Narrow = "path MTU 1280", Large = "62 KB datagrams", Reordered = "fragments in disorder",
        TwoArm = "two arms and Local", TwoArmUpload = "20 MB up to these", Queues = "queues";
}

/// <summary>The site with its director at work: one way of taking frames, made once for all cells of its row.</summary>
public class TrafficLab : IAsyncLifetime
{
    private static readonly string[] s_tools = ["nginx", "curl", "iperf3", "ethtool"];

    private readonly Dictionary<string, List<string>> _figures = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-traffic-").FullName;
    private readonly List<DaemonHost> _daemons = [];
    private readonly string _io;
    private readonly int _queues;
    private LabNetwork? _network;
    private TrafficServers? _servers;
    private DaemonHost? _director;

    private protected TrafficLab(string io, int queues) => (_io, _queues) = (io, queues);

    /// <summary>How the director was told to take frames, and from how many queues.</summary>
    public string Way => _queues == 1 ? $"{_io}, 1 queue" : $"{_io}, {_queues} queues";

    /// <summary>Receive queues of the director's card.</summary>
    internal int Queues => _queues;

    /// <summary>Whether root and all programs are here. Where not, each test is skipped with the reason.</summary>
    private protected static bool CanRun => WhyNot() is null;

    internal LabNetwork Network => _network ?? throw Skipped();

    internal TrafficServers Servers => _servers ?? throw Skipped();

    internal DaemonHost Director => _director ?? throw Skipped();

    /// <summary>A host by name.</summary>
    internal LabHost this[string name] => Network[name];

    /// <inheritdoc/>
    public virtual async ValueTask InitializeAsync()
    {
        if (!CanRun)
        {
            return; // each test says that it is skipped
        }

        Build();
        await _servers!.StartWebAsync(_network!, "rs1", "rs2", "rs3", "director");
        await TrafficServers.StartMeasureAsync(_network!["rs1"]);
        TrafficServers.StartEcho(_network, "rs1", "rs2");
        _director = await StartAsync(TrafficConfig.All);
        await AnsweringAsync();
    }

    /// <summary>A file of the lab's folder.</summary>
    internal string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>The network, every card as the kernel makes it, and the servers' files.</summary>
    internal void Build(int mtu = 1500)
    {
        // Above veth's driver the receive queue's number is that of the sender's transmit queue, less one
        // (netif_get_rxqueue, net/core/dev.c).
        bool isShifted = _io == "xdp-generic" && _queues > 1;
        _network = TrafficNetwork.Build(_queues, isShifted ? _queues + 1 : _queues, mtu);
        _servers = new TrafficServers(_folder);
    }

    /// <summary>Starts a director; it holds the address when this returns.</summary>
    internal async Task<DaemonHost> StartAsync(string config, string? io = null)
    {
        File.WriteAllText(PathOf("director.conf"), config);
        string control = PathOf("director.sock");
        LabProcess process = Network["director"].Start(
            "xdplvs", DaemonHost.Executable, "run", "-f", PathOf("director.conf"), "--control", control,
            "--io", io ?? _io, "--flows", "65536");
        var daemon = new DaemonHost(Network["director"], process, control);
        _daemons.Add(daemon);
        await daemon.LogAsync("Entering MASTER STATE");
        await Soon.RequireAsync(
            () => daemon.Host.Exec("ip", "-4", "addr", "show").Output
                .Contains(TrafficNetwork.Vip + "/", StringComparison.Ordinal),
            () => "MASTER without its address: " + daemon.Process.LastLines(20));
        return daemon;
    }

    /// <summary>Ends the directors that tests have started.</summary>
    internal async Task StopDaemonsAsync()
    {
        foreach (DaemonHost daemon in _daemons)
        {
            await daemon.Process.StopAsync(TimeSpan.FromSeconds(5));
        }

        _daemons.Clear();
    }

    /// <summary>Writes down what a cell of the matrix has shown.</summary>
    /// <param name="kind">One of <see cref="Kind"/>.</param>
    /// <param name="figure">In few words.</param>
    internal void Note(string kind, string figure)
    {
        List<string> figures = _figures.TryGetValue(kind, out List<string>? known) ? known : _figures[kind] = [];
        figures.Add(figure);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach ((string kind, List<string> figures) in _figures)
        {
            Console.WriteLine($"matrix|{kind}|{Way}|{string.Join(", ", figures.Order())}"); // tests/run makes a table
        }

        await StopDaemonsAsync();
        _network?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>All real servers of the web services have answered: their MAC addresses are known.</summary>
    private async Task AnsweringAsync()
    {
        (int Port, int Servers)[] services = [(TrafficConfig.Web, 2), (TrafficConfig.TwoArm, 3)];
        foreach ((int port, int servers) in services)
        {
            foreach (string family in (string[])["IPv4", "IPv6"])
            {
                string url = $"{TrafficNetwork.UrlOf(family)}:{port}/";
                await Soon.RequireAsync(
                    () => Curl.Names(this["client"], url, 2 * servers).Count == servers,
                    () => $"{url}: {Curl.Describe(this["client"], url)}\n{Director.Process.LastLines(30)}\n"
                        + Director.Ask("counters").Output);
            }
        }
    }

    private static string? WhyNot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "network namespaces need root";
        }

        string? missing = Array.Find(s_tools, tool => !IsInstalled(tool));
        return missing is null ? null : $"{missing} is not installed";
    }

    private static bool IsInstalled(string tool) =>
        Array.Exists(["/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"], folder => File.Exists(folder + tool));

    private static InvalidOperationException Skipped()
    {
        Assert.Skip(WhyNot() ?? "the network could not be built");
        return new InvalidOperationException();
    }
}
