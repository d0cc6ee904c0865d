using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.TestKit;

/// <summary>What stands in the checksum field of TCP, UDP or SCTP.</summary>
public enum ChecksumKind
{
    /// <summary>The right one.</summary>
    Complete,

    /// <summary>As a virtual NIC leaves it for hardware to finish: the pseudo-header's sum; of SCTP zero.</summary>
    Partial,

    /// <summary>Zero: UDP without a checksum.</summary>
    Zero,
}

/// <summary>
/// Builds Ethernet frames with IPv4 or IPv6 inside, octet by octet and without the code under test.
/// </summary>
/// <remarks>
/// A value: change one thing with <c>with</c>. The family is that of <see cref="From"/>. Ports are in host order.
/// </remarks>
public sealed partial record FrameBuilder
{
    private const int EthernetSize = 14, TcpSize = 20, UdpSize = 8, SctpSize = 12, ChunkSize = 4;
    private const byte Icmp = 1, TcpProtocol = 6, UdpProtocol = 17, Icmpv6 = 58, SctpProtocol = 132;

    /// <summary>Destination MAC.</summary>
    public MacAddress TargetMac { get; init; }

    /// <summary>Source MAC.</summary>
    public MacAddress SourceMac { get; init; }

    /// <summary>VLAN tags from the outside in, each as it stands there: 0x8100 or 0x88A8, then 16 bits.</summary>
    public uint[] Tags { get; init; } = [];

    /// <summary>EtherType; that of the family where it is 0.</summary>
    public ushort Type { get; init; }

    /// <summary>Source address; decides the family.</summary>
    public IpAddress From { get; init; } = 0u;

    /// <summary>Source port.</summary>
    public ushort FromPort { get; init; }

    /// <summary>Destination address.</summary>
    public IpAddress To { get; init; } = 0u;

    /// <summary>Destination port.</summary>
    public ushort ToPort { get; init; }

    /// <summary>Hops left: TTL or hop limit.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>IPv4: 32-bit words of options, 0 to 10; each is three no-operations and an end of list.</summary>
    public int OptionWords { get; init; }

    /// <summary>IPv4: the 16 bits of flags and fragment offset.</summary>
    public ushort FragmentBits { get; init; } = 0x4000;

    /// <summary>IPv4: what the pieces of a packet have in common.</summary>
    public ushort Identification { get; init; } = 0x1234;

    /// <summary>IPv6: what stands between header and payload, first to last.</summary>
    public ExtensionHeader[] Extensions { get; init; } = [];

    /// <summary>Octets behind the TCP or UDP header, or in SCTP's first chunk.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>Octets of link padding behind the packet.</summary>
    public int Padding { get; init; }

    /// <summary>How the TCP, UDP or SCTP checksum is filled in.</summary>
    public ChecksumKind Checksum { get; init; }

    /// <summary>A TCP segment.</summary>
    public byte[] Tcp(TcpControl flags)
    {
        byte[] segment = new byte[TcpSize + Payload.Length];
        WritePorts(segment);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), 0x11223344);
        segment[12] = 5 << 4;
        segment[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 64_240);
        Payload.CopyTo(segment.AsSpan(TcpSize));
        Finish(segment, TcpProtocol, checksumAt: 16);
        return Packet(TcpProtocol, segment);
    }

    /// <summary>A UDP datagram.</summary>
    public byte[] Udp()
    {
        byte[] segment = new byte[UdpSize + Payload.Length];
        WritePorts(segment);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(4), (ushort)segment.Length);
        Payload.CopyTo(segment.AsSpan(UdpSize));
        Finish(segment, UdpProtocol, checksumAt: 6);
        return Packet(UdpProtocol, segment);
    }

    /// <summary>An SCTP packet of one chunk. RFC 9260 section 3.</summary>
    /// <param name="chunk">Its type: 0 DATA, 1 INIT, 10 COOKIE ECHO and so on.</param>
    public byte[] Sctp(byte chunk)
    {
        int padded = (Payload.Length + 3) & ~3;
        byte[] segment = new byte[SctpSize + ChunkSize + padded];
        WritePorts(segment);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), 0x55667788);
        segment[12] = chunk;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), (ushort)(ChunkSize + Payload.Length));
        Payload.CopyTo(segment.AsSpan(SctpSize + ChunkSize));
        if (Checksum == ChecksumKind.Complete)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(segment.AsSpan(8), Castagnoli(segment));
        }

        return Packet(SctpProtocol, segment);
    }

    /// <summary>An ICMP or ICMPv6 message: eight octets of header, then <paramref name="body"/>.</summary>
    /// <param name="type">As the family numbers it.</param>
    /// <param name="body">What follows the header.</param>
    /// <param name="code">Of that type.</param>
    /// <param name="word">The header's last four octets: an MTU, a pointer, identifier and sequence number.</param>
    public byte[] IcmpMessage(byte type, ReadOnlySpan<byte> body, byte code = 0, uint word = 0)
    {
        byte[] message = new byte[8 + body.Length];
        message[0] = type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), word);
        body.CopyTo(message.AsSpan(8));
        byte protocol = From.IsV4 ? Icmp : Icmpv6;
        uint before = From.IsV4 ? 0 : PseudoHeaderSum(protocol, message.Length);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Complement(Sum(before, message)));
        return Packet(protocol, message);
    }

    /// <summary>An ICMP or ICMPv6 error that quotes the start of the packet inside <paramref name="about"/>.</summary>
    /// <param name="type">3, 11 or 12; of ICMPv6 1 to 4.</param>
    /// <param name="about">The frame whose packet is quoted: of the same family.</param>
    /// <param name="octets">How much of what follows its IP header is quoted: at most so much, RFC 792 asks for eight
    /// at least, RFC 4443 for as much as fits in 1,280.</param>
    /// <param name="code">Of that type.</param>
    /// <param name="word">An MTU or a pointer.</param>
    public byte[] IcmpError(byte type, ReadOnlySpan<byte> about, int octets = 8, byte code = 0, uint word = 0)
    {
        ReadOnlySpan<byte> packet = about[NetworkAt(about)..];
        int header = packet[0] >> 4 == 4 ? (packet[0] & 0x0F) * 4 : Ipv6Size;
        return IcmpMessage(type, packet[..Math.Min(packet.Length, header + octets)], code, word);
    }

    private void WritePorts(Span<byte> segment)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment, FromPort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], ToPort);
    }

    private void Finish(Span<byte> segment, byte protocol, int checksumAt)
    {
        uint sum = PseudoHeaderSum(protocol, segment.Length);
        ushort whole = Complement(Sum(sum, segment));
        ushort field = Checksum switch
        {
            ChecksumKind.Partial => (ushort)(Complement(sum) ^ 0xFFFF),
            ChecksumKind.Zero => 0,
            _ => whole == 0 && protocol == UdpProtocol ? (ushort)0xFFFF : whole,
        };
        BinaryPrimitives.WriteUInt16BigEndian(segment[checksumAt..], field);
    }
}
