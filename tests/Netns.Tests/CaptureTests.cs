using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>xdplvs capture sees what tcpdump cannot: every frame, as it enters and as it leaves.</summary>
public sealed class CaptureTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private const int Tcp = Forgery.Ip + 20, TimeToLiveAt = Forgery.Ip + 8, ChecksumAt = Forgery.Ip + 10;
    private const int Requests = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<HttpServerProcess> _servers = [];

    public async ValueTask DisposeAsync()
    {
        await cluster.StopDaemonsAsync();
        foreach (HttpServerProcess server in _servers)
        {
            await server.StopAsync();
        }
    }

    [Theory]
    [InlineData("xdp")]
    [InlineData("xdp-generic")]
    [InlineData("packet")]
    public async Task Every_frame_of_a_connection_is_seen_entering_and_leaving(string io)
    {
        DaemonHost director = await StartAsync(io);
        ClientProcess client = ClientProcess.Start(cluster[TutorialNetwork.Client]);
        TapProcess tap = TapProcess.Start(cluster.Network.Switch, cluster[TutorialNetwork.Client].Port);
        LabProcess capture = await CaptureAsync("-i", "ens33", "-w", cluster.PathOf("all.pcap"), "tcp", "port", "80");

        IReadOnlyList<RequestResult> answers = await client.GetManyAsync(
            $"http://{TutorialNetwork.Vip}/", Requests, timeoutMs: 5000, TestContext.Current.CancellationToken);

        Assert.All(answers, answer => Assert.True(answer.Ok, director.Ask("counters").Output));
        await QuietAsync(director, tap);
        string said = await EndAsync(capture);
        await tap.StopAsync();
        (List<byte[]> entered, List<byte[]> left) = Split(director, Read("all.pcap"));
        Assert.Contains($"{entered.Count + left.Count} frames written, 0 lost", said, StringComparison.Ordinal);
        Assert.Equal(entered.Count, left.Count);
        Assert.Equal(director.Counters()["forwarded"], left.Count);
        string[] sent = [.. tap.Frames.Where(IsToService).Select(frame => Inner(frame.Octets.ToArray()))];
        Assert.Equal(sent.Order(), entered.Select(Inner).Order()); // nothing missed, nothing invented
        Assert.Equal(Requests, entered.Count(frame => (frame[Tcp + 13] & 0x12) == 0x02));

        // LVS-DR: both MACs, one hop, nothing else.
        Assert.Equal(entered.Select(OneHopLess).Order(), left.Select(Inner).Order());
        Assert.All(left, frame => Assert.Contains(Mac(frame, 0), Servers()));
        Assert.Equal(0, await director.EndAsync("TERM"));
    }

    [Fact]
    public async Task A_filter_a_direction_and_a_count_say_how_much_is_written()
    {
        DaemonHost director = await StartAsync("packet");
        ClientProcess client = ClientProcess.Start(cluster[TutorialNetwork.Client]);
        LabProcess capture = await CaptureAsync(
            "-i", "ens33", "-w", cluster.PathOf("some.pcap"), "-c", "2", "--out", "tcp[tcpflags] & tcp-syn != 0");

        await client.GetManyAsync(
            $"http://{TutorialNetwork.Vip}/", Requests, timeoutMs: 5000, TestContext.Current.CancellationToken);

        Assert.Equal(0, await capture.WaitForExitAsync(Patience));
        (List<byte[]> entered, List<byte[]> left) = Split(director, Read("some.pcap"));
        Assert.Equal((0, 2), (entered.Count, left.Count));
        Assert.All(left, frame => Assert.Equal(0x02, frame[Tcp + 13] & 0x12));
    }

    [Fact]
    public async Task An_interface_on_which_nothing_is_forwarded_is_refused_with_those_that_are()
    {
        DaemonHost director = await StartAsync("packet");

        CommandResult refused = director.Ask("capture", "-i", "lo", "-w", cluster.PathOf("none.pcap"));

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("nothing is forwarded on lo, but on ens33", refused.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(cluster.PathOf("none.pcap")));
    }

    [Fact]
    public void Where_libpcap_is_missing_the_package_that_brings_it_is_named()
    {
        cluster.Write("web.conf", Configs.Web);
        File.WriteAllText(cluster.PathOf("empty.pcap"), "");
        string hide =
            "for each in $(ldconfig -p | sed -n 's/.*libpcap.*=> //p'); do mount --bind /dev/null $each; done";
        string[] verbs =
        [
            $"replay -f {cluster.PathOf("web.conf")} {cluster.PathOf("empty.pcap")}",
            $"capture -i ens33 -w {cluster.PathOf("none.pcap")} tcp",
        ];

        foreach (string verb in verbs)
        {
            CommandResult refused = cluster["youxi1"].Exec(
                "unshare", "--mount", "sh", "-c", $"{hide}; exec {DaemonHost.Executable} {verb}");

            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("apt-get install libpcap0.8", refused.Error, StringComparison.Ordinal);
        }
    }

    private static bool IsToService(CapturedFrame frame) =>
        frame is { IsTcp: true, DestinationPort: 80, Destination: TutorialNetwork.Vip };

    /// <summary>A frame without what LVS-DR changes on its way, and without the padding of the wire.</summary>
    private static string Inner(byte[] frame) => WithHops(frame, frame[TimeToLiveAt]);

    private static string OneHopLess(byte[] frame) => WithHops(frame, frame[TimeToLiveAt] - 1);

    /// <summary>The TCP checksum is left out as well: a virtual NIC leaves it to whoever needs it.</summary>
    private static string WithHops(byte[] frame, int hops)
    {
        byte[] packet = frame[..(Forgery.Ip + BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(Forgery.Ip + 2)))];
        packet.AsSpan(ChecksumAt, 2).Clear();
        packet.AsSpan(Tcp + 16, 2).Clear();
        packet[TimeToLiveAt] = (byte)hops;
        return Convert.ToHexString(packet[Forgery.Ip..]);
    }

    private static string Mac(byte[] frame, int at) =>
        string.Join(':', frame[at..(at + 6)].Select(octet => octet.ToString("x2", null)));

    private static (List<byte[]> Entered, List<byte[]> Left) Split(DaemonHost director, List<byte[]> frames)
    {
        ILookup<bool, byte[]> byWay = frames.ToLookup(frame => Mac(frame, 6) == director.Host.Mac);
        return ([.. byWay[false]], [.. byWay[true]]);
    }

    /// <summary>Waits until the last connection has ended, too, and all that was sent was forwarded.</summary>
    private static Task QuietAsync(DaemonHost director, TapProcess tap)
    {
        long before = -1;
        return Soon.RequireAsync(
            () =>
            {
                long sent = tap.Frames.Count(IsToService), last = before;
                before = sent;
                return sent == last && director.Counters()["forwarded"] == sent;
            },
            () => $"the client sent {before} frames: {director.Ask("counters").Output}");
    }

    private string[] Servers() => [.. TutorialNetwork.RealServers.Select(name => cluster[name].Mac)];

    private async Task<DaemonHost> StartAsync(string io)
    {
        foreach (string server in TutorialNetwork.RealServers)
        {
            _servers.Add(HttpServerProcess.Start(cluster[server]));
        }

        string config = Configs.Instance()
            + Configs.Service("192.168.5.100 80", Configs.Unchecked("192.168.5.103", "192.168.5.104"));
        DaemonHost director = await cluster.StartAsync("youxi1", config, "--io", io, "--flows", "65536");
        await director.BecomeMasterAsync();
        await Soon.RequireAsync(
            () => director.Table().Split("Route").Length > 2, () => "no real servers: " + director.Table());
        return director;
    }

    private async Task<LabProcess> CaptureAsync(params string[] words)
    {
        LabProcess capture = cluster["youxi1"].Start(
            "xdplvs capture",
            [DaemonHost.Executable, "capture", "--control", cluster.ControlOf("youxi1"), .. words]);
        Assert.NotNull(await capture.FindAsync(
            line => line.Contains("capturing on ens33", StringComparison.Ordinal), Patience,
            stop: TestContext.Current.CancellationToken));
        return capture;
    }

    private static async Task<string> EndAsync(LabProcess capture)
    {
        capture.Signal("INT");
        Assert.Equal(0, await capture.WaitForExitAsync(Patience));
        return capture.LastLines(5);
    }

    /// <summary>The frames of a capture file. draft-ietf-opsawg-pcap section 5.</summary>
    private List<byte[]> Read(string name)
    {
        const int fileHeader = 24, frameHeader = 16, lengthAt = 8;
        byte[] file = File.ReadAllBytes(cluster.PathOf(name));
        var frames = new List<byte[]>();
        for (int at = fileHeader; at < file.Length; at += frameHeader + frames[^1].Length)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + lengthAt));
            frames.Add(file[(at + frameHeader)..(at + frameHeader + length)]);
        }

        return frames;
    }
}
