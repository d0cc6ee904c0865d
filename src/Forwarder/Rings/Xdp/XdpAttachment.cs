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
    private const int AttemptsMax = 10, AttemptMicroseconds = 30_000;

    private readonly List<XskSocket> _sockets = [];
    private readonly string? _pin;
    private XdpLink _link;
    private bool _awaitsProgram;

    private XdpAttachment(SteeringProgram steering, XdpLink link, string? pin, bool awaitsProgram)
    {
        Steering = steering;
        _link = link;
        _pin = pin;
        _awaitsProgram = awaitsProgram;
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
    /// <param name="pin">Name on a BPF file system by which the program stays attached when this process dies; one that
    /// did is taken over. Null for none.</param>
    /// <param name="fellBack">Hears one line when zero-copy is refused.</param>
    /// <exception cref="LinuxException">Refused; nothing is left behind.</exception>
    public static XdpAttachment Open(
        Nic nic, bool nativeFirst, OffloadPoint? offload, string? pin, Action<string> fellBack)
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
            string? nativeRefusal = null;
            XdpLink? left = OpenLeft(nativeFirst, pin);
            XdpLink link = left ?? Attach(steering.Program, nic, nativeFirst, out nativeRefusal);
            made = new XdpAttachment(steering, link, pin, left is not null) { NativeRefusal = nativeRefusal };
            bool isNative = made._link.Mode == XdpMode.Native, zeroCopy = isNative;
            for (int queue = 0; queue < nic.Queues; queue++)
            {
                XskSocket socket = XskSocket.Open(
                    nic.Index, nic.Name, queue, geometry, isNative ? 0 : nic.Mtu, zeroCopy, fellBack);
                made._sockets.Add(socket);
                steering.SetSocket(queue, socket);
                zeroCopy &= socket.IsZeroCopy; // asked once, not once a queue
            }

            made.Pin();
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
        if (_pin is not null)
        {
            Unpin(_pin);
        }

        _link.Dispose();
        foreach (XskSocket socket in _sockets)
        {
            socket.Dispose();
        }

        Steering.Dispose();
    }

    /// <summary>Takes away the names of a link, with which goes the link if nobody holds it.</summary>
    public static void Unpin(string pin)
    {
        BpfPins.Unpin(NameOf(pin, XdpMode.Native));
        BpfPins.Unpin(NameOf(pin, XdpMode.Generic));
    }

    private static string NameOf(string pin, XdpMode mode) =>
        $"{pin}_{(mode == XdpMode.Native ? "native" : "generic")}";

    /// <summary>
    /// Puts this program in the place of one that a director left when it died: that one has forwarded until now.
    /// Called when all is ready for the frames.
    /// </summary>
    /// <exception cref="LinuxException">Neither it nor a new link takes the program.</exception>
    public void TakeOver(Nic nic)
    {
        if (!_awaitsProgram)
        {
            return;
        }

        _awaitsProgram = false;
        if (!_link.TryReplace(Steering.Program))
        {
            bool isNative = _link.Mode == XdpMode.Native;
            Unpin(_pin!); // its interface is another one by now
            _link.Dispose();
            _link = Attach(Steering.Program, nic, isNative, out _);
            Pin();
        }
    }

    /// <summary>What a director left attached that died, if it is in a mode that will do.</summary>
    private static XdpLink? OpenLeft(bool nativeFirst, string? pin)
    {
        if (pin is null)
        {
            return null;
        }

        XdpLink? left = nativeFirst ? XdpLink.TryOpen(NameOf(pin, XdpMode.Native), XdpMode.Native) : null;
        left ??= XdpLink.TryOpen(NameOf(pin, XdpMode.Generic), XdpMode.Generic);
        if (left is null)
        {
            Unpin(pin);
        }

        return left;
    }

    private void Pin()
    {
        if (_pin is not null)
        {
            string name = NameOf(_pin, _link.Mode);
            BpfPins.Unpin(name);
            _link.Pin(name);
        }
    }

    private static XdpLink Attach(BpfProgram program, Nic nic, bool nativeFirst, out string? nativeRefusal)
    {
        nativeRefusal = null;
        if (nativeFirst)
        {
            (XdpLink? native, int refused) = TryAttach(program, nic, XdpMode.Native);
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

        (XdpLink? generic, int errno) = TryAttach(program, nic, XdpMode.Generic);
        return generic ?? throw (errno is Errno.EBUSY or Errno.EEXIST
            ? Taken(nic, errno)
            : new LinuxException("attach XDP", nic.Name, errno));
    }

    /// <summary>Attaches; a link that was given up a moment ago is let go by the kernel a moment later.</summary>
    private static (XdpLink? Link, int Errno) TryAttach(BpfProgram program, Nic nic, XdpMode mode)
    {
        for (int attempt = 1; ; attempt++)
        {
            (XdpLink? link, int errno) = XdpLink.TryAttach(program, nic.Index, mode);
            if (errno is not (Errno.EBUSY or Errno.EEXIST) || attempt == AttemptsMax)
            {
                return (link, errno);
            }

            _ = Syscalls.Poll([], AttemptMicroseconds);
        }
    }

    private static LinuxException Taken(Nic nic, int errno) => new(
        "attach XDP", nic.Name, errno,
        $"another XDP program is attached to {nic.Name}{(errno == Errno.EEXIST ? " or to an interface on it" : "")}, "
        + $"perhaps by another xdplvs; see 'ip link show dev {nic.Name}'");
}
