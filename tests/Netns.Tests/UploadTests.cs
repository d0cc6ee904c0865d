using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Linux.Process;

namespace XdpLvs.Netns.Tests;

/// <summary>Much data from client to server: the direction that passes through the director.</summary>
public sealed class UploadTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private const int Octets = 5_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public ValueTask DisposeAsync() => cluster.StopDaemonsAsync();

    /// <summary>
    /// A virtual cable hands over what TCP never cut into frames. The driver's XDP makes it cut them; where frames are
    /// taken above the driver, the director does.
    /// </summary>
    [Theory]
    [InlineData("xdp")]
    [InlineData("xdp-generic")]
    [InlineData("packet")]
    public async Task A_large_upload_through_the_director_arrives_whole(string io)
    {
        LabHost client = cluster[TutorialNetwork.Client];
        client.Exec("ethtool", "-K", client.Link, "tso", "on", "gso", "on").OrThrow();
        string config = Configs.Instance()
            + Configs.Service("192.168.5.100 80", Configs.Unchecked("192.168.5.103"));
        using Socket listener = In(cluster["youxi3"]);
        listener.Bind(new IPEndPoint(IPAddress.Any, 80));
        listener.Listen();
        DaemonHost director = await cluster.StartAsync("youxi1", config, "--io", io);
        await director.BecomeMasterAsync();

        Task<int> sink = SinkAsync(listener);
        Task sending = SendAsync(In(client));

        Assert.True(
            await Task.WhenAny(sink, Task.Delay(Limit, TestContext.Current.CancellationToken)) == sink,
            director.Ask("counters").Output);
        await sending;
        Assert.Equal(Octets, await sink);
        Assert.Equal(0, await director.EndAsync("TERM"));
    }

    /// <summary>
    /// Datagrams that a sender left to its NIC to cut: AF_PACKET tells where they end, generic XDP does not. A silent
    /// loss would be the worst: the log says what was given up, and what helps.
    /// </summary>
    [Theory]
    [InlineData("xdp", 5)]
    [InlineData("xdp-generic", 0)]
    [InlineData("packet", 5)]
    public async Task Datagrams_that_nobody_cut_arrive_or_the_log_says_that_they_cannot(string io, int arriving)
    {
        LabHost client = cluster[TutorialNetwork.Client];
        client.Exec("ethtool", "-K", client.Link, "tx-udp-segmentation", "on").OrThrow();
        string config = Configs.Instance() + Configs.Service("192.168.5.100 80", Configs.Unchecked("192.168.5.103"))
            .Replace("TCP", "UDP", StringComparison.Ordinal);
        using Socket server = In(cluster["youxi3"], ProtocolType.Udp), sender = In(client, ProtocolType.Udp);
        var service = new IPEndPoint(IPAddress.Parse(TutorialNetwork.Vip), 80);
        server.Bind(service);
        DaemonHost director = await cluster.StartAsync("youxi1", config, "--io", io);
        await director.BecomeMasterAsync();
        sender.Connect(service);
        const int UDP_SEGMENT = 103, SegmentSize = 1000;
        sender.SetRawSocketOption(17, UDP_SEGMENT, BitConverter.GetBytes(SegmentSize));
        byte[] datagrams = new byte[(5 * SegmentSize) - 300], received = new byte[2000];
        new Random(20254).NextBytes(datagrams);

        sender.Send(datagrams);

        if (arriving == 0)
        {
            LabLine warning = await director.LogAsync("frames longer than the MTU were given up");
            Assert.Contains("warning: ens33: ", warning.Text, StringComparison.Ordinal);
        }

        for (int i = 0; i < arriving; i++)
        {
            using var limit = new CancellationTokenSource(Limit);
            int length = await server.ReceiveAsync(received, limit.Token);
            ReadOnlySpan<byte> expected = datagrams.AsSpan(i * SegmentSize);
            Assert.True(expected[..Math.Min(SegmentSize, expected.Length)].SequenceEqual(received.AsSpan(0, length)));
        }

        Assert.Equal(0, await director.EndAsync("TERM"));
    }

    private static Socket In(LabHost host, ProtocolType protocol = ProtocolType.Tcp)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        SocketType type = protocol == ProtocolType.Tcp ? SocketType.Stream : SocketType.Dgram;
        return inside.Run(() => new Socket(AddressFamily.InterNetwork, type, protocol));
    }

    private static async Task SendAsync(Socket socket)
    {
        using (socket)
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(TutorialNetwork.Vip), 80));
            byte[] body = new byte[Octets];
            new Random(20253).NextBytes(body);
            for (int sent = 0; sent < body.Length;)
            {
                sent += await socket.SendAsync(body.AsMemory(sent));
            }

            socket.Shutdown(SocketShutdown.Send);
            _ = await socket.ReceiveAsync(new byte[1]); // the server closes when it has all
        }
    }

    /// <summary>Octets received that are what was sent; the first wrong one ends the count.</summary>
    private static async Task<int> SinkAsync(Socket listener)
    {
        using Socket peer = await listener.AcceptAsync();
        byte[] expected = new byte[Octets], buffer = new byte[64 * 1024];
        new Random(20253).NextBytes(expected);
        int received = 0;
        for (int read; (read = await peer.ReceiveAsync(buffer)) > 0; received += read)
        {
            if (!expected.AsSpan(received, read).SequenceEqual(buffer.AsSpan(0, read)))
            {
                return received;
            }
        }

        return received;
    }
}
