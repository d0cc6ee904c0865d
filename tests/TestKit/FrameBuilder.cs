using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.TestKit;

/// <summary>What stands in the checksum field of TCP or UDP.</summary>
public enum ChecksumKind
{
    /// <summary>The right one.</summary>
    Complete,

    /// <summary>Only the pseudo-header's sum, as a virtual NIC leaves it for hardware to finish.</summary>
    Partial,

    /// <summary>Zero: UDP without a checksum.</summary>
    Zero,
}

/// <summary>Builds Ethernet frames with IPv4 inside, octet by octet and without the code under test.</summary>
/// <remarks>A value: change one thing with <c>with</c>. Addresses and ports are in host order.</remarks>
public sealed record FrameBuilder
{
    private const int EthernetSize = 14, Ipv4SizeMin = 20, TcpSize = 20, UdpSize = 8;
    private const byte Icmp = 1, TcpProtocol = 6, UdpProtocol = 17;

    /// <summary>Destination MAC.</summary>
    public MacAddress TargetMac { get; init; }

    /// <summary>Source MAC.</summary>
    public MacAddress SourceMac { get; init; }

    /// <summary>EtherType.</summary>
    public ushort Type { get; init; } = 0x0800;

    /// <summary>Source address.</summary>
    public uint From { get; init; }

    /// <summary>Source port.</summary>
    public ushort FromPort { get; init; }

    /// <summary>Destination address.</summary>
    public uint To { get; init; }

    /// <summary>Destination port.</summary>
    public ushort ToPort { get; init; }

    /// <summary>Hops left.</summary>
    public byte TimeToLive { get; init; } = 64;

    /// <summary>32-bit words of IP options, 0 to 10; each is three no-operations and an end of list.</summary>
    public int OptionWords { get; init; }

    /// <summary>The 16 bits of flags and fragment offset.</summary>
    public ushort FragmentBits { get; init; } = 0x4000;

    /// <summary>Octets behind the TCP or UDP header.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>Octets of link padding behind the packet.</summary>
    public int Padding { get; init; }

    /// <summary>How the TCP or UDP checksum is filled in.</summary>
    public ChecksumKind Checksum { get; init; }

    /// <summary>A TCP segment.</summary>
    public byte[] Tcp(TcpControl flags)
    {
        byte[] segment = new byte[TcpSize + Payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, FromPort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), ToPort);
        BinaryPrimitives.WriteUInt32BigEndian(segment.AsSpan(4), 0x11223344);
        segment[12] = 5 << 4;
        segment[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(14), 64_240);
        Payload.CopyTo(segment.AsSpan(TcpSize));
        Finish(segment, TcpProtocol, checksumAt: 16);
        return Ipv4(TcpProtocol, segment);
    }

    /// <summary>A UDP datagram.</summary>
    public byte[] Udp()
    {
        byte[] segment = new byte[UdpSize + Payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(segment, FromPort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(2), ToPort);
        BinaryPrimitives.WriteUInt16BigEndian(segment.AsSpan(4), (ushort)segment.Length);
        Payload.CopyTo(segment.AsSpan(UdpSize));
        Finish(segment, UdpProtocol, checksumAt: 6);
        return Ipv4(UdpProtocol, segment);
    }

    /// <summary>An ICMP message: eight octets of header, then <paramref name="body"/>.</summary>
    public byte[] IcmpMessage(byte type, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[8 + body.Length];
        message[0] = type;
        body.CopyTo(message.AsSpan(8));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Complement(Sum(0, message)));
        return Ipv4(Icmp, message);
    }

    /// <summary>An ICMP error that quotes the start of the packet inside <paramref name="about"/>.</summary>
    /// <param name="type">3, 11 or 12.</param>
    /// <param name="about">The frame whose packet is quoted.</param>
    /// <param name="octets">How much of its IP payload is quoted; RFC 792 asks for eight octets at least.</param>
    public byte[] IcmpError(byte type, ReadOnlySpan<byte> about, int octets = 8)
    {
        int header = (about[EthernetSize] & 0x0F) * 4;
        return IcmpMessage(type, about.Slice(EthernetSize, header + octets));
    }

    /// <summary>Any payload in an IPv4 packet in an Ethernet frame.</summary>
    public byte[] Ipv4(byte protocol, ReadOnlySpan<byte> payload)
    {
        int header = Ipv4SizeMin + (OptionWords * 4);
        byte[] frame = new byte[EthernetSize + header + payload.Length + Padding];
        Span<byte> packet = frame.AsSpan(EthernetSize);
        WriteMac(frame, TargetMac);
        WriteMac(frame.AsSpan(6), SourceMac);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), Type);
        packet[0] = (byte)(0x40 | (header / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(header + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], 0x1234);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], FragmentBits);
        packet[8] = TimeToLive;
        packet[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], From);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], To);
        for (int i = 0; i < OptionWords; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet[(Ipv4SizeMin + (i * 4))..], 0x01010100);
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Complement(Sum(0, packet[..header])));
        payload.CopyTo(packet[header..]);
        return frame;
    }

    /// <summary>Makes a header checksum right again after a test changed the header.</summary>
    public static void RepairIpv4Checksum(Span<byte> frame)
    {
        Span<byte> header = frame.Slice(EthernetSize, (frame[EthernetSize] & 0x0F) * 4);
        header[10..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Complement(Sum(0, header)));
    }

    private void Finish(Span<byte> segment, byte protocol, int checksumAt)
    {
        Span<byte> pseudo = stackalloc byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(pseudo, From);
        BinaryPrimitives.WriteUInt32BigEndian(pseudo[4..], To);
        pseudo[9] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(pseudo[10..], (ushort)segment.Length);
        uint sum = Sum(0, pseudo);
        ushort whole = Complement(Sum(sum, segment));
        ushort field = Checksum switch
        {
            ChecksumKind.Partial => (ushort)(Complement(sum) ^ 0xFFFF),
            ChecksumKind.Zero => 0,
            _ => whole == 0 && protocol == UdpProtocol ? (ushort)0xFFFF : whole,
        };
        BinaryPrimitives.WriteUInt16BigEndian(segment[checksumAt..], field);
    }

    private static void WriteMac(Span<byte> target, MacAddress mac)
    {
        for (int i = 0; i < 6; i++)
        {
            target[i] = (byte)((mac.Bits >> (40 - (8 * i))) & 0xFF);
        }
    }

    /// <summary>RFC 1071 as its text has it: 16 bits at a time, a last odd octet padded with zero.</summary>
    private static uint Sum(uint sum, ReadOnlySpan<byte> octets)
    {
        for (int i = 0; i < octets.Length; i += 2)
        {
            int low = i + 1 < octets.Length ? octets[i + 1] : 0;
            sum += (uint)((octets[i] << 8) | low);
        }

        return sum;
    }

    private static ushort Complement(uint sum)
    {
        while (sum > 0xFFFF)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)(sum ^ 0xFFFF);
    }
}
