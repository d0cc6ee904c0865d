using System;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>An interface that carries virtual addresses: the instance's own, or the one that 'dev' names.</summary>
/// <remarks>Owned by the VRRP thread.</remarks>
internal sealed class VipDevice(LinkInfo link) : IDisposable
{
    private readonly FrameSocket _frames = new(link.Index, receive: false);
    private readonly byte[] _frame = new byte[GratuitousArp.Length];

    /// <summary>The interface as last heard of: announcements carry its MAC.</summary>
    internal LinkInfo Link { get; set; } = link;

    /// <summary>Sends one gratuitous ARP. A refusal is the link's affair, and its events tell of it.</summary>
    internal void Announce(uint vip)
    {
        int length = GratuitousArp.Write(_frame, Link.Mac, vip);
        _ = _frames.Send(_frame.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public void Dispose() => _frames.Dispose();
}
