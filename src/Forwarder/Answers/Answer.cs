using System;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Answers;

/// <summary>What the director itself says to a client, as kernel IPVS's host would.</summary>
public enum AnswerKind
{
    /// <summary>TCP RST: no such connection. RFC 9293 section 3.10.7.1. SCTP: ABORT, RFC 9260 section 8.4.</summary>
    Reset,

    /// <summary>ICMP or ICMPv6 destination unreachable, port: no real server.</summary>
    PortUnreachable,

    /// <summary>ICMP or ICMPv6 time exceeded in transit.</summary>
    TimeExceeded,

    /// <summary>ICMP fragmentation needed or ICMPv6 packet too big.</summary>
    TooBig,
}

/// <summary>Writes answers to frames: from the address that the frame was sent to, back the way it came.</summary>
public static class Answer
{
    /// <summary>Octets of the longest answer: IPv6's smallest MTU behind an Ethernet header with two tags.</summary>
    public const int SizeMax = 22 + 1280;

    private const ulong GroupBit = 0x01_00_00_00_00_00;
    private const uint FirstOfClassD = 0xE0000000;

    /// <summary>Whether such a frame may be answered at all: cheap, and asked before an answer is counted.</summary>
    /// <remarks>
    /// RFC 1122 section 3.2.2, RFC 4443 section 2.4(e): no error about an error, about a later fragment, or to a source
    /// that is no single host; RFC 9293 section 3.5.2: no RST to a RST. The reader let only frames to our own MAC pass.
    /// </remarks>
    public static bool IsAllowed(AnswerKind kind, ReadOnlySpan<byte> frame, in Packet packet)
    {
        bool answerable = packet.Kind == PacketKind.Segment && packet.Sender.Bits != 0
            && (packet.Sender.Bits & GroupBit) == 0 && IsOneHost(packet) && !ClaimsOurAddress(frame, packet);
        return kind != AnswerKind.Reset
            ? answerable
            : answerable && !packet.IsFragment && (packet.Control & TcpControl.Reset) == 0; // its length is not known
    }

    /// <summary>Writes a whole frame, addressed to whoever sent the other.</summary>
    /// <param name="kind">What to say.</param>
    /// <param name="frame">The frame that is answered; not changed.</param>
    /// <param name="packet">What was read of it.</param>
    /// <param name="mtu">For <see cref="AnswerKind.TooBig"/>: the packet size that would do.</param>
    /// <param name="answer">At least <see cref="SizeMax"/> octets.</param>
    /// <returns>Its length; 0 when such a frame must not be answered.</returns>
    public static int Write(
        AnswerKind kind, ReadOnlySpan<byte> frame, in Packet packet, int mtu, Span<byte> answer)
    {
        if (!IsAllowed(kind, frame, packet))
        {
            return 0;
        }

        return kind != AnswerKind.Reset ? ErrorAnswer.Write(kind, frame, packet, mtu, answer)
            : packet.Protocol == Ipv4View.ProtocolTcp ? ResetAnswer.Write(frame, packet, answer)
            : packet.Protocol == Ipv4View.ProtocolSctp ? AbortAnswer.Write(frame, packet, answer)
            : 0;
    }

    /// <summary>RFC 1122 section 3.2.2 names zero, loopback, multicast, broadcast and class E; RFC 4443 the same for
    /// IPv6, where a mapped address never is on a wire (RFC 4942 section 2.2).</summary>
    private static bool IsOneHost(in Packet packet)
    {
        IpAddress source = packet.Source;
        if (packet.IsV4)
        {
            return source.V4 >> 24 is not (0 or 127) && source.V4 < FirstOfClassD;
        }

        bool isLow = source.High == 0 && source.Low <= 1; // unspecified and loopback
        return !isLow && !source.IsV4 && source.High >> 56 != 0xFF;
    }

    /// <summary>Nobody but us, or a real server that does not speak to itself, has the address in question.</summary>
    private static bool ClaimsOurAddress(ReadOnlySpan<byte> frame, in Packet packet)
    {
        AnswerHeader.Addresses(frame, packet, out ReadOnlySpan<byte> source, out ReadOnlySpan<byte> target);
        return source.SequenceEqual(target);
    }
}
