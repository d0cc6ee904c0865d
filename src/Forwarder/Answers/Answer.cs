using System;
using XdpLvs.Forwarder.Packets;

namespace XdpLvs.Forwarder.Answers;

/// <summary>What the director itself says to a client, as kernel IPVS's host would.</summary>
public enum AnswerKind
{
    /// <summary>TCP RST: no such connection. RFC 9293 section 3.10.7.1. For SCTP: ABORT, RFC 9260 section 8.4.</summary>
    Reset,

    /// <summary>ICMP or ICMPv6 destination unreachable, port: no real server.</summary>
    PortUnreachable,

    /// <summary>ICMP or ICMPv6 time exceeded in transit.</summary>
    TimeExceeded,

    /// <summary>ICMP fragmentation needed or ICMPv6 packet too big.</summary>
    TooBig,
}

/// <summary>Writes answers to frames.</summary>
public static class Answer
{
    /// <summary>Octets of the longest answer: IPv6's smallest MTU behind an Ethernet header with two tags.</summary>
    public const int SizeMax = 22 + 1280;

    /// <summary>Writes a whole frame, addressed to whoever sent the other.</summary>
    /// <param name="kind">What to say.</param>
    /// <param name="frame">The frame that is answered; not changed.</param>
    /// <param name="packet">What was read of it.</param>
    /// <param name="mtu">For <see cref="AnswerKind.TooBig"/>: the packet size that would do.</param>
    /// <param name="answer">At least <see cref="SizeMax"/> octets.</param>
    /// <returns>Its length; 0 when such a frame must not be answered (RFC 1122 section 3.2.2).</returns>
    public static int Write(
        AnswerKind kind, ReadOnlySpan<byte> frame, in Packet packet, int mtu, Span<byte> answer) => 0;
}
