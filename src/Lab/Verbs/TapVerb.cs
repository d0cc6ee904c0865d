using System;
using System.Buffers.Binary;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Lab.Verbs;

/// <summary><c>tap IFACE</c>: prints all that an interface sends and receives. Ends with its standard input.</summary>
internal static class TapVerb
{
    private const int FrameMax = 65_536, SocketLevel = 1, ForceReceiveBuffer = 33, BufferSize = 8 << 20;
    private const int PacketLevel = 263, IgnoreOutgoing = 23;

    /// <summary>Listens until standard input ends.</summary>
    /// <param name="link">The interface, in the namespace this process was started in.</param>
    /// <param name="kinds">arp, vrrp, tcp; empty is everything.</param>
    /// <param name="inboundOnly">Leaves out what is sent here.</param>
    public static async Task<int> RunAsync(string link, string[] kinds, bool inboundOnly)
    {
        string indexFile = $"/sys/class/net/{link}/ifindex";
        if (!File.Exists(indexFile))
        {
            Console.Error.WriteLine($"there is no interface {link} in this network namespace");
            return 1;
        }

        int index = int.Parse(await File.ReadAllTextAsync(indexFile), CultureInfo.InvariantCulture);
        using Socket socket = Open(index, inboundOnly);
        Console.WriteLine(LabTools.Ready);
        Task listening = Task.Factory.StartNew(() => Listen(socket, kinds), TaskCreationOptions.LongRunning);
        await await Task.WhenAny(listening, Task.Run(Console.In.ReadToEnd));
        return 0;
    }

    private static Socket Open(int interfaceIndex, bool inboundOnly)
    {
        // The protocol is in network order, as packet(7) wants it.
        ushort every = BinaryPrimitives.ReverseEndianness(PacketEndPoint.EveryProtocol);
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)every);
        socket.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, BitConverter.GetBytes(BufferSize));
        if (inboundOnly)
        {
            socket.SetRawSocketOption(PacketLevel, IgnoreOutgoing, BitConverter.GetBytes(1));
        }

        socket.Bind(new PacketEndPoint(interfaceIndex));
        return socket;
    }

    private static void Listen(Socket socket, string[] kinds)
    {
        byte[] buffer = new byte[FrameMax];
        var from = new SocketAddress(AddressFamily.Packet);
        while (true)
        {
            from.Size = SocketAddress.GetMaximumAddressSize(AddressFamily.Packet); // the last frame shrank it
            int length = socket.ReceiveFrom(buffer, SocketFlags.None, from);
            long now = TimeProvider.System.Microseconds();
            bool outgoing = PacketEndPoint.IsOutgoing(from);
            var frame = new CapturedFrame(now, !outgoing, buffer[..length]);
            if (kinds.Length == 0 || kinds.Any(kind => Is(frame, kind)))
            {
                var record = new TapRecord(now, outgoing ? "out" : "in", Convert.ToHexStringLower(frame.Octets));
                Console.WriteLine(JsonSerializer.Serialize(record, LabJson.Default.TapRecord));
            }
        }
    }

    private static bool Is(CapturedFrame frame, string kind) => kind switch
    {
        "arp" => frame.IsArp,
        "vrrp" => frame.IsVrrp,
        "tcp" => frame.IsTcp,
        _ => false,
    };
}
