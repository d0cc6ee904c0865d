using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Linux.Process;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Netns.Tests;

/// <summary>The XDP program forwards established connections by itself: real frames, counted to the last one.</summary>
public sealed class OffloadTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private const int Octets = 5_000_000;

    private static readonly string s_config = Configs.Instance()
        + Configs.Service("192.168.5.100 80", Configs.Unchecked("192.168.5.103"));

    public ValueTask DisposeAsync() => cluster.StopDaemonsAsync();

    /// <summary>The client's card finishes checksums itself, as real ones do: nothing is left for user space.</summary>
    [Theory]
    [InlineData("xdp")]
    [InlineData("xdp-generic")]
    public async Task A_bulk_upload_is_the_programs_and_every_frame_is_counted_once(string io)
    {
        Receive(on: true);
        LabHost client = cluster[TutorialNetwork.Client];
        client.Exec("ethtool", "-K", client.Link, "tx", "off").OrThrow();
        using Socket listener = Listen();
        long before = Arrived(io); // the driver counts nothing while no program is attached
        DaemonHost director = await cluster.StartAsync("youxi1", s_config, "--io", io, "--offload", "on");
        await director.BecomeMasterAsync();

        await UploadAsync(listener);

        client.Exec("ethtool", "-K", client.Link, "tx", "on").OrThrow();
        long program = 0, others = 0;
        await Soon.RequireAsync(
            () =>
            {
                var counters = director.Counters();
                program = counters["forwarded by the program"];
                long steered = counters["steered to the forwarder"];
                others = steered + counters["passed to the kernel"] + counters["passed to the kernel, malformed"];
                long doors = counters.Where(each => each.Key.StartsWith("forwarded", StringComparison.Ordinal)
                    || each.Key.StartsWith("dropped", StringComparison.Ordinal)
                    || each.Key.StartsWith("answered", StringComparison.Ordinal)).Sum(each => each.Value) - program;
                return steered == doors && (io != "xdp" || Arrived(io) - before == program + others);
            },
            () => $"program {program}, others {others}, arrived {Arrived(io) - before}\n"
                + director.Ask("counters").Output);
        long forwarded = director.Counters()["forwarded"];
        Assert.True(program >= 0.99 * (program + forwarded), $"program {program}, user space {forwarded}");
        Assert.Contains("; LVS-DR: both MACs, one hop\n", director.Ask("show", "program").OrThrow().Output);
        Assert.Contains($"  {program + forwarded}  ", director.Ask("ipvsadm", "-Ln", "--stats").OrThrow().Output);
        Assert.Equal(0, await director.EndAsync("TERM"));
    }

    [Fact]
    public async Task Where_the_other_end_of_a_veth_takes_no_frames_it_stays_off_and_says_what_helps()
    {
        Receive(on: false);
        DaemonHost director = await cluster.StartAsync("youxi1", s_config, "--io", "xdp");
        await director.LogAsync("ens33: offload: off: the other end of the veth ens33 takes no frames");
        Assert.Equal(0, await director.EndAsync("TERM"));

        string file = cluster.Write("on.conf", "global_defs {\n    offload on\n}\n" + s_config);
        CommandResult refused = cluster["youxi1"].Exec(
            DaemonHost.Executable, "run", "-f", file, "--control", cluster.PathOf("on.sock"), "--io", "xdp");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("'ethtool -K PEER gro on' there lets it", refused.Output + refused.Error);
    }

    [Fact]
    public async Task A_connection_outlives_a_killed_director_and_the_next_one_knows_it()
    {
        Receive(on: true);
        using var names = new BpfFolder(cluster.PathOf("bpf"));
        string[] words = ["--io", "xdp", "--offload", "on", "--pin", names.Path];
        LabHost client = cluster[TutorialNetwork.Client];
        client.Exec("ethtool", "-K", client.Link, "tx", "off").OrThrow();
        using Socket listener = Listen();
        DaemonHost first = await cluster.StartAsync("youxi1", s_config, words);
        await first.BecomeMasterAsync();
        using Socket sender = In(client);
        await sender.ConnectAsync(Service(), TestContext.Current.CancellationToken);
        using Socket receiver = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await PassAsync(sender, receiver, 100_000);
        await Soon.RequireAsync(() => first.Counters()["forwarded by the program"] > 0, () => "nothing was offloaded");

        first.Process.Signal("KILL");
        Assert.NotNull(await first.Process.WaitForExitAsync(TimeSpan.FromSeconds(5)));
        await PassAsync(sender, receiver, 1_000_000); // nobody is there but the program

        DaemonHost second = await cluster.StartAsync("youxi1", s_config, words);
        await second.LogAsync("taking over 1 flow(s) of a director that died");
        Assert.Contains("ESTABLISHED", second.Ask("ipvsadm", "-Lnc").OrThrow().Output);
        await PassAsync(sender, receiver, 1_000_000);
        Assert.True(second.Counters()["forwarded by the program"] > 0);

        second.Process.Signal("KILL");
        Assert.NotNull(await second.Process.WaitForExitAsync(TimeSpan.FromSeconds(5)));
        string other = Configs.Instance() + Configs.Service("192.168.5.100 80", Configs.Unchecked("192.168.5.104"));
        DaemonHost third = await cluster.StartAsync("youxi1", other, words);
        await third.LogAsync("are not taken over: the configuration has other real servers now");
        Assert.DoesNotContain("ESTABLISHED", third.Ask("ipvsadm", "-Lnc").OrThrow().Output);
        Assert.Equal(0, await third.EndAsync("TERM"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(names.Path)); // who ends in order leaves nothing
        client.Exec("ethtool", "-K", client.Link, "tx", "on").OrThrow();
    }

    /// <summary>The switch's end of the director's cable polls only with generic receive offload on.</summary>
    private void Receive(bool on)
    {
        LabHost director = cluster["youxi1"];
        cluster.Network.Switch.Exec("ethtool", "-K", director.Port, "gro", on ? "on" : "off").OrThrow();
    }

    /// <summary>Frames that the program has seen, by the driver's count; only the driver's own XDP has one.</summary>
    private long Arrived(string io)
    {
        LabHost director = cluster["youxi1"];
        using NetworkNamespace inside = NetworkNamespace.Open(director.Namespace);
        return io != "xdp" ? 0 : inside.Run(() => LinkCounters.Read(director.Link)
            .Where(each => each.Name.StartsWith("rx_queue", StringComparison.Ordinal)
                && each.Name.EndsWith("_xdp_packets", StringComparison.Ordinal))
            .Sum(each => each.Value));
    }

    private Socket Listen()
    {
        Socket listener = In(cluster["youxi3"]);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Any, 80));
        listener.Listen();
        return listener;
    }

    private async Task UploadAsync(Socket listener)
    {
        using Socket sender = In(cluster[TutorialNetwork.Client]);
        await sender.ConnectAsync(Service(), TestContext.Current.CancellationToken);
        using Socket receiver = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        await PassAsync(sender, receiver, Octets);
    }

    private static async Task PassAsync(Socket sender, Socket receiver, int octets)
    {
        using var limit = new System.Threading.CancellationTokenSource(TimeSpan.FromSeconds(20));
        Task sending = SendAsync();
        byte[] buffer = new byte[64 * 1024];
        for (int received = 0; received < octets;)
        {
            int read = await receiver.ReceiveAsync(buffer, limit.Token);
            Assert.True(read > 0, $"closed after {received} octets");
            received += read;
        }

        await sending;

        async Task SendAsync()
        {
            byte[] body = new byte[octets];
            for (int sent = 0; sent < octets;)
            {
                sent += await sender.SendAsync(body.AsMemory(sent), limit.Token);
            }
        }
    }

    private static IPEndPoint Service() => new(IPAddress.Parse(TutorialNetwork.Vip), 80);

    private static Socket In(LabHost host)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        return inside.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
    }

    /// <summary>A BPF file system of the test's own.</summary>
    private sealed class BpfFolder : IDisposable
    {
        private readonly string _mounted;

        internal BpfFolder(string path)
        {
            _mounted = path;
            Path = System.IO.Path.Combine(path, "names");
            Directory.CreateDirectory(path);
            Run("mount", "-t", "bpf", "bpf", path);
        }

        internal string Path { get; }

        public void Dispose() => Run("umount", _mounted);

        private static void Run(params string[] words)
        {
            using Process process = Process.Start(words[0], words.Skip(1));
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }
}
