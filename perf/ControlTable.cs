using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab;
using XdpLvs.Linux.Process;

namespace XdpLvs.Perf;

/// <summary>What a large table takes.</summary>
/// <param name="StartMs">From the process's start to the first frame forwarded.</param>
/// <param name="CheckMs">"xdplvs check" of the same file: a process that reads and judges it and does nothing else.
/// </param>
/// <param name="BuiltUs">From a table begun to it in force.</param>
/// <param name="VerdictUs">From a verdict to the table that heeds it in force.</param>
/// <param name="ResidentMib">Memory when it has come to rest.</param>
internal sealed record TableTimes(
    List<double> StartMs, List<double> CheckMs, List<double> BuiltUs, List<double> VerdictUs, List<double> ResidentMib);

/// <summary>
/// 1,000 virtual servers with 10 real servers each, all of them checked, on 250 addresses that answer. One check is
/// made to fail and to pass again; each time one table of them all is built and published.
/// </summary>
internal sealed class ControlTable : IDisposable
{
    /// <summary>Virtual servers.</summary>
    internal const int Services = 1000;

    /// <summary>Real servers of each.</summary>
    internal const int RealsPerService = 10;

    private const int Addresses = 250, Port = 80, WatchedPort = 81;
    private const uint FirstVip = 0x0A090400; // 10.9.4.0 and on

    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(200);

    private readonly LoadNetwork _network;
    private readonly Listener _others;
    private readonly string _config = Write();

    /// <summary>Makes the station answer for the real servers.</summary>
    internal ControlTable(LoadNetwork network)
    {
        _network = network;
        network.Station.Ip(
        [
            $"link set {LoadNetwork.StationLink} arp on",
            .. Enumerable.Range(1, Addresses)
                .Select(last => $"addr add {Address(last)}/16 dev {LoadNetwork.StationLink}"),
        ]);
        _others = new Listener(network.Station, Port);
    }

    /// <summary>The last service of the file.</summary>
    private static LoadFrames ToLast { get; } = LoadNetwork.To(FirstVip + Services - 1);

    /// <summary>Measures all of it.</summary>
    internal async Task<TableTimes> MeasureAsync(string daemon, int rounds, CancellationToken stop)
    {
        var times = new TableTimes([], [], [], [], []);
        times.StartMs.AddRange(await ControlStart.MeasureAsync(
            _network, daemon, _config, ToLast, isCold: false, rounds, stop));
        using var watched = new Listener(_network.Station, WatchedPort);
        LoadDirector director = await LoadDirector.StartAsync(_network.Director, daemon, _config, [], stop);
        while (times.CheckMs.Count < rounds)
        {
            long began = LoadStation.Now;
            _network.Director.Exec(daemon, "check", "-f", director.File).OrThrow();
            times.CheckMs.Add((LoadStation.Now - began) / 1e6);
        }

        int place = director.Process.Count;
        Listener listener = watched;
        for (int i = 0; i < 2 * rounds; i++)
        {
            if (i % 2 == 0)
            {
                listener.Dispose();
            }
            else
            {
                listener = new Listener(_network.Station, WatchedPort);
            }

            string what = (i % 2 == 0 ? "Removing" : "Adding") + $" service [{Address(1)}]:udp:80";
            await director.RequireLineAsync(what, place, stop);
            place = director.Process.Count;
            await Task.Delay(Settle, stop);
            IReadOnlyDictionary<string, long> counters = director.Counters();
            times.BuiltUs.Add(counters["the last: from begun to in force, us"]);
            times.VerdictUs.Add(counters["verdict to table in force, last, us"]);
            Console.WriteLine($"  verdict {i + 1} of {2 * rounds}: in force {times.VerdictUs[^1]} us later");
        }

        listener.Dispose();
        times.ResidentMib.Add(director.ResidentMib());
        await director.StopAsync();
        return times;
    }

    /// <inheritdoc/>
    public void Dispose() => _others.Dispose();

    private static string Address(int last) => $"10.9.16.{last}";

    /// <summary>All services are checked once a minute but the first, whose first real server is the one watched.
    /// </summary>
    private static string Write()
    {
        var text = new StringBuilder("global_defs {\n    new_flows_per_second 0\n}\n");
        for (int service = 0; service < Services; service++)
        {
            uint vip = FirstVip + (uint)service;
            string loop = service == 0 ? "0.2" : "60";
            text.Append(CultureInfo.InvariantCulture, $"virtual_server 10.9.{vip >> 8 & 0xFF}.{vip & 0xFF} 80 {{\n");
            text.Append(CultureInfo.InvariantCulture, $"    delay_loop {loop}\n    lb_algo rr\n    lb_kind DR\n");
            text.Append("    protocol UDP\n");
            for (int real = 0; real < RealsPerService; real++)
            {
                int port = service == 0 && real == 0 ? WatchedPort : Port;
                int last = (((service * RealsPerService) + real) % Addresses) + 1;
                text.Append(CultureInfo.InvariantCulture, $"    real_server {Address(last)} 80 {{\n");
                text.Append("        weight 1\n        TCP_CHECK {\n            connect_timeout 3\n");
                text.Append(CultureInfo.InvariantCulture, $"            retry 0\n            connect_port {port}\n");
                text.Append("        }\n    }\n");
            }

            text.Append("}\n");
        }

        return text.ToString();
    }

    /// <summary>Accepts and closes, on every address of a host.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly Socket _socket;

        internal Listener(LabHost host, int port)
        {
            using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
            _socket = inside.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            _socket.Bind(new IPEndPoint(IPAddress.Any, port));
            _socket.Listen(4096);
            new Thread(Run) { IsBackground = true, Name = "listener" }.Start();
        }

        public void Dispose() => _socket.Dispose();

        private void Run()
        {
            try
            {
                while (true)
                {
                    _socket.Accept().Dispose();
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // disposed: nobody listens any more
            }
        }
    }
}
