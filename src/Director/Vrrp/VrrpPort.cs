using System;
using System.Collections.Generic;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>
/// What the VRRP thread needs of an interface on which instances speak: adverts out and in. Owned by the VRRP thread.
/// </summary>
internal sealed class VrrpPort : IDisposable
{
    private const int PacketOctetsMax = 2048;

    private readonly VrrpSocket _adverts;
    private readonly byte[] _incoming = new byte[PacketOctetsMax];
    private readonly byte[] _outgoing = new byte[PacketOctetsMax];
    private ushort _identification;

    internal VrrpPort(LinkInfo link)
    {
        Link = link;
        _adverts = new VrrpSocket(link.Index, link.Name);
    }

    /// <summary>The interface as last heard of.</summary>
    internal LinkInfo Link { get; set; }

    /// <summary>Whether frames can be sent and received.</summary>
    internal bool IsReady => Link.IsUp && Link.IsRunning;

    /// <summary>Instances that speak here.</summary>
    internal List<VrrpRouter> Routers { get; } = [];

    /// <summary>Readable when a packet waits.</summary>
    internal FileDescriptor Descriptor => _adverts.Descriptor;

    /// <summary>The next packet that waits, IP header first; empty when none does. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> Receive() =>
        _adverts.TryReceive(_incoming, out int length) ? _incoming.AsSpan(0, length) : default;

    /// <summary>Sends an advert. A refusal is the link's affair: the machine goes on, and its events say so.</summary>
    internal void Advertise(VrrpSettings self, byte priority)
    {
        _identification = unchecked((ushort)(_identification + 1));
        int length = AdvertWriter.Write(_outgoing, self, priority, _identification);
        _ = _adverts.Send(_outgoing.AsSpan(0, length), self.Destination);
    }

    /// <inheritdoc/>
    public void Dispose() => _adverts.Dispose();
}
