using System;

namespace XdpLvs.Linux.Bpf;

/// <summary>Where in the receive path an XDP program runs.</summary>
public enum XdpMode
{
    /// <summary>In the driver, before the kernel builds a packet buffer.</summary>
    Native,

    /// <summary>After the kernel built a packet buffer: any interface can, at a cost.</summary>
    Generic,
}

/// <summary>An XDP program attached to one interface until this object or the process ends.</summary>
/// <remarks>A bpf_link: the kernel detaches it when the last descriptor closes, also after a crash.</remarks>
public sealed class XdpLink : IDisposable
{
    private const uint AttachXdp = 37, FlagGeneric = 1 << 1, FlagNative = 1 << 2;

    private readonly FileDescriptor _link;

    private XdpLink(FileDescriptor link, XdpMode mode)
    {
        _link = link;
        Mode = mode;
    }

    /// <summary>How it is attached.</summary>
    public XdpMode Mode { get; }

    /// <summary>Attaches, or returns the positive errno with which the kernel refused.</summary>
    public static (XdpLink? Link, int Errno) TryAttach(BpfProgram program, int interfaceIndex, XdpMode mode)
    {
        var attributes = new LinkCreateAttributes
        {
            prog_fd = (uint)program.Descriptor.Number,
            target_ifindex = (uint)interfaceIndex,
            attach_type = AttachXdp,
            flags = mode == XdpMode.Native ? FlagNative : FlagGeneric,
        };
        long result = BpfCall.Try(BpfAbi.LinkCreate, ref attributes);
        return result >= 0 ? (new XdpLink(new FileDescriptor((int)result), mode), 0) : (null, (int)-result);
    }

    /// <summary>A link that has a name; null when there is none.</summary>
    /// <param name="path">On a BPF file system.</param>
    /// <param name="mode">In which it was attached.</param>
    public static XdpLink? TryOpen(string path, XdpMode mode) =>
        BpfPins.TryOpen(path) is { } link ? new XdpLink(link, mode) : null;

    /// <summary>Puts another program in the place of the one attached: no frame sees none of the two.</summary>
    /// <returns>False when the interface is gone, or the kernel refuses.</returns>
    public bool TryReplace(BpfProgram program)
    {
        var attributes = new LinkUpdateAttributes
        {
            link_fd = (uint)_link.Number,
            new_prog_fd = (uint)program.Descriptor.Number,
        };
        return BpfCall.Try(BpfAbi.LinkUpdate, ref attributes) >= 0;
    }

    /// <summary>Gives the link a name: it stays attached for as long as it has one.</summary>
    /// <exception cref="LinuxException">Refused.</exception>
    public void Pin(string path) => BpfPins.Pin(_link, path);

    /// <summary>Detaches, unless the link has a name.</summary>
    public void Dispose() => _link.Dispose();
}
