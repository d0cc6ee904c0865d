using System.Runtime.InteropServices;

namespace XdpLvs.Linux.Sockets;

/// <summary>struct sockaddr_in6 of ipv6(7); 28 octets.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal unsafe struct SockaddrIn6
{
    public ushort sin6_family;
    public ushort sin6_port; // network order
    public uint sin6_flowinfo;
    public fixed byte sin6_addr[16];
    public uint sin6_scope_id;
}

/// <summary>struct msghdr of recv(2), on 64-bit machines; 56 octets.</summary>
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

/// <summary>struct iovec of readv(2).</summary>
internal unsafe struct IoVec
{
    public void* iov_base;
    public nuint iov_len;
}

/// <summary>struct cmsghdr of cmsg(3) with the one int that follows it here.</summary>
internal struct CmsgInt
{
    public nuint cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
    public int value;
}

/// <summary>Numbers of ip(7), ipv6(7) and udp(7), under the kernel's names.</summary>
internal static class BfdAbi
{
    public const int AF_INET6 = 10, SOL_IPV6 = 41, SO_PRIORITY = 12;
    public const int IP_TOS = 1, IP_TTL = 2, IP_RECVTTL = 12;
    public const int IPV6_UNICAST_HOPS = 16, IPV6_V6ONLY = 26;
    public const int IPV6_RECVHOPLIMIT = 51, IPV6_HOPLIMIT = 52, IPV6_TCLASS = 67;
}
