using System;
using System.Collections.Generic;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Sockets;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>Where adverts are spoken and heard: instances with the same one share a socket.</summary>
/// <param name="Interface">Its name.</param>
/// <param name="IsV6">Which IP.</param>
/// <param name="Group">The group; null for unicast.</param>
internal readonly record struct VrrpChannel(string Interface, bool IsV6, VrrpAddress? Group)
{
    /// <summary>Where an instance speaks.</summary>
    internal static VrrpChannel Of(InstancePlan plan) => new(
        plan.Interface, plan.Settings.IsV6, plan.Settings.IsUnicast ? null : plan.Settings.MulticastGroup);
}

/// <summary>
/// What the VRRP thread needs of an interface on which instances speak: adverts out and in. Owned by the VRRP thread.
/// </summary>
internal sealed class VrrpPort : IDisposable
{
    private const int PacketOctetsMax = 8192; // 255 IPv6 addresses fit

    private readonly VrrpSocket? _four;
    private readonly VrrpSocketV6? _six;
    private readonly byte[] _incoming = new byte[PacketOctetsMax];
    private readonly byte[] _outgoing = new byte[PacketOctetsMax];
    private ushort _identification;

    internal VrrpPort(LinkInfo link, VrrpChannel channel)
    {
        Link = link;
        Channel = channel;
        if (channel.IsV6)
        {
            _six = new VrrpSocketV6(link.Index, link.Name, channel.Group?.ToLinux());
        }
        else
        {
            _four = new VrrpSocket(
                link.Index, link.Name, channel.Group is not null, channel.Group?.V4 ?? VrrpSocket.Group);
        }
    }

    /// <summary>What it is for.</summary>
    internal VrrpChannel Channel { get; }

    /// <summary>The interface as last heard of.</summary>
    internal LinkInfo Link { get; set; }

    /// <summary>Whether frames can be sent and received.</summary>
    internal bool IsReady => Link.IsUp && Link.IsRunning;

    /// <summary>Instances that speak here.</summary>
    internal List<VrrpRouter> Routers { get; } = [];

    /// <summary>Readable when a packet waits.</summary>
    internal FileDescriptor Descriptor => _four?.Descriptor ?? _six!.Descriptor;

    /// <summary>The next packet that waits, IP header first; empty when none does. Valid until the next call.</summary>
    internal ReadOnlySpan<byte> Receive()
    {
        bool received = _four is not null
            ? _four.TryReceive(_incoming, out int length)
            : _six!.TryReceive(_incoming, out length);
        return received ? _incoming.AsSpan(0, length) : default;
    }

    /// <summary>
    /// Sends an advert to the group, or to each peer. A refusal is the link's affair: the machine goes on, and its
    /// events say so.
    /// </summary>
    internal void Advertise(VrrpSettings self, byte priority)
    {
        if (!self.IsUnicast)
        {
            Send(self, priority, self.MulticastGroup);
            return;
        }

        foreach (UnicastPeer peer in self.Peers)
        {
            Send(self, priority, peer.Address);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _four?.Dispose();
        _six?.Dispose();
    }

    private void Send(VrrpSettings self, byte priority, VrrpAddress destination)
    {
        _identification = unchecked((ushort)(_identification + 1));
        int length = AdvertWriter.Write(_outgoing, self, priority, destination, _identification);
        ReadOnlySpan<byte> packet = _outgoing.AsSpan(0, length);
        _ = _four is not null ? _four.Send(packet, destination.V4) : _six!.Send(packet, destination.ToLinux());
    }
}
