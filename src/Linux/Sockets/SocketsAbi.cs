using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace XdpLvs.Linux.Sockets;

/// <summary>struct sockaddr_in of ip(7).</summary>
internal struct SockaddrIn
{
    public ushort sin_family;
    public ushort sin_port;
    public uint sin_addr; // network order
    public ulong sin_zero;
}

/// <summary>struct sockaddr_in6 of ipv6(7).</summary>
internal struct SockaddrIn6
{
    public ushort sin6_family;
    public ushort sin6_port;
    public uint sin6_flowinfo;
    public Octets16 sin6_addr; // network order
    public uint sin6_scope_id;
}

/// <summary>struct ipv6_mreq of ipv6(7).</summary>
internal struct Ipv6Mreq
{
    public Octets16 ipv6mr_multiaddr; // network order
    public int ipv6mr_interface;
}

/// <summary>struct iovec of readv(2).</summary>
internal unsafe struct IoVec
{
    public void* iov_base;
    public nuint iov_len;
}

/// <summary>struct msghdr of recvmsg(2), on 64 bits.</summary>
internal unsafe struct MsgHdr
{
    public void* msg_name;
    public uint msg_namelen;
    public IoVec* msg_iov;
    public nuint msg_iovlen;
    public void* msg_control;
    public nuint msg_controllen;
    public int msg_flags;
}

/// <summary>struct cmsghdr of cmsg(3), on 64 bits: the data follow, and the next header on a multiple of 8.</summary>
internal struct CMsgHdr
{
    public nuint cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
}

/// <summary>An IPv6 address in network order.</summary>
[InlineArray(16)]
internal struct Octets16
{
    private byte _first;

    public static Octets16 From(IpAddress address)
    {
        Octets16 octets = default;
        address.CopyTo(octets);
        return octets;
    }
}

/// <summary>struct sockaddr_ll of packet(7).</summary>
internal unsafe struct SockaddrLl
{
    public ushort sll_family;
    public ushort sll_protocol; // network order
    public int sll_ifindex;
    public ushort sll_hatype;
    public byte sll_pkttype;
    public byte sll_halen;
    public fixed byte sll_addr[8];
}

/// <summary>struct ip_mreqn of ip(7).</summary>
internal struct IpMreqn
{
    public uint imr_multiaddr; // network order
    public uint imr_address; // network order
    public int imr_ifindex;
}

/// <summary>struct packet_mreq of packet(7).</summary>
internal unsafe struct PacketMreq
{
    public int mr_ifindex;
    public ushort mr_type;
    public ushort mr_alen;
    public fixed byte mr_address[8];
}

/// <summary>struct ifreq of netdevice(7), its pointer variant.</summary>
internal unsafe struct IfReq
{
    public LinkName ifr_name;
    public void* ifr_data;
    public fixed byte ifr_rest[16];
}

/// <summary>struct ifreq of net/if.h with ifr_flags.</summary>
internal unsafe struct IfReqFlags
{
    public LinkName ifr_name;
    public short ifr_flags;
    public fixed byte ifr_rest[22];
}

/// <summary>struct ethtool_channels of linux/ethtool.h.</summary>
internal struct EthtoolChannels
{
    public uint cmd;
    public uint max_rx;
    public uint max_tx;
    public uint max_other;
    public uint max_combined;
    public uint rx_count;
    public uint tx_count;
    public uint other_count;
    public uint combined_count;
}

/// <summary>struct ethtool_drvinfo of linux/ethtool.h.</summary>
internal unsafe struct EthtoolDrvinfo
{
    public uint cmd;
    public fixed byte driver[32];
    public fixed byte version[32];
    public fixed byte fw_version[32];
    public fixed byte bus_info[32];
    public fixed byte erom_version[32];
    public fixed byte reserved2[12];
    public uint n_priv_flags;
    public uint n_stats;
    public uint testinfo_len;
    public uint eedump_len;
    public uint regdump_len;
}

/// <summary>struct ethtool_value of linux/ethtool.h.</summary>
internal struct EthtoolValue
{
    public uint cmd;
    public uint data;
}

/// <summary>char[IFNAMSIZ], zero-terminated.</summary>
[InlineArray(16)]
internal struct LinkName
{
    private byte _first;

    /// <exception cref="ArgumentException">No interface can have such a name.</exception>
    public static LinkName From(string name)
    {
        LinkName octets = default;
        int length = Encoding.UTF8.GetByteCount(name);
        if (length is 0 or > 15)
        {
            throw new ArgumentException($"'{name}' cannot be the name of an interface: 1 to 15 octets", nameof(name));
        }

        Encoding.UTF8.GetBytes(name, octets);
        return octets;
    }

    /// <summary>Up to the first zero.</summary>
    public override readonly string ToString()
    {
        ReadOnlySpan<byte> octets = this;
        int end = octets.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? octets : octets[..end]);
    }
}

/// <summary>Numbers of the socket ABI, under the kernel's names.</summary>
internal static class SocketsAbi
{
    public const int AF_INET = 2, AF_INET6 = 10, AF_PACKET = 17;
    public const int SOL_IP = 0, SOL_PACKET = 263, SO_PRIORITY = 12, IPPROTO_VRRP = 112;
    public const int IP_HDRINCL = 3, IP_MULTICAST_IF = 32, IP_MULTICAST_TTL = 33, IP_MULTICAST_LOOP = 34;
    public const int IP_ADD_MEMBERSHIP = 35, IP_MULTICAST_ALL = 49;
    public const int SOL_IPV6 = 41, IPV6_MULTICAST_IF = 17, IPV6_MULTICAST_LOOP = 19, IPV6_JOIN_GROUP = 20;
    public const int IPV6_MULTICAST_ALL = 29, IPV6_HDRINCL = 36, IPV6_RECVPKTINFO = 49, IPV6_PKTINFO = 50;
    public const int IPV6_RECVHOPLIMIT = 51, IPV6_HOPLIMIT = 52;
    public const int PACKET_ADD_MEMBERSHIP = 1, PACKET_MR_PROMISC = 1;
    public const byte PACKET_OUTGOING = 4;
    public const ushort ETH_P_ALL = 3;
    public const uint SIOCETHTOOL = 0x8946, ETHTOOL_GDRVINFO = 3, ETHTOOL_GCHANNELS = 60, ETHTOOL_GGRO = 43;
}
