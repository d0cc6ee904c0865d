namespace XdpLvs.Linux.Netlink;

/// <summary>How the kernel would send a packet.</summary>
/// <param name="LinkIndex">Out of which interface; lo for a local address.</param>
/// <param name="Gateway">Next hop in host order; null if the destination is on the link.</param>
/// <param name="PreferredSource">Source address the kernel would choose, host order.</param>
/// <param name="Type">RTN_ number, see the constants of <see cref="Routes"/>.</param>
public readonly record struct RouteInfo(int LinkIndex, uint? Gateway, uint? PreferredSource, byte Type);

/// <summary>The kernel's IPv4 routing decision, over a socket that the caller owns.</summary>
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

    private const uint LookupTable = 0x1000; // RTM_F_LOOKUP_TABLE

    private readonly NetlinkMessageWriter _request = new();

    /// <summary>Asks where a packet would go.</summary>
    /// <param name="destination">Host order.</param>
    /// <param name="source">Host order; must be an address of this machine.</param>
    /// <param name="outLink">Only routes out of this interface.</param>
    /// <returns>Null if the destination is unreachable: no route, or one that forbids it.</returns>
    public RouteInfo? Lookup(uint destination, uint? source = null, int? outLink = null)
    {
        var header = new RtMsg
        {
            rtm_family = NetlinkAbi.AF_INET,
            rtm_dst_len = 32,
            rtm_src_len = (byte)(source is null ? 0 : 32),
            rtm_flags = LookupTable,
        };
        _request.Clear().Begin(NetlinkAbi.RTM_GETROUTE, NetlinkAbi.NLM_F_ACK, header)
            .BigEndian(NetlinkAbi.RTA_DST, destination);
        if (source is not null)
        {
            _request.BigEndian(NetlinkAbi.RTA_SRC, source.Value);
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

        socket.Check(errno, "RTM_GETROUTE", Dotted.Text(destination));
        return route with { PreferredSource = route.PreferredSource ?? source }; // the kernel does not repeat ours
    }

    private static bool TryParse(NetlinkMessage message, out RouteInfo route)
    {
        route = default;
        if (message.Type != NetlinkAbi.RTM_NEWROUTE
            || !message.TryOpen(out RtMsg header, out NetlinkAttributes attributes)
            || header.rtm_family != NetlinkAbi.AF_INET)
        {
            return false;
        }

        route = new RouteInfo(0, null, null, header.rtm_type);
        while (attributes.TryRead(out NetlinkField attribute))
        {
            route = attribute.Type switch
            {
                NetlinkAbi.RTA_OIF => route with { LinkIndex = unchecked((int)attribute.Number) },
                NetlinkAbi.RTA_GATEWAY => route with { Gateway = attribute.BigEndian },
                NetlinkAbi.RTA_PREFSRC => route with { PreferredSource = attribute.BigEndian },
                _ => route,
            };
        }

        return true;
    }

    /// <summary>No route; or an unreachable, prohibit or blackhole one (fib_props, net/ipv4/fib_semantics.c).</summary>
    private bool IsUnreachable(int errno) => errno is Errno.ENETUNREACH or Errno.EHOSTUNREACH or Errno.EACCES
        || (errno == Errno.EINVAL && socket.Explanation is null);
}
