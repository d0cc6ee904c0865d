using System;
using System.Buffers.Binary;

namespace XdpLvs.Linux.Nftables;

/// <summary>What an <see cref="IngressDropRule"/> has for a family: a set of services, and rules that ask it.</summary>
/// <remarks>
/// A rule begins behind the match of the family's EtherType and fills the registers with address, protocol and port;
/// the set has services of all ports under port 0.
/// </remarks>
internal sealed class IngressFamily
{
    internal const string Chain = "ingress";

    private const int WordSize = sizeof(uint), PortSize = sizeof(ushort), Port = 2;
    private const byte Icmp = 1, Icmpv6 = 58;

    // As nft(8) numbers its types, six bits each: ipv4_addr, ipv6_addr, inet_proto, inet_service.
    private const uint TypeIpv4 = 7, TypeIpv6 = 8, TypeProtocol = 12, TypeService = 13;

    private readonly int _addressSize;

    private IngressFamily(bool isV4, string set, uint id, Func<RuleWriter, RuleWriter>[] keys)
    {
        IsV4 = isV4;
        Set = set;
        SetId = id;
        Keys = keys;
        _addressSize = isV4 ? WordSize : IpAddress.SizeV6;
    }

    /// <summary>IPv4, then IPv6.</summary>
    internal static IngressFamily[] Both { get; } =
    [
        new(isV4: true, "services", id: 1, [.. ServiceKeysV4(), .. QuotedKeysV4()]),
        new(isV4: false, "services6", id: 2, [.. ServiceKeysV6(), .. QuotedKeysV6()]),
    ];

    /// <summary>IPv4, else IPv6.</summary>
    internal bool IsV4 { get; }

    /// <summary>Name of the set of services.</summary>
    internal string Set { get; }

    /// <summary>The set's number within its batch.</summary>
    internal uint SetId { get; }

    /// <summary>Of its frames, host order.</summary>
    internal ushort EtherType => IsV4 ? (ushort)0x0800 : (ushort)0x86DD;

    /// <summary>Octets of a key: each part starts a 32-bit register.</summary>
    internal int KeySize => _addressSize + WordSize + WordSize;

    /// <summary>Octets of the longer key.</summary>
    internal static int KeySizeMax => IpAddress.SizeV6 + WordSize + WordSize;

    /// <summary>Only for what "nft list" shows.</summary>
    internal uint KeyType => ((IsV4 ? TypeIpv4 : TypeIpv6) << 12) | (TypeProtocol << 6) | TypeService;

    /// <summary>One rule each.</summary>
    internal Func<RuleWriter, RuleWriter>[] Keys { get; }

    /// <summary>A service as the set has it.</summary>
    internal void WriteKey(in IngressService service, Span<byte> key)
    {
        key.Clear(); // a part leaves the rest of its register zero
        service.Address.CopyTo(key);
        key[_addressSize] = service.Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(key[(_addressSize + WordSize)..], service.Port);
    }

    /// <summary>Destination, protocol and port; and the same without the port, later fragments too.</summary>
    private static Func<RuleWriter, RuleWriter>[] ServiceKeysV4() =>
    [
        rule => rule
            .Match(PayloadBase.Network, 6, mask: [0x1F, 0xFF], value: [0, 0]) // fragment offset
            .Load(PayloadBase.Network, offset: 16, length: 4, register: 0)
            .LoadProtocol(register: 1)
            .Load(PayloadBase.Transport, Port, PortSize, register: 2),
        rule => rule.Load(PayloadBase.Network, offset: 16, length: 4, register: 0)
            .LoadProtocol(register: 1)
            .LoadZero(register: 2),
    ];

    private static Func<RuleWriter, RuleWriter>[] ServiceKeysV6() =>
    [
        rule => rule.Load(PayloadBase.Network, offset: 24, length: 16, register: 0)
            .LoadProtocol(register: 4)
            .Load(PayloadBase.Transport, Port, PortSize, register: 5),
        rule => rule.Load(PayloadBase.Network, offset: 24, length: 16, register: 0)
            .LoadProtocol(register: 4)
            .LoadZero(register: 5),
    ];

    /// <summary>
    /// Errors, with source, protocol and source port of the packet that they quote: IPv4 without options, IPv6 without
    /// extension headers. With them the kernel hears of an error about a connection that it does not have.
    /// </summary>
    private static Func<RuleWriter, RuleWriter>[] QuotedKeysV4()
    {
        // Types 3 and 11 (unreachable, time exceeded), then 4 and 12 (source quench, parameter problem): RFC 792.
        Func<RuleWriter, RuleWriter> Quoted(byte type) => rule => rule
            .Match(PayloadBase.Network, 6, mask: [0x1F, 0xFF], value: [0, 0])
            .Match(PayloadBase.Network, 9, mask: [0xFF], value: [Icmp])
            .Match(PayloadBase.Transport, 0, mask: [0xF7], value: [type])
            .Match(PayloadBase.Transport, 8, mask: [0xFF], value: [0x45])
            .Match(PayloadBase.Transport, 14, mask: [0x1F, 0xFF], value: [0, 0]) // not a later fragment
            .Load(PayloadBase.Transport, offset: 20, length: 4, register: 0)
            .Load(PayloadBase.Transport, offset: 17, length: 1, register: 1);
        return
        [
            rule => Quoted(3)(rule).Load(PayloadBase.Transport, offset: 28, PortSize, register: 2),
            rule => Quoted(4)(rule).Load(PayloadBase.Transport, offset: 28, PortSize, register: 2),
            rule => Quoted(3)(rule).LoadZero(register: 2),
            rule => Quoted(4)(rule).LoadZero(register: 2),
        ];
    }

    private static Func<RuleWriter, RuleWriter>[] QuotedKeysV6()
    {
        // Types 1 to 3 (0 is none), then 4: RFC 4443 section 2.1.
        Func<RuleWriter, RuleWriter> Quoted(byte mask, byte type) => rule => rule
            .ProtocolIs(Icmpv6)
            .Match(PayloadBase.Transport, 0, mask: [mask], value: [type])
            .Match(PayloadBase.Transport, 8, mask: [0xF0], value: [0x60])
            .Load(PayloadBase.Transport, offset: 16, length: 16, register: 0)
            .Load(PayloadBase.Transport, offset: 14, length: 1, register: 4);
        return
        [
            rule => Quoted(0xFC, 0)(rule).Load(PayloadBase.Transport, offset: 48, PortSize, register: 5),
            rule => Quoted(0xFF, 4)(rule).Load(PayloadBase.Transport, offset: 48, PortSize, register: 5),
            rule => Quoted(0xFC, 0)(rule).LoadZero(register: 5),
            rule => Quoted(0xFF, 4)(rule).LoadZero(register: 5),
        ];
    }
}
