using System;
using System.Buffers.Binary;
using Tmds.Linux;

namespace XdpLvs.Linux.Sockets;

/// <summary>A raw IPv4 socket for protocol 112 on one interface. Sends and receives whole IP packets.</summary>
/// <remarks>
/// raw(7), ip(7). It joins 224.0.0.18 on the interface, hears no other group and not itself. Nothing allocates after
/// construction. The membership goes with the interface: after it was removed and came back, open a new socket.
/// </remarks>
public sealed class VrrpSocket : IDisposable
{
    /// <summary>224.0.0.18, host order. RFC 9568 section 5.1.1.2.</summary>
    public const uint Group = 0xE0000012;

    private const int PriorityControl = 7; // TC_PRIO_CONTROL: ahead of everything in the interface's queue

    private readonly string _subject;

    /// <summary>Opens the socket.</summary>
    /// <param name="linkIndex">The interface that VRRP runs on.</param>
    /// <param name="linkName">Its name.</param>
    /// <param name="multicast">False for unicast peers only: no group is joined.</param>
    /// <param name="joined">The group to join, host order.</param>
    public VrrpSocket(int linkIndex, string linkName, bool multicast = true, uint joined = Group)
    {
        _subject = $"VRRP on {linkName}";
        int type = LibC.SOCK_RAW | LibC.SOCK_NONBLOCK;
        Descriptor = Syscalls.Socket(SocketsAbi.AF_INET, type, SocketsAbi.IPPROTO_VRRP, _subject);
        try
        {
            Syscalls.SetOption(
                Descriptor, LibC.SOL_SOCKET, LibC.SO_BINDTODEVICE, LinkName.From(linkName), _subject);
            Syscalls.SetOption(Descriptor, LibC.SOL_SOCKET, SocketsAbi.SO_PRIORITY, PriorityControl, _subject);
            SetIp(SocketsAbi.IP_HDRINCL, 1);
            SetIp(SocketsAbi.IP_MULTICAST_ALL, 0);
            SetIp(SocketsAbi.IP_MULTICAST_LOOP, 0);
            SetIp(SocketsAbi.IP_MULTICAST_TTL, 255);

            var group = new IpMreqn
            {
                imr_multiaddr = BinaryPrimitives.ReverseEndianness(joined),
                imr_ifindex = linkIndex,
            };
            SetIp(SocketsAbi.IP_MULTICAST_IF, group);
            if (multicast)
            {
                SetIp(SocketsAbi.IP_ADD_MEMBERSHIP, group);
            }
        }
        catch
        {
            Descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Readable when a packet waits. Owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Sends one whole IPv4 packet. The kernel sets total length and header checksum.</summary>
    /// <param name="ipPacket">From the IP header on.</param>
    /// <param name="destination">Host order; the same as in the header.</param>
    /// <returns>0, or a positive errno: ENETDOWN, ENETUNREACH, ENOBUFS, EAGAIN.</returns>
    public int Send(ReadOnlySpan<byte> ipPacket, uint destination)
    {
        var target = new SockaddrIn
        {
            sin_family = SocketsAbi.AF_INET,
            sin_addr = BinaryPrimitives.ReverseEndianness(destination),
        };
        int sent = Syscalls.SendTo(Descriptor, ipPacket, target);
        return sent < 0 ? -sent : 0;
    }

    /// <summary>Takes a waiting packet, header included. False if none waits, or the interface is down.</summary>
    /// <param name="target">Where to put it. A packet that is longer is cut.</param>
    /// <param name="length">Octets put there.</param>
    /// <exception cref="LinuxException">The socket is of no use any more.</exception>
    public bool TryReceive(Span<byte> target, out int length)
    {
        length = Syscalls.Receive(Descriptor, target);
        if (length >= 0)
        {
            return true;
        }

        int errno = -length;
        length = 0;
        return errno is Errno.EAGAIN or Errno.EINTR or Errno.ENETDOWN or Errno.ENOBUFS or Errno.EHOSTUNREACH
            ? false
            : throw new LinuxException("recv", _subject, errno);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private void SetIp<TValue>(int option, TValue value)
        where TValue : unmanaged =>
        Syscalls.SetOption(Descriptor, SocketsAbi.SOL_IP, option, value, _subject);
}
