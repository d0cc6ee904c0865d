using System.Collections.Generic;

namespace XdpLvs.Linux.Netlink;

/// <summary>A network interface.</summary>
/// <param name="Index">The kernel's number, unique in its namespace.</param>
/// <param name="Name">Its name now; it can be renamed.</param>
/// <param name="Mac">Ethernet address in 48 bits, octet 0 most significant; 0 if it has none.</param>
/// <param name="Mtu">Octets of network-layer payload.</param>
/// <param name="IsUp">An administrator set it up (IFF_UP).</param>
/// <param name="IsRunning">It has a carrier and is operational (IFF_LOWER_UP and IFF_RUNNING).</param>
/// <param name="MasterIndex">The bridge or bond it belongs to.</param>
/// <param name="RxQueues">Receive queues allocated; see <see cref="Sockets.LinkQueues"/> for those in use.</param>
/// <param name="TxQueues">Transmit queues allocated.</param>
public readonly record struct LinkInfo(
    int Index,
    string Name,
    ulong Mac,
    uint Mtu,
    bool IsUp,
    bool IsRunning,
    int? MasterIndex,
    int RxQueues,
    int TxQueues)
{
    /// <summary>It carries Ethernet frames (ARPHRD_ETHER); a loopback and a tunnel of packets do not.</summary>
    public bool IsEthernet { get; init; }

    /// <summary>The kernel's word for its kind, such as "vlan" or "bond"; empty for most hardware.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The kind of what it is a port of, such as "bridge"; empty when it is none.</summary>
    public string PortKind { get; init; } = "";

    /// <summary>The mode of a kind that has one: IFLA_BOND_MODE or IFLA_IPVLAN_MODE; else null.</summary>
    public int? Mode { get; init; }

    /// <summary>
    /// The interface it is made on (VLAN, macvlan), or a veth's peer; null when not in this namespace.
    /// </summary>
    public int? LowerIndex { get; init; }
}

/// <summary>Network interfaces, over a socket that the caller owns.</summary>
/// <remarks>rtnetlink(7), RTM_GETLINK and RTM_SETLINK.</remarks>
public sealed class Links(NetlinkSocket socket)
{
    private readonly NetlinkMessageWriter _request = new();

    /// <summary>The interface of that name, or null.</summary>
    public LinkInfo? Get(string name)
    {
        _request.Clear().Begin(NetlinkAbi.RTM_GETLINK, NetlinkAbi.NLM_F_ACK, default(IfInfoMsg));
        return Query(_request.Text(NetlinkAbi.IFLA_IFNAME, name), name);
    }

    /// <summary>The interface of that number, or null.</summary>
    public LinkInfo? Get(int index)
    {
        var header = new IfInfoMsg { ifi_index = index };
        return Query(_request.Clear().Begin(NetlinkAbi.RTM_GETLINK, NetlinkAbi.NLM_F_ACK, header), $"link {index}");
    }

    /// <summary>All interfaces of the namespace.</summary>
    public IReadOnlyList<LinkInfo> Dump() => socket.Dump<LinkInfo>(
        _request.Clear().Begin(NetlinkAbi.RTM_GETLINK, NetlinkAbi.NLM_F_DUMP, default(IfInfoMsg)),
        TryParse,
        "RTM_GETLINK",
        "all links");

    /// <summary>Sets an interface up or down.</summary>
    public void SetUp(int index, bool up)
    {
        var header = new IfInfoMsg
        {
            ifi_index = index,
            ifi_flags = up ? NetlinkAbi.IFF_UP : 0,
            ifi_change = NetlinkAbi.IFF_UP,
        };
        _request.Clear().Begin(NetlinkAbi.RTM_SETLINK, NetlinkAbi.NLM_F_ACK, header);
        socket.Request(_request, "RTM_SETLINK", $"link {index} {(up ? "up" : "down")}");
    }

    /// <summary>Reads RTM_NEWLINK and RTM_DELLINK, but not what a bridge says of its ports in the same words.</summary>
    internal static bool TryParse(NetlinkMessage message, out LinkInfo link)
    {
        link = default;
        if (message.Type is not (NetlinkAbi.RTM_NEWLINK or NetlinkAbi.RTM_DELLINK)
            || !message.TryOpen(out IfInfoMsg header, out NetlinkAttributes attributes)
            || header.ifi_family != 0)
        {
            return false;
        }

        const uint Running = NetlinkAbi.IFF_RUNNING | NetlinkAbi.IFF_LOWER_UP;
        link = new LinkInfo(
            header.ifi_index,
            "",
            Mac: 0,
            Mtu: 0,
            (header.ifi_flags & NetlinkAbi.IFF_UP) != 0,
            (header.ifi_flags & Running) == Running,
            MasterIndex: null,
            RxQueues: 1,
            TxQueues: 1)
        { IsEthernet = header.ifi_type == NetlinkAbi.ARPHRD_ETHER };
        bool isLowerElsewhere = attributes.TryFind(NetlinkAbi.IFLA_LINK_NETNSID, out _);
        while (attributes.TryRead(out NetlinkField attribute))
        {
            link = attribute.Type switch
            {
                NetlinkAbi.IFLA_IFNAME => link with { Name = attribute.Text },
                NetlinkAbi.IFLA_ADDRESS => link with { Mac = attribute.Mac ?? 0 },
                NetlinkAbi.IFLA_MTU => link with { Mtu = attribute.Number },
                NetlinkAbi.IFLA_MASTER => link with { MasterIndex = unchecked((int)attribute.Number) },
                NetlinkAbi.IFLA_NUM_RX_QUEUES => link with { RxQueues = unchecked((int)attribute.Number) },
                NetlinkAbi.IFLA_NUM_TX_QUEUES => link with { TxQueues = unchecked((int)attribute.Number) },
                NetlinkAbi.IFLA_LINK when !isLowerElsewhere =>
                    link with { LowerIndex = unchecked((int)attribute.Number) },
                NetlinkAbi.IFLA_LINKINFO => WithKind(link, attribute.Nested),
                _ => link,
            };
        }

        return link.Name.Length > 0;
    }

    private static LinkInfo WithKind(LinkInfo link, NetlinkAttributes info)
    {
        string kind = info.TryFind(NetlinkAbi.IFLA_INFO_KIND, out NetlinkField named) ? named.Text : "";
        string portKind = info.TryFind(NetlinkAbi.IFLA_INFO_SLAVE_KIND, out NetlinkField port) ? port.Text : "";
        int? mode = null;
        if (info.TryFind(NetlinkAbi.IFLA_INFO_DATA, out NetlinkField data))
        {
            mode = kind switch
            {
                "bond" when data.Nested.TryFind(NetlinkAbi.IFLA_BOND_MODE, out NetlinkField bond) => bond.Octet,
                "ipvlan" when data.Nested.TryFind(NetlinkAbi.IFLA_IPVLAN_MODE, out NetlinkField ipvlan) => ipvlan.Short,
                _ => null,
            };
        }

        return link with { Kind = kind, PortKind = portKind, Mode = mode };
    }

    private LinkInfo? Query(NetlinkMessageWriter request, string subject)
    {
        int errno = socket.TryQuery<LinkInfo>(request, TryParse, out LinkInfo link);
        if (errno is Errno.ENODEV or Errno.ERANGE or Errno.EINVAL) // no such name, or one no interface can have
        {
            return null;
        }

        socket.Check(errno, "RTM_GETLINK", subject);
        return link;
    }
}
