using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Answers;

/// <summary>Writes what stands before an answer's own message: the frame's Ethernet header turned round, its VLAN tags,
/// and an IP header with its addresses turned round.</summary>
/// <remarks>RFC 791 section 3.1, RFC 8200 section 3. No options and no extension headers.</remarks>
internal static class AnswerHeader
{
    /// <summary>Octets of the IP header that an answer has.</summary>
    internal const int SizeV4 = 20, SizeV6 = 40;

    private const int AddressesAtV4 = 12, AddressesAtV6 = 8, AddressSizeV4 = 4, AddressSizeV6 = 16;
    private const int MacSize = 6, IdentificationAt = 4, FlagsAt = 6;
    private const byte Hops = 64; // net.ipv4.ip_default_ttl and net.ipv6.conf.default.hop_limit as Linux has them
    private const ushort DontFragment = 0x4000;

    /// <summary>Source and destination address of the packet in a frame that was read.</summary>
    internal static void Addresses(
        ReadOnlySpan<byte> frame, in Packet packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> target)
    {
        int size = packet.IsV4 ? AddressSizeV4 : AddressSizeV6;
        ReadOnlySpan<byte> both = frame[(packet.NetworkAt + (packet.IsV4 ? AddressesAtV4 : AddressesAtV6))..];
        source = both[..size];
        target = both.Slice(size, size);
    }

    /// <summary>TOS or traffic class of the packet in a frame that was read.</summary>
    internal static byte TrafficClass(ReadOnlySpan<byte> frame, in Packet packet)
    {
        ReadOnlySpan<byte> ip = frame[packet.NetworkAt..];
        return packet.IsV4 ? ip[1] : (byte)((ip[0] << 4 | ip[1] >> 4) & 0xFF);
    }

    /// <summary>Writes the headers of an answer.</summary>
    /// <param name="frame">The frame that is answered.</param>
    /// <param name="packet">What was read of it.</param>
    /// <param name="protocol">Of the message.</param>
    /// <param name="trafficClass">TOS or traffic class.</param>
    /// <param name="isAtomic">IPv4: it may not be cut and so needs no identification (RFC 6864 section 4.1); else it
    /// has that of the packet that is answered.</param>
    /// <param name="size">Octets of the message behind the headers.</param>
    /// <param name="answer">Where to.</param>
    /// <returns>The message's octets, still to be written.</returns>
    internal static Span<byte> Write(
        ReadOnlySpan<byte> frame, in Packet packet, byte protocol, byte trafficClass, bool isAtomic, int size,
        Span<byte> answer)
    {
        frame[..packet.NetworkAt].CopyTo(answer); // with its tags and its EtherType
        frame[..MacSize].CopyTo(answer[MacSize..]);
        frame.Slice(MacSize, MacSize).CopyTo(answer);
        Span<byte> ip = answer[packet.NetworkAt..];
        int header = packet.IsV4 ? SizeV4 : SizeV6;
        ip[..header].Clear();
        Addresses(frame, packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> target);
        if (packet.IsV4)
        {
            ip[0] = 0x45;
            ip[1] = trafficClass;
            BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(header + size));
            if (isAtomic)
            {
                BinaryPrimitives.WriteUInt16BigEndian(ip[FlagsAt..], DontFragment);
            }
            else
            {
                frame.Slice(packet.NetworkAt + IdentificationAt, 2).CopyTo(ip[IdentificationAt..]);
            }

            ip[8] = Hops;
            ip[9] = protocol;
            target.CopyTo(ip[AddressesAtV4..]);
            source.CopyTo(ip[(AddressesAtV4 + AddressSizeV4)..]);
            BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Complement(InternetChecksum.Add(0, ip[..header])));
        }
        else
        {
            ip[0] = (byte)(0x60 | trafficClass >> 4);
            ip[1] = (byte)((trafficClass << 4) & 0xFF); // no flow label: RFC 6437 section 2 allows 0
            BinaryPrimitives.WriteUInt16BigEndian(ip[4..], (ushort)size);
            ip[6] = protocol;
            ip[7] = Hops;
            target.CopyTo(ip[AddressesAtV6..]);
            source.CopyTo(ip[(AddressesAtV6 + AddressSizeV6)..]);
        }

        return ip.Slice(header, size);
    }

    /// <summary>The sum of the pseudo-header, the same in both directions. RFC 9293 section 3.1, RFC 8200 section 8.1.
    /// </summary>
    internal static ulong PseudoHeaderSum(ReadOnlySpan<byte> frame, in Packet packet, byte protocol, int size)
    {
        Addresses(frame, packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> target);
        return InternetChecksum.Add(InternetChecksum.Add(0, source), target) + protocol + (uint)size;
    }

    /// <summary>The checksum that a sum gives.</summary>
    internal static ushort Complement(ulong sum) => (ushort)(InternetChecksum.Fold(sum) ^ 0xFFFF);
}
