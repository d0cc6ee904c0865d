namespace XdpLvs.Linux.Netlink;

/// <summary>How the kernel would send a packet.</summary>
/// <param name="LinkIndex">Out of which interface; lo for a local address.</param>
/// <param name="Gateway">Next hop; null if the destination is on the link.</param>
/// <param name="PreferredSource">Source address the kernel would choose.</param>
/// <param name="Type">RTN_ number, see the constants of <see cref="Routes"/>.</param>
public readonly record struct RouteInfo(int LinkIndex, IpAddress? Gateway, IpAddress? PreferredSource, byte Type);

/// <summary>The kernel's routing decision, over a socket that the caller owns.</summary>
/// <remarks>rtnetlink(7), RTM_GETROUTE without a dump, as "ip route get" does.</remarks>
public sealed class Routes(NetlinkSocket socket)
{
    /// <summary>RTN_UNICAST: through a gateway or on the link.</summary>
    public const byte Unicast = 1;

    /// <summary>RTN_LOCAL: the destination is this machine.</summary>
    public const byte Local = 2;

    /// <summary>RTN_BROADCAST.</summary>
    public const byte Broadcast = 3;

    /// <summary>RTN_MULTICAST.</summary>
    public const byte Multicast = 5;

    /// <summary>
    /// RTM_F_LOOKUP_TABLE: the answer names the table in which it was found. IPv6 does so anyway and refuses the flag
    /// (inet6_rtm_valid_getroute_req, net/ipv6/route.c).
    /// </summary>
    private const uint LookupTable = 0x1000;

    private readonly NetlinkMessageWriter _request = new();

    /// <summary>Asks where a packet would go.</summary>
    /// <param name="destination">Of either family.</param>
    /// <param name="source">Of the same family; must be an address of this machine.</param>
    /// <param name="outLink">Only routes out of this interface.</param>
    /// <returns>Null if the destination is unreachable: no route, or one that forbids it.</returns>
    public RouteInfo? Lookup(IpAddress destination, IpAddress? source = null, int? outLink = null)
    {
        byte bits = destination.IsV4 ? (byte)32 : (byte)128;
        var header = new RtMsg
        {
            rtm_family = NetlinkAbi.FamilyOf(destination),
            rtm_dst_len = bits,
            rtm_src_len = source is null ? (byte)0 : bits,
            rtm_flags = destination.IsV4 ? LookupTable : 0,
        };
        _request.Clear().Begin(NetlinkAbi.RTM_GETROUTE, NetlinkAbi.NLM_F_ACK, header)
            .Address(NetlinkAbi.RTA_DST, destination);
        if (source is not null)
        {
            _request.Address(NetlinkAbi.RTA_SRC, source.Value);
        }

        if (outLink is not null)
        {
            _request.Number(NetlinkAbi.RTA_OIF, (uint)outLink.Value);
        }

        int errno = socket.TryQuery<RouteInfo>(_request, TryParse, out RouteInfo route);
        if (IsUnreachable(errno))
        {
            return null;
        }

        socket.Check(errno, "RTM_GETROUTE", destination.ToString());
        return route with { PreferredSource = route.PreferredSource ?? source }; // the kernel does not repeat ours
    }

    private static bool TryParse(NetlinkMessage message, out RouteInfo route)
    {
        route = default;
        if (message.Type != NetlinkAbi.RTM_NEWROUTE
            || !message.TryOpen(out RtMsg header, out NetlinkAttributes attributes)
            || header.rtm_family is not (NetlinkAbi.AF_INET or NetlinkAbi.AF_INET6))
        {
            return false;
        }

        route = new RouteInfo(0, null, null, header.rtm_type);
        while (attributes.TryRead(out NetlinkField attribute))
        {
            route = attribute.Type switch
            {
                NetlinkAbi.RTA_OIF => route with { LinkIndex = unchecked((int)attribute.Number) },
                NetlinkAbi.RTA_GATEWAY => route with { Gateway = attribute.Address },
                NetlinkAbi.RTA_PREFSRC => route with { PreferredSource = attribute.Address },
                _ => route,
            };
        }

        return true;
    }

    /// <summary>No route; or an unreachable, prohibit or blackhole one (fib_props, net/ipv4/fib_semantics.c).</summary>
    private bool IsUnreachable(int errno) => errno is Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EACCES
        || (errno == Errno.EINVAL && socket.Explanation is null);
}
