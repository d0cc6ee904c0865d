using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XdpLvs.Linux.Sockets;

/// <summary>A datagram that arrived.</summary>
/// <param name="Length">Octets put into the caller's buffer.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="TimeToLive">TTL or hop limit with which it arrived; -1 if the kernel did not say.</param>
public readonly record struct BfdDatagram(int Length, IpAddress Source, int TimeToLive);

/// <summary>A UDP socket of BFD: one to hear on for each family, or one to send from for each session.</summary>
/// <remarks>RFC 5881 sections 4 and 5. Nothing allocates after construction.</remarks>
public sealed unsafe partial class BfdSocket : IDisposable
{
    /// <summary>Port of single-hop sessions.</summary>
    public const ushort Port = 3784;

    /// <summary>First and last source port.</summary>
    public const int SourcePortMin = 49152, SourcePortMax = 65535;

    private const int InternetworkControl = 0xC0, PriorityControl = 7; // ahead of everything else that is sent

    private readonly string _subject;
    private readonly SockaddrIn6 _target6;
    private readonly SockaddrIn _target4;
    private readonly bool _isV4;

    private BfdSocket(bool isV4, string subject)
    {
        _isV4 = isV4;
        _subject = subject;
        int family = isV4 ? SocketsAbi.AF_INET : BfdAbi.AF_INET6;
        Descriptor = Syscalls.Socket(family, LibC.SOCK_DGRAM | LibC.SOCK_NONBLOCK, 0, subject);
    }

    private BfdSocket(IpAddress neighbour, int linkIndex)
        : this(neighbour.IsV4, $"BFD to {neighbour}")
    {
        _target4 = Address4(neighbour, Port);
        _target6 = Address6(neighbour, Port, linkIndex);
    }

    /// <summary>Readable when a datagram waits. Owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Opens a socket that hears all BFD of a family.</summary>
    /// <param name="isV4">IPv4, else IPv6.</param>
    /// <exception cref="LinuxException">EADDRINUSE: another BFD daemon runs here.</exception>
    public static BfdSocket Listen(bool isV4)
    {
        var socket = new BfdSocket(isV4, $"UDP port {Port}, BFD");
        try
        {
            if (!isV4)
            {
                socket.Set(BfdAbi.SOL_IPV6, BfdAbi.IPV6_V6ONLY, 1);
            }

            socket.Set(
                isV4 ? SocketsAbi.SOL_IP : BfdAbi.SOL_IPV6,
                isV4 ? BfdAbi.IP_RECVTTL : BfdAbi.IPV6_RECVHOPLIMIT,
                1);
            int errno = socket.TryBind(default, Port, 0);
            return errno == 0 ? socket : throw new LinuxException("bind", socket._subject, errno);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a socket to send to one neighbour from, at a free port of the range.</summary>
    /// <param name="neighbour">To whom.</param>
    /// <param name="source">From which address of ours; none lets the kernel choose.</param>
    /// <param name="linkIndex">The interface, for an IPv6 link-local neighbour; else 0.</param>
    /// <param name="timeToLive">TTL or hop limit; 255 for a neighbour on the link.</param>
    /// <param name="firstPort">Where the search for a free port begins.</param>
    public static BfdSocket Connect(
        IpAddress neighbour, IpAddress source, int linkIndex, byte timeToLive, int firstPort)
    {
        var socket = new BfdSocket(neighbour, linkIndex);
        try
        {
            bool isV4 = neighbour.IsV4;
            int level = isV4 ? SocketsAbi.SOL_IP : BfdAbi.SOL_IPV6;
            socket.Set(level, isV4 ? BfdAbi.IP_TTL : BfdAbi.IPV6_UNICAST_HOPS, timeToLive);
            socket.Set(level, isV4 ? BfdAbi.IP_TOS : BfdAbi.IPV6_TCLASS, InternetworkControl);
            socket.Set(LibC.SOL_SOCKET, BfdAbi.SO_PRIORITY, PriorityControl); // after TOS, which sets it as well
            socket.BindInRange(source, firstPort, linkIndex);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends to the neighbour.</summary>
    /// <returns>0, or a positive errno: ENETUNREACH, EHOSTUNREACH, ECONNREFUSED, ENOBUFS, EAGAIN.</returns>
    public int Send(ReadOnlySpan<byte> payload)
    {
        int sent = _isV4
            ? Syscalls.SendTo(Descriptor, payload, _target4)
            : Syscalls.SendTo(Descriptor, payload, _target6);
        return sent < 0 ? -sent : 0;
    }

    /// <summary>Takes a waiting datagram. False if none waits.</summary>
    /// <param name="target">Where to put it. One that is longer is cut.</param>
    /// <param name="datagram">Its length, sender and TTL.</param>
    /// <exception cref="LinuxException">The socket is of no use any more.</exception>
    public bool TryReceive(Span<byte> target, out BfdDatagram datagram)
    {
        datagram = default;
        SockaddrIn6 sender = default;
        CmsgInt control = default;
        fixed (byte* pointer = target)
        {
            var piece = new IoVec { iov_base = pointer, iov_len = (nuint)target.Length };
            var message = new MsgHdr
            {
                msg_name = &sender,
                msg_namelen = (uint)sizeof(SockaddrIn6),
                msg_iov = &piece,
                msg_iovlen = 1,
                msg_control = &control,
                msg_controllen = (nuint)sizeof(CmsgInt),
            };
            nint length = ReceiveMessage(Descriptor.Number, &message, 0);
            if (length >= 0)
            {
                datagram = new BfdDatagram((int)length, SourceOf(sender), TimeToLiveOf(control, message));
                return true;
            }
        }

        int errno = Marshal.GetLastPInvokeError();
        return errno is Errno.EAGAIN or Errno.EINTR or Errno.ENETDOWN or Errno.ENOBUFS or Errno.EHOSTUNREACH
            ? false
            : throw new LinuxException("recvmsg", _subject, errno);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static int TimeToLiveOf(in CmsgInt control, in MsgHdr message)
    {
        bool isThere = message.msg_controllen >= (nuint)(sizeof(CmsgInt) - sizeof(int))
            && (control is { cmsg_level: SocketsAbi.SOL_IP, cmsg_type: BfdAbi.IP_TTL }
                || control is { cmsg_level: BfdAbi.SOL_IPV6, cmsg_type: BfdAbi.IPV6_HOPLIMIT });
        return isThere ? control.value : -1;
    }

    private static SockaddrIn Address4(IpAddress address, int port) => new()
    {
        sin_family = SocketsAbi.AF_INET,
        sin_port = BinaryPrimitives.ReverseEndianness((ushort)port),
        sin_addr = BinaryPrimitives.ReverseEndianness(address.IsV4 ? address.V4 : 0),
    };

    private static SockaddrIn6 Address6(IpAddress address, int port, int linkIndex) => new()
    {
        sin6_family = BfdAbi.AF_INET6,
        sin6_port = BinaryPrimitives.ReverseEndianness((ushort)port),
        sin6_addr = Octets16.From(address),
        sin6_scope_id = (uint)linkIndex,
    };

    private IpAddress SourceOf(in SockaddrIn6 sender)
    {
        if (!_isV4)
        {
            return IpAddress.FromV6(sender.sin6_addr);
        }

        fixed (SockaddrIn6* pointer = &sender)
        {
            return BinaryPrimitives.ReverseEndianness(((SockaddrIn*)pointer)->sin_addr);
        }
    }

    private void BindInRange(IpAddress source, int firstPort, int linkIndex)
    {
        const int ports = SourcePortMax - SourcePortMin + 1;
        int errno = Errno.EADDRINUSE;
        for (int i = 0; i < ports && errno == Errno.EADDRINUSE; i++)
        {
            errno = TryBind(source, SourcePortMin + ((firstPort - SourcePortMin + i) % ports), linkIndex);
        }

        if (errno != 0)
        {
            throw new LinuxException("bind", _subject, errno);
        }
    }

    private int TryBind(IpAddress address, int port, int linkIndex) => _isV4
        ? Syscalls.TryBind(Descriptor, Address4(address, port))
        : Syscalls.TryBind(Descriptor, Address6(address, port, linkIndex));

    private void Set(int level, int option, int value) =>
        Syscalls.SetOption(Descriptor, level, option, value, _subject);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, MsgHdr* message, int flags);
}
