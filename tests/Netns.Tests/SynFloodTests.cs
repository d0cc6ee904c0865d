using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Lab;
using XdpLvs.Linux.Process;
using XdpLvs.TestKit;

namespace XdpLvs.Netns.Tests;

/// <summary>A flood of SYNs from everywhere: who is connected stays so, who comes gets in, and memory stays.</summary>
public sealed class SynFloodTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private const int FloodFrames = 300_000, NewConnections = 20, GrowthKibMax = 16 * 1024, Budget = 1000;

    public ValueTask DisposeAsync() => cluster.StopDaemonsAsync();

    [Theory]
    [InlineData("xdp")]
    [InlineData("packet")]
    public async Task A_flood_harms_neither_who_is_connected_nor_who_comes(string io)
    {
        string config = $"global_defs {{\n    flow_table_size 65536\n    new_flows_per_second {Budget}\n}}\n"
            + Configs.Instance() + Configs.Service(
                "192.168.5.100 80", Configs.Unchecked("192.168.5.103"), Configs.Unchecked("192.168.5.104"));
        using var stop = new CancellationTokenSource();
        Task[] servers = [EchoAsync("youxi3", stop.Token), EchoAsync("youxi4", stop.Token)];
        DaemonHost director = await cluster.StartAsync("youxi1", config, "--io", io);
        await director.BecomeMasterAsync();
        using Socket connected = await ConnectAsync();
        await EchoesAsync(connected);
        long before = director.ResidentKib();

        Task flood = Task.Run(Flood, TestContext.Current.CancellationToken);
        int arrived = 0, passed = 0;
        while (!flood.IsCompleted || arrived < NewConnections)
        {
            await EchoesAsync(connected);
            passed++;
            using Socket another = await ConnectAsync();
            await EchoesAsync(another);
            arrived++;
        }

        await flood;
        var counters = director.Counters();
        long hashed = counters["forwarded by hash, too many new flows"];
        Assert.True(hashed > FloodFrames / 2, director.Ask("counters").Output);
        Assert.InRange(director.ResidentKib() - before, long.MinValue, GrowthKibMax);
        TestContext.Current.TestOutputHelper?.WriteLine($"{io}: {arrived} new connections and {passed} exchanges on an "
            + $"old one during {FloodFrames} SYNs; {director.ResidentKib() - before} KiB more memory");
        stop.Cancel();
        await Task.WhenAll(servers);
        Assert.Equal(0, await director.EndAsync("TERM"));
    }

    /// <summary>From the client's cable, each from another address and port; headers are right, senders not.</summary>
    private void Flood()
    {
        LabHost client = cluster[TutorialNetwork.Client], director = cluster["youxi1"];
        using var injector = new Injector(client);
        byte[] frame = new FrameBuilder
        {
            SourceMac = MacAddress.From(injector.Mac),
            TargetMac = MacAddress.From(Convert.FromHexString(director.Mac.Replace(":", "", StringComparison.Ordinal))),
            From = 0x0A630000, // 10.99.0.0
            FromPort = 1024,
            To = 0xC0A80564, // 192.168.5.100
            ToPort = 80,
            Identification = 0,
        }.Tcp(TcpControl.Syn);
        var random = new Random(7);
        for (int i = 0; i < FloodFrames; i++)
        {
            ushort host = (ushort)random.Next(65_536);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(28), host);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(18), (ushort)~host); // so that the checksum stays right
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(34), (ushort)random.Next(1024, 65_536));
            injector.Send(frame);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        Socket socket = In(cluster[TutorialNetwork.Client]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(TutorialNetwork.Vip), 80), limit.Token);
        return socket;
    }

    private static async Task EchoesAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.SendAsync(new byte[] { 42 }, limit.Token);
        byte[] answer = new byte[1];
        Assert.Equal(1, await socket.ReceiveAsync(answer, limit.Token));
        Assert.Equal(42, answer[0]);
    }

    private async Task EchoAsync(string host, CancellationToken stop)
    {
        using Socket listener = In(cluster[host]);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Any, 80));
        listener.Listen(100);
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptAsync(stop), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private static async Task AnswerAsync(Socket socket, CancellationToken stop)
    {
        using (socket)
        {
            byte[] octet = new byte[1];
            while (await socket.ReceiveAsync(octet, stop) == 1)
            {
                await socket.SendAsync(octet, stop);
            }
        }
    }

    private static Socket In(LabHost host)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        return inside.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
    }
}
