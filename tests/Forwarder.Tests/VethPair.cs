using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// A cable inside the kernel: the near end for XDP, the far end for the test, which sends and receives raw.
/// </summary>
/// <remarks>Its names carry the process's number; neither end has an address. It is gone after Dispose.</remarks>
internal sealed class VethPair : IDisposable
{
    private const int PacketFamily = 17, RawType = 3, EveryProtocol = 3, DontWait = 0x40;

    private static int _made;

    private readonly string _near, _far;
    private readonly FileDescriptor _socket;

    internal VethPair()
    {
        int number = System.Threading.Interlocked.Increment(ref _made);
        (_near, _far) = ($"xft-{Environment.ProcessId}a{number}", $"xft-{Environment.ProcessId}b{number}");
        Ip($"link add {_near} type veth peer name {_far}");
        try
        {
            Ip($"link set {_near} up");
            Ip($"link set {_far} up");
            Nic = new Nic(IndexOf(_near), _near, ReadMac(_near), 1500, 1);
            _socket = Syscalls.Socket(PacketFamily, RawType, Swapped(EveryProtocol), _far);
            var address = new PacketAddress
            {
                Family = PacketFamily, Protocol = (ushort)Swapped(EveryProtocol), Index = IndexOf(_far),
            };
            Syscalls.Bind(_socket, address, _far);
        }
        catch
        {
            Ip($"link del {_near}");
            throw;
        }
    }

    /// <summary>The near end.</summary>
    internal Nic Nic { get; }

    public void Dispose()
    {
        _socket.Dispose();
        Ip($"link del {_near}");
    }

    internal void Send(byte[] frame) => Syscalls.Send(_socket, frame);

    /// <summary>The next frame that arrives at the far end for that station, or null after two seconds.</summary>
    internal byte[]? ReceiveFor(MacAddress station)
    {
        byte[] buffer = new byte[2048];
        PollSlot[] slots = [new PollSlot { Descriptor = _socket.Number, Wanted = PollSlot.In }];
        while (Syscalls.Poll(slots, 2_000_000) > 0)
        {
            int length = Syscalls.Receive(_socket, buffer, DontWait);
            if (length >= 14 && MacAddress.From(buffer) == station)
            {
                return buffer[..length];
            }
        }

        return null;
    }

    /// <summary>What ip prints of the near end.</summary>
    internal string Show() => Ip($"-d link show dev {_near}");

    /// <summary>Runs ip(8); what it printed.</summary>
    internal static string Ip(string arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string printed = process.StandardOutput.ReadToEnd(), complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : throw new InvalidOperationException($"ip {arguments}: {complaint}");
    }

    internal static int IndexOf(string name) =>
        int.Parse(File.ReadAllText($"/sys/class/net/{name}/ifindex"), CultureInfo.InvariantCulture);

    private static MacAddress ReadMac(string name)
    {
        string text = File.ReadAllText($"/sys/class/net/{name}/address").Trim();
        return MacAddress.From(Convert.FromHexString(text.Replace(":", "", StringComparison.Ordinal)));
    }

    private static int Swapped(ushort value) => BinaryPrimitives.ReverseEndianness(value);

    /// <summary>struct sockaddr_ll of packet(7).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PacketAddress
    {
        public ushort Family, Protocol;
        public int Index;
        public ushort HardwareType;
        public byte PacketType, HardwareLength;
        public ulong Hardware;
    }
}
