using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace XdpLvs.Checks;

/// <summary>One ICMP or ICMPv6 echo request, and how to know its answer: by octets that nobody can guess.</summary>
/// <remarks>RFC 792, RFC 4443 section 4.1.</remarks>
internal sealed class EchoRequest
{
    private const int HeaderOctets = 8, TokenOctets = 16, PayloadOctets = 128; // as long as keepalived's
    private const byte Request = 8, Reply = 0, RequestV6 = 128, ReplyV6 = 129;

    private readonly byte[] _octets;

    private EchoRequest(bool isV4, byte[] octets) => (IsV4, _octets) = (isV4, octets);

    internal bool IsV4 { get; }

    /// <summary>The message, from its type on.</summary>
    internal ReadOnlyMemory<byte> Octets => _octets;

    /// <summary>A new one.</summary>
    internal static EchoRequest Draw(bool isV4)
    {
        byte[] octets = new byte[HeaderOctets + PayloadOctets];
        octets[0] = isV4 ? Request : RequestV6;
        RandomNumberGenerator.Fill(octets.AsSpan(4, 4 + TokenOctets)); // identifier, sequence number, token
        if (isV4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(octets.AsSpan(2), Checksum(octets)); // IPv6's is the kernel's work
        }

        return new EchoRequest(isV4, octets);
    }

    /// <summary>Whether a packet is the answer.</summary>
    /// <param name="packet">As a socket gave it.</param>
    /// <param name="hasIpHeader">A raw IPv4 socket gives the IP header too.</param>
    internal bool IsAnsweredBy(ReadOnlySpan<byte> packet, bool hasIpHeader)
    {
        int start = hasIpHeader && packet.Length > 0 ? (packet[0] & 0xF) * 4 : 0;
        return packet.Length >= start + HeaderOctets + TokenOctets
            && packet[start] == (IsV4 ? Reply : ReplyV6)
            && packet.Slice(start + HeaderOctets, TokenOctets).SequenceEqual(_octets.AsSpan(HeaderOctets, TokenOctets));
    }

    /// <summary>RFC 1071, over an even number of octets.</summary>
    private static ushort Checksum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (int i = 0; i < octets.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets[i..]);
        }

        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~((sum & 0xFFFF) + (sum >> 16));
    }
}
