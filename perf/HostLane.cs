using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;

namespace XdpLvs.Perf;

/// <summary>
/// A generator, a cable and a director that forwards one way. All of it runs on one processor, the forwarder before the
/// generator: 64 frames are made, forwarded and taken off the cable before the next come, so a frame that is lost is
/// the way's own fault, and both threads' time is all that the frames cost.
/// </summary>
/// <remarks>
/// Off the cable: where a program sends, a program drops, for a veth takes XDP_TX only if there is one; where a socket
/// sends, the stack drops what is for another station, since a program would copy every frame first.
/// </remarks>
internal sealed class HostLane
{
    private const string SourceCard = "g0", DirectorCard = "d0", Gone = "sent ";
    private const string Vip = "192.168.10.1", Own = "192.168.10.2", Real = "192.168.10.11", Port = "80";
    private const string DirectorMac = "02:00:00:00:00:0d", RealMac = "02:aa:bb:cc:dd:01";

    private const string Configuration = $$"""
        global_defs {
            new_flows_per_second 0
            flow_table_size 1048576
            lvs_timeouts udp 3600
        }
        virtual_server {{Vip}} {{Port}} {
            lb_algo rr
            lb_kind DR
            protocol UDP
            real_server {{Real}} {{Port}} {
                weight 1
            }
        }

        """;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(20), CallMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    private readonly HostWay _way;
    private readonly HostPrograms _programs;
    private readonly LabHost _source, _director;
    private readonly string _processor;
    private LabProcess? _forwarder;
    private LabProcess? _generator;

    private HostLane(LabNetwork network, HostCase its, HostPrograms programs, int processor)
    {
        _way = its.Way;
        _programs = programs;
        _processor = processor.ToString(CultureInfo.InvariantCulture);
        string name = _way.ToString().ToLowerInvariant() + (its.Lane.HasMany ? "-many" : "");
        _source = network.AddHost(name + "-s");
        _director = network.AddHost(name + "-d");
    }

    private string Control => Path.Combine(Path.GetTempPath(), $"xdplvs-perf-{_director.Name}.sock");

    /// <summary>Builds it and starts its programs.</summary>
    /// <exception cref="LabException">One did not start; its words.</exception>
    internal static async Task<HostLane> BuildAsync(
        LabNetwork network, HostCase its, HostPrograms programs, int processor, CancellationToken stop)
    {
        var lane = new HostLane(network, its, programs, processor);
        lane.Connect();
        await lane.StartAsync(stop);
        return lane;
    }

    /// <summary>Has the generator send, and waits for the last frame.</summary>
    internal async Task<HostSample> MeasureAsync(int flows, long frames, CancellationToken stop)
    {
        LabProcess generator = _generator!;
        long before = Delivered(), busy = ForwarderNs();
        int place = generator.Count;
        await generator.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{flows} {frames}"));
        LabLine line = await FindAsync(generator, Gone, CallMax, place, stop);
        long[] numbers =
            [.. line.Text.Split(' ')[1..].Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        long delivered = Delivered() - before;
        for (long seen = -1; delivered < frames && delivered != seen;)
        {
            seen = delivered;
            await Task.Delay(Moment, stop);
            delivered = Delivered() - before;
        }

        return new HostSample(numbers[0], delivered, numbers[1], numbers[2], ForwarderNs() - busy);
    }

    /// <summary>What <c>xdplvs counters</c> says, by name.</summary>
    internal Dictionary<string, long> Counters()
    {
        var counters = new Dictionary<string, long>();
        string text = _director.Exec(_programs.Daemon, "counters", "--control", Control).OrThrow().Output;
        foreach (string line in text.Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)))
        {
            string name = line[..line.LastIndexOf(' ')].Trim();
            counters[name] = long.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture);
        }

        return counters;
    }

    private void Connect()
    {
        foreach (LabHost host in (LabHost[])[_source, _director])
        {
            host.SetSysctl("net/ipv6/conf/all/disable_ipv6", 1); // not a frame but ours
            host.SetSysctl("net/ipv6/conf/default/disable_ipv6", 1);
        }

        _source.Connect(SourceCard, _director, DirectorCard);
        _director.SetSysctl("net/ipv4/ip_forward", 1);
        _director.SetSysctl("net/ipv4/conf/all/send_redirects", 0);
        _director.SetSysctl($"net/ipv4/conf/{DirectorCard}/send_redirects", 0);
        _director.Ip(
            $"link set {DirectorCard} address {DirectorMac}",
            $"address add {Own}/24 dev {DirectorCard}",
            $"address add {Vip}/24 dev {DirectorCard}",
            $"neighbour add {Real} lladdr {RealMac} dev {DirectorCard} nud permanent");
        if (_way is HostWay.AfPacket or HostWay.Ipvs)
        {
            // Where no program is attached, only a veth with GRO takes the generator's frames.
            _director.Exec("ethtool", "-K", DirectorCard, "gro", "on").OrThrow();
        }
    }

    private async Task StartAsync(CancellationToken stop)
    {
        if (_way is HostWay.XdpTx or HostWay.XdpRedirect or HostWay.Offload)
        {
            await ReadyAsync(_source.Start("sink", _programs.Xdp, SourceCard, "drop"), "attached", stop);
        }

        string[] first = ["taskset", "-c", _processor, "chrt", "-f", "2"], second = [.. first[..^1], "1"];
        switch (_way)
        {
            case HostWay.Alone:
                await ReadyAsync(_director.Start("drop", _programs.Xdp, DirectorCard, "drop"), "attached", stop);
                break;
            case HostWay.XdpTx or HostWay.XdpRedirect:
                string verb = _way == HostWay.XdpTx ? "tx" : "redirect";
                LabProcess small = _director.Start(verb, _programs.Xdp, DirectorCard, verb, RealMac);
                await ReadyAsync(small, "attached", stop);
                break;
            case HostWay.PlainC:
                string flows = HostCase.Many.ToString(CultureInfo.InvariantCulture);
                _forwarder = _director.Start(
                    "forward", [.. first, _programs.Forward, DirectorCard, RealMac, Vip, Port, flows]);
                await ReadyAsync(_forwarder, "ready", stop);
                break;
            case HostWay.Ipvs:
                _director.Exec("ipvsadm", "-A", "-u", $"{Vip}:{Port}", "-s", "rr").OrThrow();
                _director.Exec("ipvsadm", "-a", "-u", $"{Vip}:{Port}", "-r", $"{Real}:{Port}", "-g").OrThrow();
                _director.Exec("ipvsadm", "--set", "0", "0", "3600").OrThrow();
                break;
            default:
                await StartDaemonAsync(stop);
                break;
        }

        _generator = _source.Start(
            "flood", [.. second, _programs.Flood, SourceCard, DirectorMac, Vip, Port]);
        await ReadyAsync(_generator, "ready", stop);
    }

    private async Task StartDaemonAsync(CancellationToken stop)
    {
        string configuration = Path.Combine(_programs.Folder, "director.conf");
        await File.WriteAllTextAsync(configuration, Configuration, stop);
        string[] options = _way switch
        {
            HostWay.Offload => ["--offload", "on"],
            HostWay.AfXdp => ["--offload", "off", "--io", "xdp"],
            _ => ["--offload", "off", "--io", "packet"],
        };
        _forwarder = _director.Start(
            "xdplvs", [_programs.Daemon, "run", "-f", configuration, "--control", Control, .. options]);
        await ReadyAsync(_forwarder, "Started", stop);
        foreach (int thread in HostThreads.Named(_forwarder.Pid, "fwd-"))
        {
            string number = thread.ToString(CultureInfo.InvariantCulture);
            _director.Exec("taskset", "-cp", _processor, number).OrThrow();
            _director.Exec("chrt", "-f", "-p", "2", number).OrThrow();
        }
    }

    private long ForwarderNs() => _forwarder is null ? 0 : HostThreads.BusyNs(_forwarder.Pid);

    private long Delivered()
    {
        (LabHost host, string card) = _way == HostWay.Alone ? (_director, DirectorCard) : (_source, SourceCard);
        string text = host.Exec("cat", $"/sys/class/net/{card}/statistics/rx_packets").OrThrow().Output;
        return long.Parse(text, CultureInfo.InvariantCulture);
    }

    private static Task<LabLine> ReadyAsync(LabProcess process, string word, CancellationToken stop) =>
        FindAsync(process, word, StartMax, 0, stop);

    private static async Task<LabLine> FindAsync(
        LabProcess process, string word, TimeSpan limit, int place, CancellationToken stop) =>
        await process.FindAsync(text => text.Contains(word, StringComparison.Ordinal), limit, place, stop)
        ?? throw new LabException($"{process.Name} did not say '{word}': {process.LastLines(5)}");
}
