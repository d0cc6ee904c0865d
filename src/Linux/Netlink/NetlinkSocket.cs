using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Tmds.Linux;

namespace XdpLvs.Linux.Netlink;

/// <summary>Turns one message into an item; false for a message that is not of interest.</summary>
public delegate bool NetlinkParser<T>(NetlinkMessage message, out T item);

/// <summary>A netlink socket: requests with their answer, dumps, and notifications. One thread at a time.</summary>
/// <remarks>netlink(7). A request that is acknowledged without an answer allocates nothing.</remarks>
public sealed unsafe class NetlinkSocket : IDisposable
{
    private const int ReceiveBufferOctets = 4 << 20, SendBufferOctets = 8 << 20, DatagramOctetsMax = 64 << 10;
    private const int DumpAttempts = 20, AnswerTimeoutSeconds = 5, SO_RCVBUF = 8, SO_SNDBUF = 7;
    private const int SO_SNDBUFFORCE = 32;

    private readonly byte[] _datagram = new byte[DatagramOctetsMax];
    private readonly string _subject;
    private uint _sequence = 1;

    private NetlinkSocket(int protocol, bool nonBlocking, string subject)
    {
        _subject = subject;
        int type = LibC.SOCK_RAW | (nonBlocking ? LibC.SOCK_NONBLOCK : 0);
        Descriptor = Syscalls.Socket(NetlinkAbi.AF_NETLINK, type, protocol, subject);
        try
        {
            Widen(LibC.SO_RCVBUFFORCE, SO_RCVBUF, ReceiveBufferOctets);
            Widen(SO_SNDBUFFORCE, SO_SNDBUF, SendBufferOctets);
            var patience = new Timeval { tv_sec = AnswerTimeoutSeconds };
            Syscalls.SetOption(Descriptor, LibC.SOL_SOCKET, LibC.SO_RCVTIMEO, patience, subject);

            // Kernels before 4.12 and 4.20 lack these; their absence costs the explanation and the filter only.
            _ = Syscalls.TrySetOption(Descriptor, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_EXT_ACK, 1);
            _ = Syscalls.TrySetOption(Descriptor, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_CAP_ACK, 1);
            _ = Syscalls.TrySetOption(Descriptor, NetlinkAbi.SOL_NETLINK, NetlinkAbi.NETLINK_GET_STRICT_CHK, 1);
            Syscalls.Bind(Descriptor, new SockaddrNl { nl_family = NetlinkAbi.AF_NETLINK }, subject);
        }
        catch
        {
            Descriptor.Dispose();
            throw;
        }
    }

    /// <summary>The socket, for polling. It stays owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>What the kernel said about the last refusal, if it said anything (NLMSGERR_ATTR_MSG).</summary>
    public string? Explanation { get; private set; }

    /// <summary>A socket for links, addresses, routes and neighbours: rtnetlink(7).</summary>
    public static NetlinkSocket OpenRoute() => new(NetlinkAbi.NETLINK_ROUTE, nonBlocking: false, "NETLINK_ROUTE");

    /// <summary>A socket for nf_tables.</summary>
    public static NetlinkSocket OpenNetfilter() =>
        new(NetlinkAbi.NETLINK_NETFILTER, nonBlocking: false, "NETLINK_NETFILTER");

    /// <summary>A non-blocking rtnetlink socket that hears notifications.</summary>
    /// <param name="groups">RTNLGRP_ numbers.</param>
    internal static NetlinkSocket OpenRouteEvents(params ReadOnlySpan<uint> groups)
    {
        var socket = new NetlinkSocket(NetlinkAbi.NETLINK_ROUTE, nonBlocking: true, "NETLINK_ROUTE events");
        foreach (uint group in groups)
        {
            Syscalls.SetOption(
                socket.Descriptor,
                NetlinkAbi.SOL_NETLINK,
                NetlinkAbi.NETLINK_ADD_MEMBERSHIP,
                group,
                socket._subject);
        }

        return socket;
    }

    /// <summary>Sends a request and waits for the kernel's verdict.</summary>
    /// <param name="request">Its last message, or the last but a batch's end, carries NLM_F_ACK.</param>
    /// <returns>0, or a positive errno; see <see cref="Explanation"/>.</returns>
    public int TryRequest(NetlinkMessageWriter request) => Exchange<int>(request, parse: null, found: null);

    /// <summary>As <see cref="TryRequest"/>, and throws what is refused.</summary>
    /// <param name="request">See <see cref="TryRequest"/>.</param>
    /// <param name="call">What was asked, such as "RTM_SETLINK".</param>
    /// <param name="subject">Of what, in the operator's words.</param>
    public void Request(NetlinkMessageWriter request, string call, string subject) =>
        Check(TryRequest(request), call, subject);

    /// <summary>Sends a request that is answered by one item and an acknowledgement.</summary>
    /// <returns>0 with <paramref name="item"/> set, or a positive errno; ENOENT if the answer held no item.</returns>
    public int TryQuery<T>(NetlinkMessageWriter request, NetlinkParser<T> parse, out T? item)
    {
        var found = new List<T>(1);
        int errno = Exchange(request, parse, found);
        item = found.Count > 0 ? found[0] : default;
        return errno == 0 && found.Count == 0 ? Errno.ENOENT : errno;
    }

    /// <summary>Lists a kernel table, again from the start whenever it changed meanwhile.</summary>
    public IReadOnlyList<T> Dump<T>(NetlinkMessageWriter request, NetlinkParser<T> parse, string call, string subject)
    {
        var found = new List<T>();
        int errno = Errno.EINTR;
        for (int attempt = 0; attempt < DumpAttempts && errno is Errno.EINTR or Errno.ENOBUFS; attempt++)
        {
            found.Clear();
            errno = Exchange(request, parse, found);
        }

        Check(errno, call, subject);
        return found;
    }

    /// <summary>Throws unless <paramref name="errno"/> is 0, with what the kernel said.</summary>
    internal void Check(int errno, string call, string subject)
    {
        if (errno != 0)
        {
            throw new LinuxException(call, subject, errno, Explanation);
        }
    }

    /// <summary>One datagram from the kernel, in this object's buffer until the next call.</summary>
    /// <returns>0, or a positive errno: EAGAIN if there is none, ENOBUFS if some were lost.</returns>
    internal int TryReceive(out ReadOnlySpan<byte> datagram)
    {
        datagram = default;
        while (true)
        {
            SockaddrNl sender = default;
            socklen_t senderLength = (socklen_t)(uint)sizeof(SockaddrNl);
            int length;
            fixed (byte* pointer = _datagram)
            {
                length = (int)(ssize_t)LibC.recvfrom(
                    Descriptor.Number,
                    pointer,
                    (size_t)(uint)_datagram.Length,
                    LibC.MSG_TRUNC,
                    (sockaddr*)&sender,
                    &senderLength);
            }

            if (length < 0 && LibC.errno != Errno.EINTR)
            {
                return LibC.errno;
            }

            if (length > _datagram.Length)
            {
                return Errno.ENOBUFS;
            }

            if (length >= 0 && sender.nl_pid == 0) // other processes can send to a netlink socket; only 0 is the kernel
            {
                datagram = _datagram.AsSpan(0, length);
                return 0;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private int Exchange<T>(NetlinkMessageWriter request, NetlinkParser<T>? parse, List<T>? found)
    {
        Explanation = null;
        uint first = _sequence;
        uint awaited = request.Stamp(first);
        _sequence = unchecked(awaited + 1024); // answers to what was sent before can then not be taken for ours

        int sent = Syscalls.Send(Descriptor, request.Octets);
        if (sent < 0)
        {
            return -sent;
        }

        bool interrupted = false;
        while (true)
        {
            int errno = TryReceive(out ReadOnlySpan<byte> datagram);
            if (errno != 0)
            {
                Explanation = errno == Errno.EAGAIN ? "the kernel did not answer" : null;
                return errno;
            }

            var reader = new NetlinkReader(datagram);
            while (reader.TryRead(out NetlinkMessage message))
            {
                uint offset = unchecked(message.Sequence - first);
                if (offset > unchecked(awaited - first))
                {
                    continue; // the answer to an older request, or a batch's end
                }

                interrupted |= (message.Flags & NetlinkAbi.NLM_F_DUMP_INTR) != 0;
                int? verdict = Verdict(message, awaited);
                if (verdict.HasValue)
                {
                    return interrupted && verdict == 0 ? Errno.EINTR : verdict.Value;
                }

                if (message.Type > NetlinkAbi.NLMSG_OVERRUN && parse is not null && parse(message, out T item))
                {
                    found!.Add(item);
                }
            }
        }
    }

    /// <summary>The errno that ends an exchange, or null if it goes on.</summary>
    private int? Verdict(NetlinkMessage message, uint awaited)
    {
        if (message.Type is not (NetlinkAbi.NLMSG_ERROR or NetlinkAbi.NLMSG_DONE))
        {
            return null;
        }

        int error = MemoryMarshal.TryRead(message.Payload, out int code) ? code : 0;
        if (error < 0)
        {
            Explanation = ReadExplanation(message);
            return error == int.MinValue ? Errno.EINVAL : -error;
        }

        return message.Type == NetlinkAbi.NLMSG_DONE || message.Sequence == awaited ? 0 : null;
    }

    /// <summary>The text behind an nlmsgerr: after error number and request, whole or its header only.</summary>
    private static string? ReadExplanation(NetlinkMessage message)
    {
        if (message.Type != NetlinkAbi.NLMSG_ERROR
            || (message.Flags & NetlinkAbi.NLM_F_ACK_TLVS) == 0
            || message.Payload.Length < sizeof(int) + sizeof(NlMsgHdr))
        {
            return null;
        }

        uint quoted = (message.Flags & NetlinkAbi.NLM_F_CAPPED) != 0
            ? (uint)sizeof(NlMsgHdr)
            : MemoryMarshal.Read<NlMsgHdr>(message.Payload[sizeof(int)..]).nlmsg_len;
        long start = sizeof(int) + (((long)quoted + 3) & ~3L);
        return start <= message.Payload.Length
            && new NetlinkAttributes(message.Payload[(int)start..])
                .TryFind(NetlinkAbi.NLMSGERR_ATTR_MSG, out NetlinkField text)
            ? text.Text
            : null;
    }

    private void Widen(int forced, int limited, int octets)
    {
        if (Syscalls.TrySetOption(Descriptor, LibC.SOL_SOCKET, forced, octets) != 0)
        {
            _ = Syscalls.TrySetOption(Descriptor, LibC.SOL_SOCKET, limited, octets);
        }
    }
}
