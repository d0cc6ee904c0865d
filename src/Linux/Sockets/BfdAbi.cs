namespace XdpLvs.Linux.Sockets;

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
