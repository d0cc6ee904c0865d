using System;
using System.Buffers.Binary;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Answers;

/// <summary>ICMP and ICMPv6 errors that quote the packet in question.</summary>
/// <remarks>
/// RFC 792, RFC 1191 section 4, RFC 4443 sections 3.1 to 3.3. How much is quoted, the type of service and the missing
/// DF are those of Linux: net/ipv4/icmp.c, __icmp_send, and net/ipv6/icmp.c, icmp6_send.
/// </remarks>
internal static class ErrorAnswer
{
    private const int HeaderSize = 8, ChecksumAt = 2, ParameterAt = 4;
    private const int PacketMaxV4 = 576, PacketMaxV6 = 1280, HopLimitAt = 7;
    private const byte TypeOfServiceMask = 0x1E, InternetworkControl = 0xC0;

    internal static int Write(
        AnswerKind kind, ReadOnlySpan<byte> frame, in Packet packet, int mtu, Span<byte> answer)
    {
        ReadOnlySpan<byte> quoted = frame[packet.NetworkAt..packet.End];
        int header = packet.IsV4 ? AnswerHeader.SizeV4 : AnswerHeader.SizeV6;
        int room = (packet.IsV4 ? PacketMaxV4 : PacketMaxV6) - header - HeaderSize;
        quoted = quoted[..Math.Min(quoted.Length, room)];
        byte protocol = packet.IsV4 ? Ipv4View.ProtocolIcmp : Ipv6View.ProtocolIcmp;
        byte trafficClass = packet.IsV4
            ? (byte)((AnswerHeader.TrafficClass(frame, packet) & TypeOfServiceMask) | InternetworkControl)
            : (byte)0;
        int size = HeaderSize + quoted.Length;
        Span<byte> message = AnswerHeader.Write(frame, packet, protocol, trafficClass, false, size, answer);
        (message[0], message[1]) = packet.IsV4 ? TypeAndCodeV4(kind) : TypeAndCodeV6(kind);
        message[ChecksumAt..HeaderSize].Clear();
        if (kind == AnswerKind.TooBig) // 16 bits behind 16 of zero in ICMP, 32 in ICMPv6: the same octets
        {
            BinaryPrimitives.WriteUInt32BigEndian(message[ParameterAt..], (uint)Math.Min(mtu, ushort.MaxValue));
        }

        quoted.CopyTo(message[HeaderSize..]);
        if (kind == AnswerKind.TooBig && packet.Hops > 0)
        {
            CountHop(message[HeaderSize..], packet.IsV4);
        }

        ulong sum = packet.IsV4 ? 0 : AnswerHeader.PseudoHeaderSum(frame, packet, protocol, size);
        BinaryPrimitives.WriteUInt16BigEndian(
            message[ChecksumAt..], AnswerHeader.Complement(InternetChecksum.Add(sum, message)));
        return packet.NetworkAt + header + size;
    }

    /// <summary>IPVS takes the hop before it looks at the length, so its host quotes the packet with one hop fewer; RFC
    /// 1812 section 4.3.2.3 allows that. Linux net/netfilter/ipvs/ip_vs_xmit.c, decrement_ttl.</summary>
    private static void CountHop(Span<byte> quoted, bool isV4)
    {
        if (!isV4)
        {
            quoted[HopLimitAt]--;
        }
        else if (Ipv4View.TryOpenQuoted(quoted, out Ipv4View ip))
        {
            ip.CountHop();
        }
    }

    private static (byte Type, byte Code) TypeAndCodeV4(AnswerKind kind) => kind switch
    {
        AnswerKind.TimeExceeded => (11, 0),
        AnswerKind.TooBig => (3, 4),
        _ => (3, 3),
    };

    private static (byte Type, byte Code) TypeAndCodeV6(AnswerKind kind) => kind switch
    {
        AnswerKind.TimeExceeded => (3, 0),
        AnswerKind.TooBig => (2, 0),
        _ => (1, 4),
    };
}
