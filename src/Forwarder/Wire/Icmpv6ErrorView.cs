using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads an ICMPv6 message and, if it is an error, the start of the packet that it quotes.</summary>
/// <remarks>
/// RFC 4443 section 3; as much of the quoted packet is there as fits in 1,280 octets. Messages from type 128 on are
/// no errors: echo, and neighbour discovery (RFC 4861).
/// </remarks>
public readonly ref struct Icmpv6ErrorView
{
    /// <summary>ICMPv6 types that quote a packet: unreachable, too big, time exceeded, parameter problem.</summary>
    public const byte FirstError = 1, LastError = 4;

    /// <summary>Octets before the quoted packet.</summary>
    public const int HeaderSize = 8;

    private readonly Ipv6View _quoted;
    private readonly ReadOnlySpan<byte> _segment;
    private readonly byte _protocol;

    private Icmpv6ErrorView(Ipv6View quoted, byte protocol, ReadOnlySpan<byte> segment)
    {
        _quoted = quoted;
        _protocol = protocol;
        _segment = segment;
    }

    /// <summary>
    /// The only door in: a whole header and, in an error, as much of the quoted packet as names its flow.
    /// </summary>
    public static bool TryOpen(Span<byte> message, out Icmpv6ErrorView view)
    {
        view = default;
        if (message.Length < HeaderSize)
        {
            return false;
        }

        if (message[0] is < FirstError or > LastError)
        {
            return true; // no error: it quotes nothing
        }

        if (!Ipv6View.TryOpenQuoted(message[HeaderSize..], out Ipv6View quoted)
            || !Ipv6ChainView.TryOpen(
                quoted.NextHeader, quoted.Payload, Ipv6ChainView.QuotedHeadersMax, out Ipv6ChainView chain))
        {
            return false;
        }

        if (!TransportView.HasPorts(chain.Protocol) || chain.IsLaterFragment)
        {
            return true;
        }

        Span<byte> segment = quoted.Payload[chain.Size..];
        view = new Icmpv6ErrorView(quoted, chain.Protocol, segment);
        return segment.Length >= TransportView.PortsSize && quoted.HasFlowAddresses;
    }

    /// <summary>Whether it is an error about TCP, UDP or SCTP: only then is there a <see cref="Flow"/>.</summary>
    public bool QuotesFlow => !_segment.IsEmpty;

    /// <summary>The flow that the error is about: what it quotes went from the service to the client.</summary>
    public FlowKey Flow => new(
        _quoted.Target,
        BinaryPrimitives.ReadUInt16BigEndian(_segment[2..]),
        new ServiceKey(_quoted.Source, BinaryPrimitives.ReadUInt16BigEndian(_segment), _protocol));
}
