using System;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace XdpLvs.Checks;

/// <summary>Opens the sockets of probes as <see cref="ConnectOptions"/> say.</summary>
internal static class ProbeSocket
{
    private const int SOL_SOCKET = 1, SO_BINDTODEVICE = 25, SO_MARK = 36; // asm-generic/socket.h
    private const int IPPROTO_IP = 0, IP_RECVERR = 11, IPPROTO_IPV6 = 41, IPV6_RECVERR = 25; // linux/in.h, in6.h

    /// <summary>Opens and binds. A refusal is ours and not the server's: it says what was refused.</summary>
    internal static Socket? TryOpen(
        ConnectOptions options, SocketType type, ProtocolType protocol, out ProbeResult refusal)
    {
        string step = "open a socket";
        Socket? socket = null;
        try
        {
            socket = new Socket(options.Target.AddressFamily, type, protocol);
            if (options.BindInterface is { } name)
            {
                step = $"bind to interface {name}";
                socket.SetRawSocketOption(SOL_SOCKET, SO_BINDTODEVICE, Encoding.ASCII.GetBytes(name + '\0'));
            }

            if (options.Mark != 0)
            {
                step = $"set fwmark {options.Mark}";
                socket.SetRawSocketOption(SOL_SOCKET, SO_MARK, BitConverter.GetBytes(options.Mark));
            }

            if (Source(options) is { } source)
            {
                step = $"bind to {source}";
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                socket.Bind(source);
            }

            refusal = default;
            return socket;
        }
        catch (SocketException error)
        {
            socket?.Dispose();
            refusal = new ProbeResult(ProbeFailure.Local, $"cannot {step}: {error.Message}");
            return null;
        }
    }

    /// <summary>
    /// Lets a connected datagram socket hear all ICMP errors, also those the kernel thinks may pass: a host that
    /// answers no ARP is then a failure, where without this nobody would hear of it.
    /// </summary>
    /// <remarks>ip(7), IP_RECVERR.</remarks>
    internal static void HearErrors(Socket socket)
    {
        bool isV4 = socket.AddressFamily == AddressFamily.InterNetwork;
        socket.SetRawSocketOption(
            isV4 ? IPPROTO_IP : IPPROTO_IPV6, isV4 ? IP_RECVERR : IPV6_RECVERR, BitConverter.GetBytes(1));
    }

    /// <summary>The result of a probe that the kernel or the server refused.</summary>
    internal static ProbeResult Result(SocketException refusal, string? phrase = null) =>
        new(Classify(refusal.SocketErrorCode), refusal.Message) { Phrase = phrase };

    internal static ProbeFailure Classify(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ProbeFailure.Refused,
        SocketError.TimedOut => ProbeFailure.Timeout,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown
            or SocketError.NetworkDown => ProbeFailure.Unreachable,
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse or SocketError.TooManyOpenSockets
            or SocketError.NoBufferSpaceAvailable or SocketError.AccessDenied
            or SocketError.AddressFamilyNotSupported => ProbeFailure.Local,
        _ => ProbeFailure.Other,
    };

    private static IPEndPoint? Source(ConnectOptions options)
    {
        if (options.BindTo is null && options.BindPort == 0)
        {
            return null;
        }

        IPAddress any = options.Target.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any;
        return new IPEndPoint(options.BindTo ?? any, options.BindPort);
    }
}
