using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>The steering program on one interface, with an AF_XDP socket behind each of its queues.</summary>
/// <remarks>Held by a bpf_link: when this object or the process ends, the interface is as it was.</remarks>
public sealed class XdpAttachment : IDisposable
{
    private readonly List<XskSocket> _sockets = [];
    private readonly XdpLink _link;

    private XdpAttachment(SteeringProgram steering, XdpLink link)
    {
        Steering = steering;
        _link = link;
    }

    /// <summary>Decides which frames come here.</summary>
    public SteeringProgram Steering { get; }

    /// <summary>One socket for each queue, in the order of the queues.</summary>
    public IReadOnlyList<XskSocket> Sockets => _sockets;

    /// <summary>Why the program is not in the driver; null when it is, or when nobody asked for that.</summary>
    public string? NativeRefusal { get; private init; }

    /// <summary>"native, zero-copy" and the like.</summary>
    public string Description =>
        $"XDP {(_link.Mode == XdpMode.Native ? "native" : "generic")}, "
        + (_sockets.Count > 0 && _sockets[0].IsZeroCopy ? "zero-copy" : "copy");

    /// <summary>Attaches in the driver if it can, else generically, and opens the sockets.</summary>
    /// <param name="nic">The interface; it is up.</param>
    /// <param name="nativeFirst">False goes to generic mode at once.</param>
    /// <param name="offload">What the program forwards by itself; null for nothing. It stays its owner's.</param>
    /// <param name="fellBack">Hears one line when zero-copy is refused.</param>
    /// <exception cref="LinuxException">Refused; nothing is left behind.</exception>
    public static XdpAttachment Open(
        Nic nic, bool nativeFirst, OffloadPoint? offload, Action<string> fellBack)
    {
        if (!UmemGeometry.TryFor(nic.Mtu, out UmemGeometry geometry))
        {
            throw new LinuxException("AF_XDP", $"{nic.Name} MTU {nic.Mtu}", Errno.EMSGSIZE,
                $"a frame memory chunk holds an MTU of {UmemGeometry.MtuMax} at most; "
                + "lower the MTU or use --io packet");
        }

        var steering = new SteeringProgram(nic.Mac, offload);
        XdpAttachment? made = null;
        try
        {
            XdpLink link = Attach(steering.Program, nic, nativeFirst, out string? nativeRefusal);
            made = new XdpAttachment(steering, link) { NativeRefusal = nativeRefusal };
            bool zeroCopy = made._link.Mode == XdpMode.Native;
            for (int queue = 0; queue < nic.Queues; queue++)
            {
                XskSocket socket = XskSocket.Open(nic.Index, nic.Name, queue, geometry, zeroCopy, fellBack);
                made._sockets.Add(socket);
                steering.SetSocket(queue, socket);
                zeroCopy &= socket.IsZeroCopy; // asked once, not once a queue
            }

            return made;
        }
        catch
        {
            made?.Dispose();
            steering.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _link.Dispose();
        foreach (XskSocket socket in _sockets)
        {
            socket.Dispose();
        }

        Steering.Dispose();
    }

    private static XdpLink Attach(BpfProgram program, Nic nic, bool nativeFirst, out string? nativeRefusal)
    {
        nativeRefusal = null;
        if (nativeFirst)
        {
            (XdpLink? native, int refused) = XdpLink.TryAttach(program, nic.Index, XdpMode.Native);
            if (native is not null)
            {
                return native;
            }

            if (refused is Errno.EBUSY or Errno.EEXIST)
            {
                throw Taken(nic, refused);
            }

            nativeRefusal = $"the driver refused it ({Errno.Name(refused)})";
        }

        (XdpLink? generic, int errno) = XdpLink.TryAttach(program, nic.Index, XdpMode.Generic);
        return generic ?? throw (errno is Errno.EBUSY or Errno.EEXIST
            ? Taken(nic, errno)
            : new LinuxException("attach XDP", nic.Name, errno));
    }

    private static LinuxException Taken(Nic nic, int errno) => new(
        "attach XDP", nic.Name, errno,
        $"another XDP program is attached to {nic.Name}{(errno == Errno.EEXIST ? " or to an interface on it" : "")}, "
        + $"perhaps by another xdplvs; see 'ip link show dev {nic.Name}'");
}
