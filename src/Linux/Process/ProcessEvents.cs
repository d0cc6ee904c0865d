using System;
using System.Runtime.InteropServices;
using Tmds.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Linux.Process;

/// <summary>The kernel's process connector: tells of every process that begins, changes or ends.</summary>
/// <remarks>
/// linux/cn_proc.h. The kernel serves it in its first network, process and user namespaces only, and to root; whoever
/// uses it must be able to do without. Used by one thread.
/// </remarks>
public sealed class ProcessEvents : IDisposable
{
    private const int NETLINK_CONNECTOR = 11, SO_RCVBUF = 8, ReceiveBufferOctets = 1 << 20;
    private const uint CN_IDX_PROC = 1, CN_VAL_PROC = 1, PROC_CN_MCAST_LISTEN = 1;
    private const ushort NLMSG_DONE = 3;

    private readonly byte[] _datagram = new byte[512];

    private ProcessEvents(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>Readable when something happened. Owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Asks to hear. The kernel's answer comes as an event.</summary>
    /// <returns>Null where there is no connector.</returns>
    public static ProcessEvents? TryOpen()
    {
        FileDescriptor? descriptor = null;
        try
        {
            descriptor = Syscalls.Socket(
                NetlinkAbi.AF_NETLINK, LibC.SOCK_DGRAM | LibC.SOCK_NONBLOCK, NETLINK_CONNECTOR, "process connector");
            Syscalls.TrySetOption(descriptor, LibC.SOL_SOCKET, SO_RCVBUF, ReceiveBufferOctets);
            var address = new SockaddrNl { nl_family = NetlinkAbi.AF_NETLINK, nl_groups = CN_IDX_PROC };
            if (Syscalls.TryBind(descriptor, address) == 0 && Syscalls.Send(descriptor, Wish()) > 0)
            {
                return new ProcessEvents(descriptor);
            }
        }
        catch (LinuxException)
        {
            // the kernel was built without it
        }

        descriptor?.Dispose();
        return null;
    }

    /// <summary>Takes the next event. False: none waits.</summary>
    /// <param name="happened">The event; <see cref="ProcessEventKind.Other"/> for one that does not matter.</param>
    /// <param name="isLost">Events were lost before it: look at all processes again.</param>
    public bool TryRead(out ProcessEvent happened, out bool isLost)
    {
        int length = Syscalls.Receive(Descriptor, _datagram);
        isLost = length == -Errno.ENOBUFS;
        happened = default;
        if (length > 0)
        {
            _ = ProcessEvent.TryRead(_datagram.AsSpan(0, length), out happened);
        }

        return length > 0 || isLost || length == -Errno.EINTR;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>struct nlmsghdr, struct cn_msg, enum proc_cn_mcast_op.</summary>
    private static byte[] Wish()
    {
        byte[] wish = new byte[16 + 20 + sizeof(uint)];
        MemoryMarshal.Write(wish, (uint)wish.Length);
        MemoryMarshal.Write(wish.AsSpan(4), NLMSG_DONE);
        MemoryMarshal.Write(wish.AsSpan(16), CN_IDX_PROC);
        MemoryMarshal.Write(wish.AsSpan(20), CN_VAL_PROC);
        MemoryMarshal.Write(wish.AsSpan(32), (ushort)sizeof(uint));
        MemoryMarshal.Write(wish.AsSpan(36), PROC_CN_MCAST_LISTEN);
        return wish;
    }
}
