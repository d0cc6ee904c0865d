using System;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>
/// The usual filter: what a service may get, addressed to this station. IPv4 with TCP, UDP, SCTP or ICMP; IPv6 with the
/// first three, an ICMPv6 error or an extension header; both in a second VLAN tag too.
/// </summary>
/// <remarks>
/// Classic BPF, Linux Documentation/networking/filter.rst. One VLAN tag has been taken off by then. Coarse: the
/// forwarder looks closer, and what is not its own the kernel has got as well.
/// </remarks>
internal static class PacketFilter
{
    private const ushort LoadWord = 0x20, LoadHalf = 0x28, LoadByte = 0x30, Return = 0x06;
    private const ushort JumpIfEqual = 0x15, JumpIfAbove = 0x25;
    private const uint PacketType = 0xFFFFF004, Protocol = 0xFFFFF000, Network = 0xFFF00000, Whole = uint.MaxValue;
    private const uint PacketHost = 0, Ipv4 = 0x0800, Ipv6 = 0x86DD, Tag = 0x8100, ServiceTag = 0x88A8;
    private const uint Icmp = 1, Tcp = 6, Udp = 17, Icmpv6 = 58, Sctp = 132, LastError = 4;
    private const uint HopByHop = 0, Routing = 43, Fragment = 44, Authentication = 51, Options = 60;

    // Places in the program below.
    private const int Tagged = 7, InIpv4 = 10, InIpv6 = 15, InIcmpv6 = 25, Reject = 28, Accept = 29;

    private static readonly sock_filter[] Instructions =
    [
        Do(LoadWord, PacketType),
        If(1, JumpIfEqual, PacketHost, 2, Reject),
        Do(LoadWord, Protocol),
        If(3, JumpIfEqual, Ipv4, InIpv4, 4),
        If(4, JumpIfEqual, Ipv6, InIpv6, 5),
        If(5, JumpIfEqual, Tag, Tagged, 6),
        If(6, JumpIfEqual, ServiceTag, Tagged, Reject),

        Do(LoadHalf, Network + 2), // the type behind a second tag
        If(8, JumpIfEqual, Ipv4, Accept, 9),
        If(9, JumpIfEqual, Ipv6, Accept, Reject),

        Do(LoadByte, Network + 9),
        If(11, JumpIfEqual, Tcp, Accept, 12),
        If(12, JumpIfEqual, Udp, Accept, 13),
        If(13, JumpIfEqual, Icmp, Accept, 14),
        If(14, JumpIfEqual, Sctp, Accept, Reject),

        Do(LoadByte, Network + 6),
        If(16, JumpIfEqual, Tcp, Accept, 17),
        If(17, JumpIfEqual, Udp, Accept, 18),
        If(18, JumpIfEqual, Sctp, Accept, 19),
        If(19, JumpIfEqual, HopByHop, Accept, 20),
        If(20, JumpIfEqual, Routing, Accept, 21),
        If(21, JumpIfEqual, Fragment, Accept, 22),
        If(22, JumpIfEqual, Authentication, Accept, 23),
        If(23, JumpIfEqual, Options, Accept, 24),
        If(24, JumpIfEqual, Icmpv6, InIcmpv6, Reject),

        Do(LoadByte, Network + 40), // the type; 0 is none
        If(26, JumpIfEqual, 0, Reject, 27),
        If(27, JumpIfAbove, LastError, Reject, Accept),

        Do(Return, 0),
        Do(Return, Whole),
    ];

    /// <summary>Thirty instructions.</summary>
    public static ReadOnlySpan<sock_filter> Program => Instructions;

    private static sock_filter Do(ushort code, uint operand) => new() { code = code, k = operand };

    /// <summary>A jump that stands at a place and goes to one of two others, both behind it.</summary>
    private static sock_filter If(int at, ushort code, uint value, int then, int otherwise) =>
        new() { code = code, k = value, jt = (byte)(then - at - 1), jf = (byte)(otherwise - at - 1) };
}
