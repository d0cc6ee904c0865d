using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>Sockets of the lab's hosts, used from the test's own process.</summary>
internal static class Wires
{
    /// <summary>A UDP socket of a host, bound to a port of its choice, with room for the largest datagrams.</summary>
    public static Socket Udp(LabHost host, string family)
    {
        Socket socket = Open(host, family, SocketType.Dgram, ProtocolType.Udp);
        socket.ReceiveBufferSize = 1 << 20;
        socket.SendBufferSize = 1 << 20;
        return socket;
    }

    /// <summary>A TCP connection from a host to a service.</summary>
    public static async Task<Socket> ConnectAsync(
        LabHost host, string family, int port, CancellationToken stop = default)
    {
        Socket socket = Open(host, family, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        using CancellationTokenSource limit = Limit();
        await socket.ConnectAsync(Service(family, port), stop.CanBeCanceled ? stop : limit.Token);
        return socket;
    }

    /// <summary>Something that takes TCP connections to a port of a host, by both families.</summary>
    public static Socket Listen(LabHost host, int port)
    {
        Socket socket = Open(host, "IPv6", SocketType.Stream, ProtocolType.Tcp);
        socket.DualMode = true;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        socket.Listen();
        return socket;
    }

    /// <summary>The virtual address with a port.</summary>
    public static IPEndPoint Service(string family, int port) =>
        new(IPAddress.Parse(TrafficNetwork.VipOf(family)), port);

    /// <summary>Ends what takes longer, and what the test run gives up.</summary>
    public static CancellationTokenSource Limit(int seconds = 5)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(seconds));
        return limit;
    }

    /// <summary>Something that puts frames on a host's card.</summary>
    public static FrameSocket Frames(LabHost host)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        return inside.Run(() =>
        {
            using NetlinkSocket netlink = NetlinkSocket.OpenRoute();
            return new FrameSocket(new Links(netlink).Get(TrafficNetwork.Card)!.Value.Index, receive: false);
        });
    }

    /// <summary>Station address of a host's card.</summary>
    public static byte[] MacOf(LabHost host, string link)
    {
        string text = host.Exec("cat", $"/sys/class/net/{link}/address").OrThrow().Output.Trim();
        return Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal));
    }

    private static Socket Open(LabHost host, string family, SocketType type, ProtocolType protocol)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        AddressFamily number = family == "IPv6" ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        return inside.Run(() => new Socket(number, type, protocol));
    }
}
