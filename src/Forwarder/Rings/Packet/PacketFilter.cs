using System;

namespace XdpLvs.Forwarder.Rings.Packet;

/// <summary>The usual filter: IPv4 with TCP, UDP or ICMP, addressed to this station.</summary>
/// <remarks>Classic BPF, Linux Documentation/networking/filter.rst. VLAN tags have been taken off by then.</remarks>
internal static class PacketFilter
{
    private const ushort LoadWord = 0x20, LoadByte = 0x30, JumpIfEqual = 0x15, Return = 0x06;
    private const uint PacketType = 0xFFFFF004, Protocol = 0xFFFFF000, IpProtocol = 0xFFF00000 + 9;
    private const uint PacketHost = 0, EtherTypeIpv4 = 0x0800, Icmp = 1, Tcp = 6, Udp = 17, Whole = uint.MaxValue;

    private static readonly sock_filter[] Instructions =
    [
        Do(LoadWord, PacketType),
        If(PacketHost, otherwise: 7),
        Do(LoadWord, Protocol),
        If(EtherTypeIpv4, otherwise: 5),
        Do(LoadByte, IpProtocol),
        If(Tcp, then: 2),
        If(Udp, then: 1),
        If(Icmp, otherwise: 1),
        Do(Return, Whole),
        Do(Return, 0),
    ];

    /// <summary>Ten instructions.</summary>
    public static ReadOnlySpan<sock_filter> Program => Instructions;

    private static sock_filter Do(ushort code, uint operand) => new() { code = code, k = operand };

    private static sock_filter If(uint value, byte then = 0, byte otherwise = 0) =>
        new() { code = JumpIfEqual, jt = then, jf = otherwise, k = value };
}
