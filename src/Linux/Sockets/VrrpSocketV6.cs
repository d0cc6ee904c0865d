using System;
using System.Buffers.Binary;
using Tmds.Linux;

namespace XdpLvs.Linux.Sockets;

/// <summary>Raw IPv6 sockets for protocol 112 on one interface. Sends and receives whole IP packets.</summary>
/// <remarks>
/// ipv6(7), RFC 3542. One socket joins the group and hears; the kernel does not hand over IPv6 headers, so the header
/// of what arrives is put together again from what it tells beside the message. The other one sends packets whose
/// header is ours; a socket that did both would have the kernel drop, uncounted, whatever has a wrong checksum.
/// Nothing allocates after construction. The membership goes with the interface.
/// </remarks>
public sealed unsafe class VrrpSocketV6 : IDisposable
{
    private const int PriorityControl = 7; // TC_PRIO_CONTROL: ahead of everything in the interface's queue
    private const int HeaderSize = 40, ControlSize = 128;
    private const int PayloadLengthOffset = 4, NextHeaderOffset = 6, HopLimitOffset = 7, SourceOffset = 8,
        DestinationOffset = 24;

    private readonly FileDescriptor _sender;
    private readonly string _subject;
    private readonly int _linkIndex;

    /// <summary>Opens the sockets.</summary>
    /// <param name="linkIndex">The interface that VRRP runs on.</param>
    /// <param name="linkName">Its name.</param>
    /// <param name="group">The group to join; null for unicast peers only.</param>
    public VrrpSocketV6(int linkIndex, string linkName, IpAddress? group)
    {
        _subject = $"VRRP (IPv6) on {linkName}";
        _linkIndex = linkIndex;
        Descriptor = Open(linkName);
        FileDescriptor? sender = null;
        try
        {
            sender = Open(linkName);
            Set(sender, LibC.SOL_SOCKET, SocketsAbi.SO_PRIORITY, PriorityControl);
            Set(sender, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_HDRINCL, 1);
            Set(sender, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_MULTICAST_LOOP, 0);
            Set(sender, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_MULTICAST_IF, linkIndex);
            Set(sender, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_MULTICAST_ALL, 0);
            Set(Descriptor, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_MULTICAST_ALL, 0);
            Set(Descriptor, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_RECVPKTINFO, 1);
            Set(Descriptor, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_RECVHOPLIMIT, 1);
            if (group is { } joined)
            {
                var membership = new Ipv6Mreq
                {
                    ipv6mr_multiaddr = Octets16.From(joined),
                    ipv6mr_interface = linkIndex,
                };
                Set(Descriptor, SocketsAbi.SOL_IPV6, SocketsAbi.IPV6_JOIN_GROUP, membership);
            }
        }
        catch
        {
            sender?.Dispose();
            Descriptor.Dispose();
            throw;
        }

        _sender = sender;
    }

    /// <summary>Readable when a packet waits. Owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Sends one whole IPv6 packet as it is.</summary>
    /// <param name="ipPacket">From the IP header on.</param>
    /// <param name="destination">The same as in the header.</param>
    /// <returns>0, or a positive errno: ENETDOWN, ENETUNREACH, ENOBUFS, EAGAIN.</returns>
    public int Send(ReadOnlySpan<byte> ipPacket, IpAddress destination)
    {
        var target = new SockaddrIn6
        {
            sin6_family = SocketsAbi.AF_INET6,
            sin6_addr = Octets16.From(destination),
            sin6_scope_id = (uint)_linkIndex,
        };
        int sent = Syscalls.SendTo(_sender, ipPacket, target);
        return sent < 0 ? -sent : 0;
    }

    /// <summary>Takes a waiting packet, with a header. False if none waits, or the interface is down.</summary>
    /// <param name="target">Where to put it, at least 40 octets. A packet that is longer is cut.</param>
    /// <param name="length">Octets put there.</param>
    /// <exception cref="LinuxException">The socket is of no use any more.</exception>
    public bool TryReceive(Span<byte> target, out int length)
    {
        SockaddrIn6 sender = default;
        byte* control = stackalloc byte[ControlSize];
        int received;
        MsgHdr message;
        fixed (byte* payload = target[HeaderSize..])
        {
            var buffer = new IoVec { iov_base = payload, iov_len = (nuint)(target.Length - HeaderSize) };
            message = new MsgHdr
            {
                msg_name = &sender,
                msg_namelen = (uint)sizeof(SockaddrIn6),
                msg_iov = &buffer,
                msg_iovlen = 1,
                msg_control = control,
                msg_controllen = ControlSize,
            };
            received = (int)(ssize_t)LibC.recvmsg(Descriptor.Number, (msghdr*)&message, 0);
        }

        length = 0;
        if (received < 0)
        {
            return LibC.errno is Errno.EAGAIN or Errno.EINTR or Errno.ENETDOWN or Errno.ENOBUFS or Errno.EHOSTUNREACH
                ? false
                : throw new LinuxException("recvmsg", _subject, LibC.errno);
        }

        WriteHeader(target, received, sender, new ReadOnlySpan<byte>(control, (int)message.msg_controllen));
        length = HeaderSize + received;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        Descriptor.Dispose();
    }

    private static void WriteHeader(
        Span<byte> target, int payloadLength, in SockaddrIn6 sender, ReadOnlySpan<byte> control)
    {
        Span<byte> header = target[..HeaderSize];
        header.Clear();
        header[0] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(header[PayloadLengthOffset..], (ushort)payloadLength);
        header[NextHeaderOffset] = SocketsAbi.IPPROTO_VRRP;
        ReadOnlySpan<byte> source = sender.sin6_addr;
        source.CopyTo(header[SourceOffset..]);
        while (TryTake(ref control, out CMsgHdr kind, out ReadOnlySpan<byte> value))
        {
            if (kind is { cmsg_level: SocketsAbi.SOL_IPV6, cmsg_type: SocketsAbi.IPV6_HOPLIMIT } && value.Length >= 4)
            {
                header[HopLimitOffset] = (byte)BinaryPrimitives.ReadInt32LittleEndian(value);
            }
            else if (kind is { cmsg_level: SocketsAbi.SOL_IPV6, cmsg_type: SocketsAbi.IPV6_PKTINFO }
                && value.Length >= IpAddress.SizeV6)
            {
                value[..IpAddress.SizeV6].CopyTo(header[DestinationOffset..]);
            }
        }
    }

    private static bool TryTake(ref ReadOnlySpan<byte> control, out CMsgHdr kind, out ReadOnlySpan<byte> value)
    {
        kind = default;
        value = default;
        if (control.Length < sizeof(CMsgHdr))
        {
            return false;
        }

        kind = System.Runtime.InteropServices.MemoryMarshal.Read<CMsgHdr>(control);
        int length = (int)kind.cmsg_len;
        if (length < sizeof(CMsgHdr) || length > control.Length)
        {
            return false;
        }

        value = control[sizeof(CMsgHdr)..length];
        control = control[Math.Min((length + 7) & ~7, control.Length)..];
        return true;
    }

    private FileDescriptor Open(string linkName)
    {
        int type = LibC.SOCK_RAW | LibC.SOCK_NONBLOCK;
        FileDescriptor opened = Syscalls.Socket(SocketsAbi.AF_INET6, type, SocketsAbi.IPPROTO_VRRP, _subject);
        int errno = Syscalls.TrySetOption(
            opened, LibC.SOL_SOCKET, LibC.SO_BINDTODEVICE, LinkName.From(linkName));
        if (errno == 0)
        {
            return opened;
        }

        opened.Dispose();
        throw new LinuxException("setsockopt", _subject, errno);
    }

    private void Set<TValue>(FileDescriptor socket, int level, int option, TValue value)
        where TValue : unmanaged =>
        Syscalls.SetOption(socket, level, option, value, _subject);
}
