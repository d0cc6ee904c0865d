using System;

namespace XdpLvs.Linux.Netlink;

/// <summary>What changed in the kernel.</summary>
public enum NetworkEventKind
{
    /// <summary>An interface is new or changed: <see cref="NetworkEvent.Link"/>.</summary>
    Link,

    /// <summary>An interface is gone: <see cref="NetworkEvent.Link"/>.</summary>
    LinkGone,

    /// <summary>An IPv4 address is new or changed: <see cref="NetworkEvent.Address"/>.</summary>
    Address,

    /// <summary>An IPv4 address is gone: <see cref="NetworkEvent.Address"/>.</summary>
    AddressGone,

    /// <summary>
    /// An IPv6 address is new, changed or gone: of <see cref="NetworkEvent.Address"/> only the interface is set.
    /// </summary>
    AddressV6,

    /// <summary>A neighbour is new or changed state: <see cref="NetworkEvent.Neighbour"/>.</summary>
    Neighbour,

    /// <summary>A neighbour was forgotten: <see cref="NetworkEvent.Neighbour"/>.</summary>
    NeighbourGone,

    /// <summary>Some route changed; look up again.</summary>
    Route,

    /// <summary>Events were lost; list everything again.</summary>
    Overrun,
}

/// <summary>One change. The member named by <paramref name="Kind"/> is set, the others are default.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Link">The interface after the change.</param>
/// <param name="Address">The address.</param>
/// <param name="Neighbour">The neighbour after the change.</param>
public readonly record struct NetworkEvent(
    NetworkEventKind Kind,
    LinkInfo Link = default,
    AddressInfo Address = default,
    NeighbourInfo Neighbour = default)
{
    /// <summary>The interface concerned; 0 for a route and an overrun.</summary>
    public int LinkIndex => Kind switch
    {
        NetworkEventKind.Link or NetworkEventKind.LinkGone => Link.Index,
        NetworkEventKind.Address or NetworkEventKind.AddressGone or NetworkEventKind.AddressV6 => Address.LinkIndex,
        NetworkEventKind.Neighbour or NetworkEventKind.NeighbourGone => Neighbour.LinkIndex,
        _ => 0,
    };
}

/// <summary>Hears of changes to links, addresses, neighbours and routes. Never blocks.</summary>
/// <remarks>
/// Subscribe first, list afterwards: then nothing falls between. A change of the table behind a slow reader's back
/// is reported as <see cref="NetworkEventKind.Overrun"/>.
/// </remarks>
public sealed class RouteEvents : IDisposable
{
    private readonly NetlinkSocket _socket = NetlinkSocket.OpenRouteEvents(
        NetlinkAbi.RTNLGRP_LINK,
        NetlinkAbi.RTNLGRP_IPV4_IFADDR,
        NetlinkAbi.RTNLGRP_IPV6_IFADDR,
        NetlinkAbi.RTNLGRP_NEIGH,
        NetlinkAbi.RTNLGRP_IPV4_ROUTE,
        NetlinkAbi.RTNLGRP_IPV6_ROUTE);

    private byte[] _datagram = [];
    private int _at;
    private int _end;

    /// <summary>Readable when there may be an event. Owned by this object.</summary>
    public FileDescriptor Descriptor => _socket.Descriptor;

    /// <summary>The next event; false if there is none now.</summary>
    public bool TryRead(out NetworkEvent happened)
    {
        while (true)
        {
            while (_at < _end)
            {
                var reader = new NetlinkReader(_datagram.AsSpan(_at, _end - _at));
                bool whole = reader.TryRead(out NetlinkMessage message);
                _at = whole ? Math.Min(_at + ((16 + message.Payload.Length + 3) & ~3), _end) : _end;
                if (whole && TryParse(message, out happened))
                {
                    return true;
                }
            }

            int errno = _socket.TryReceive(out ReadOnlySpan<byte> datagram);
            if (errno == Errno.EAGAIN)
            {
                happened = default;
                return false;
            }

            if (errno == Errno.ENOBUFS)
            {
                happened = new NetworkEvent(NetworkEventKind.Overrun);
                return true;
            }

            _socket.Check(errno, "recv", "NETLINK_ROUTE events");
            Keep(datagram);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    internal static bool TryParse(NetlinkMessage message, out NetworkEvent happened)
    {
        bool gone = message.Type is NetlinkAbi.RTM_DELLINK or NetlinkAbi.RTM_DELADDR or NetlinkAbi.RTM_DELNEIGH;
        happened = default;
        if (Links.TryParse(message, out LinkInfo link))
        {
            happened = new NetworkEvent(gone ? NetworkEventKind.LinkGone : NetworkEventKind.Link, Link: link);
            return true;
        }

        if (Addresses.TryParse(message, out AddressInfo address))
        {
            var kind = gone ? NetworkEventKind.AddressGone : NetworkEventKind.Address;
            happened = new NetworkEvent(kind, Address: address);
            return true;
        }

        if (Addresses.TryParseV6(message, out AddressInfoV6 six))
        {
            var where = new AddressInfo { LinkIndex = six.LinkIndex };
            happened = new NetworkEvent(NetworkEventKind.AddressV6, Address: where);
            return true;
        }

        if (Neighbours.TryParse(message, out NeighbourInfo neighbour))
        {
            var kind = gone ? NetworkEventKind.NeighbourGone : NetworkEventKind.Neighbour;
            happened = new NetworkEvent(kind, Neighbour: neighbour);
            return true;
        }

        happened = new NetworkEvent(NetworkEventKind.Route);
        return message.Type is NetlinkAbi.RTM_NEWROUTE or NetlinkAbi.RTM_DELROUTE;
    }

    private void Keep(ReadOnlySpan<byte> datagram)
    {
        if (_datagram.Length < datagram.Length)
        {
            _datagram = new byte[datagram.Length];
        }

        datagram.CopyTo(_datagram);
        (_at, _end) = (0, datagram.Length);
    }
}
