using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.TestKit;

/// <summary>The layers below: Ethernet with its tags, IPv4, IPv6 with its extension headers; and their sums.</summary>
public sealed partial record FrameBuilder
{
    private const int Ipv4SizeMin = 20, Ipv6Size = 40, TagSize = 4;
    private const ushort TypeIpv4 = 0x0800, TypeIpv6 = 0x86DD;

    /// <summary>Any payload in a packet of the family in an Ethernet frame.</summary>
    public byte[] Packet(byte protocol, ReadOnlySpan<byte> payload) =>
        From.IsV4 ? Ipv4(protocol, payload) : Ipv6(protocol, payload);

    /// <summary>Any payload in an IPv4 packet in an Ethernet frame.</summary>
    public byte[] Ipv4(byte protocol, ReadOnlySpan<byte> payload)
    {
        int header = Ipv4SizeMin + (OptionWords * 4);
        byte[] frame = Ethernet(TypeIpv4, header + payload.Length, out int at);
        Span<byte> packet = frame.AsSpan(at);
        packet[0] = (byte)(0x40 | (header / 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(header + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], Identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], FragmentBits);
        packet[8] = TimeToLive;
        packet[9] = protocol;
        WriteAddress(packet[12..], From);
        WriteAddress(packet[16..], To);
        for (int i = 0; i < OptionWords; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(packet[(Ipv4SizeMin + (i * 4))..], 0x01010100);
        }

        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Complement(Sum(0, packet[..header])));
        payload.CopyTo(packet[header..]);
        return frame;
    }

    /// <summary>Any payload behind the extension headers of an IPv6 packet in an Ethernet frame.</summary>
    public byte[] Ipv6(byte protocol, ReadOnlySpan<byte> payload)
    {
        int extensions = 0;
        foreach (ExtensionHeader extension in Extensions)
        {
            extensions += extension.Octets.Length;
        }

        byte[] frame = Ethernet(TypeIpv6, Ipv6Size + extensions + payload.Length, out int at);
        Span<byte> packet = frame.AsSpan(at);
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x60012345); // some flow label
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(extensions + payload.Length));
        packet[7] = TimeToLive;
        WriteAddress(packet[8..], From);
        WriteAddress(packet[24..], To);
        int nextAt = 6; // where the type of what comes next is to be written
        Span<byte> rest = packet[Ipv6Size..];
        foreach (ExtensionHeader extension in Extensions)
        {
            packet[nextAt] = extension.Type;
            nextAt = packet.Length - rest.Length;
            extension.Octets.CopyTo(rest);
            rest = rest[extension.Octets.Length..];
        }

        packet[nextAt] = protocol;
        payload.CopyTo(rest);
        return frame;
    }

    /// <summary>Makes a header checksum right again after a test changed the header, if a header is there.</summary>
    public static void RepairIpv4Checksum(Span<byte> frame)
    {
        int at = NetworkAt(frame), size = at < frame.Length ? (frame[at] & 0x0F) * 4 : 0;
        if (size >= Ipv4SizeMin && at + size <= frame.Length)
        {
            RepairChecksum(frame.Slice(at, size), 10);
        }
    }

    /// <summary>Makes the checksum that these octets have of themselves right again.</summary>
    public static void RepairChecksum(Span<byte> octets, int checksumAt)
    {
        octets.Slice(checksumAt, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(octets[checksumAt..], Complement(Sum(0, octets)));
    }

    /// <summary>Octets before the IP header of a frame that was built here.</summary>
    public static int NetworkAt(ReadOnlySpan<byte> frame)
    {
        int at = EthernetSize;
        while (frame.Length >= at + TagSize && BinaryPrimitives.ReadUInt16BigEndian(frame[(at - 2)..]) is 0x8100 or 0x88A8)
        {
            at += TagSize;
        }

        return at;
    }

    private byte[] Ethernet(ushort type, int octets, out int at)
    {
        at = EthernetSize + (Tags.Length * TagSize);
        byte[] frame = new byte[at + octets + Padding];
        WriteMac(frame, TargetMac);
        WriteMac(frame.AsSpan(6), SourceMac);
        for (int i = 0; i < Tags.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(12 + (i * TagSize)), Tags[i]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at - 2), Type == 0 ? type : Type);
        return frame;
    }

    private static void WriteMac(Span<byte> target, MacAddress mac)
    {
        for (int i = 0; i < 6; i++)
        {
            target[i] = (byte)((mac.Bits >> (40 - (8 * i))) & 0xFF);
        }
    }

    private static void WriteAddress(Span<byte> target, IpAddress address)
    {
        if (address.IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(target, address.V4);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(target, address.High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], address.Low);
    }

    /// <summary>RFC 9293 section 3.1 for IPv4, RFC 8200 section 8.1 for IPv6: the same sum but for the addresses.</summary>
    private uint PseudoHeaderSum(byte protocol, int length)
    {
        Span<byte> addresses = stackalloc byte[32];
        addresses.Clear();
        WriteAddress(addresses, From);
        WriteAddress(addresses[16..], To);
        return Sum(0, addresses) + protocol + (uint)length;
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

    /// <summary>RFC 9260 appendix A, bit by bit.</summary>
    private static uint Castagnoli(ReadOnlySpan<byte> octets)
    {
        uint crc = uint.MaxValue;
        foreach (byte octet in octets)
        {
            crc ^= octet;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0);
            }
        }

        return ~crc;
    }
}
