namespace XdpLvs.Linux.Netlink;

/// <summary>struct nlmsghdr of linux/netlink.h: 16 octets, host order.</summary>
internal struct NlMsgHdr
{
    public uint nlmsg_len;
    public ushort nlmsg_type;
    public ushort nlmsg_flags;
    public uint nlmsg_seq;
    public uint nlmsg_pid;
}

/// <summary>struct sockaddr_nl of linux/netlink.h.</summary>
internal struct SockaddrNl
{
    public ushort nl_family;
    public ushort nl_pad;
    public uint nl_pid;
    public uint nl_groups;
}

/// <summary>struct ifinfomsg of linux/rtnetlink.h.</summary>
internal struct IfInfoMsg
{
    public byte ifi_family;
    public byte ifi_pad;
    public ushort ifi_type;
    public int ifi_index;
    public uint ifi_flags;
    public uint ifi_change;
}

/// <summary>struct ifaddrmsg of linux/if_addr.h.</summary>
internal struct IfAddrMsg
{
    public byte ifa_family;
    public byte ifa_prefixlen;
    public byte ifa_flags;
    public byte ifa_scope;
    public uint ifa_index;
}

/// <summary>struct rtmsg of linux/rtnetlink.h.</summary>
internal struct RtMsg
{
    public byte rtm_family;
    public byte rtm_dst_len;
    public byte rtm_src_len;
    public byte rtm_tos;
    public byte rtm_table;
    public byte rtm_protocol;
    public byte rtm_scope;
    public byte rtm_type;
    public uint rtm_flags;
}

/// <summary>struct ndmsg of linux/neighbour.h.</summary>
internal struct NdMsg
{
    public byte ndm_family;
    public byte ndm_pad1;
    public ushort ndm_pad2;
    public int ndm_ifindex;
    public ushort ndm_state;
    public byte ndm_flags;
    public byte ndm_type;
}

/// <summary>Numbers of linux/netlink.h and linux/rtnetlink.h, under the kernel's names.</summary>
internal static class NetlinkAbi
{
    public const int AF_INET = 2, AF_INET6 = 10, AF_NETLINK = 16;
    public const int NETLINK_ROUTE = 0, NETLINK_NETFILTER = 12;
    public const int SOL_NETLINK = 270, NETLINK_ADD_MEMBERSHIP = 1;
    public const int NETLINK_CAP_ACK = 10, NETLINK_EXT_ACK = 11, NETLINK_GET_STRICT_CHK = 12;

    public const ushort NLMSG_NOOP = 1, NLMSG_ERROR = 2, NLMSG_DONE = 3, NLMSG_OVERRUN = 4;
    public const ushort NLM_F_REQUEST = 1, NLM_F_ACK = 4, NLM_F_DUMP_INTR = 0x10, NLM_F_DUMP = 0x300;
    public const ushort NLM_F_EXCL = 0x200, NLM_F_CREATE = 0x400, NLM_F_APPEND = 0x800;
    public const ushort NLM_F_CAPPED = 0x100, NLM_F_ACK_TLVS = 0x200, NLMSGERR_ATTR_MSG = 1;
    public const ushort NLA_F_NESTED = 0x8000, NLA_TYPE_MASK = 0x3FFF;

    public const ushort RTM_NEWLINK = 16, RTM_DELLINK = 17, RTM_GETLINK = 18, RTM_SETLINK = 19;
    public const ushort RTM_NEWADDR = 20, RTM_DELADDR = 21, RTM_GETADDR = 22;
    public const ushort RTM_NEWROUTE = 24, RTM_DELROUTE = 25, RTM_GETROUTE = 26;
    public const ushort RTM_NEWNEIGH = 28, RTM_DELNEIGH = 29, RTM_GETNEIGH = 30;
    public static byte FamilyOf(IpAddress address) => (byte)(address.IsV4 ? AF_INET : AF_INET6);

    public const uint RTNLGRP_LINK = 1, RTNLGRP_NEIGH = 3, RTNLGRP_IPV4_IFADDR = 5, RTNLGRP_IPV4_ROUTE = 7;
    public const uint RTNLGRP_IPV6_IFADDR = 9, RTNLGRP_IPV6_ROUTE = 11;

    public const ushort IFLA_ADDRESS = 1, IFLA_IFNAME = 3, IFLA_MTU = 4, IFLA_MASTER = 10;
    public const ushort IFLA_LINK = 5, IFLA_LINKINFO = 18, IFLA_NUM_TX_QUEUES = 31, IFLA_NUM_RX_QUEUES = 32;
    public const ushort IFLA_LINK_NETNSID = 37;
    public const ushort IFLA_INFO_KIND = 1, IFLA_INFO_DATA = 2, IFLA_INFO_SLAVE_KIND = 4;
    public const ushort IFLA_BOND_MODE = 1, IFLA_IPVLAN_MODE = 1, ARPHRD_ETHER = 1;
    public const uint IFF_UP = 1, IFF_RUNNING = 0x40, IFF_LOWER_UP = 0x10000;

    public const ushort IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_LABEL = 3, IFA_BROADCAST = 4;
    public const ushort IFA_CACHEINFO = 6, IFA_FLAGS = 8;
    public const ushort RTA_DST = 1, RTA_SRC = 2, RTA_OIF = 4, RTA_GATEWAY = 5, RTA_PREFSRC = 7;
    public const ushort NDA_DST = 1, NDA_LLADDR = 2;
    public const byte NTF_USE = 1;
}

/// <summary>struct timeval of sys/time.h on 64-bit machines.</summary>
internal struct Timeval
{
    public long tv_sec;
    public long tv_usec;
}
