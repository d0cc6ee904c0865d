using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Verbs;

/// <summary><c>echo PORT ADDR...</c>: sends every UDP datagram back from the address that it was sent to.</summary>
internal static class EchoVerb
{
    private const int DatagramMax = ushort.MaxValue;

    /// <summary>Serves until a signal, or until standard input ends when <paramref name="tied"/>.</summary>
    public static async Task<int> RunAsync(
        int port, IReadOnlyList<IPAddress> addresses, bool tied, CancellationToken stop)
    {
        // One socket for each address: one bound to all would answer from the address that the route prefers.
        List<Socket> sockets = [.. addresses.Select(address => Open(new IPEndPoint(address, port)))];
        Task[] serving = [.. sockets.Select(socket => ServeAsync(socket, stop))];
        Console.WriteLine(LabTools.Ready);
        Task parent = tied ? Console.In.ReadLineAsync(CancellationToken.None).AsTask() : Task.Delay(-1, stop);
        Task failed = Task.WhenAny(serving);
        if (await Task.WhenAny(parent, failed) == failed && !stop.IsCancellationRequested)
        {
            await await Task.WhenAny(serving); // says why
        }

        sockets.ForEach(socket => socket.Dispose());
        return 0;
    }

    private static Socket Open(IPEndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 1 << 20,
            SendBufferSize = 1 << 20,
        };
        socket.Bind(at);
        return socket;
    }

    private static async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        byte[] datagram = new byte[DatagramMax];
        var anybody = new IPEndPoint(
            socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (!stop.IsCancellationRequested)
        {
            SocketReceiveFromResult received = await socket.ReceiveFromAsync(datagram, anybody, stop);
            await socket.SendToAsync(datagram.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint, stop);
        }
    }
}
