using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads an ICMP message and, if it is an error, the start of the packet that it quotes.</summary>
/// <remarks>RFC 792; at least eight octets of the quoted packet's payload are there, which hold both ports.</remarks>
public readonly ref struct IcmpErrorView
{
    /// <summary>ICMP types that quote a packet.</summary>
    public const byte DestinationUnreachable = 3, TimeExceeded = 11, ParameterProblem = 12;

    /// <summary>Octets before the quoted packet.</summary>
    public const int HeaderSize = 8;

    private readonly ReadOnlySpan<byte> _message;
    private readonly Ipv4View _quoted;

    private IcmpErrorView(ReadOnlySpan<byte> message, Ipv4View quoted, bool quotesFlow)
    {
        _message = message;
        _quoted = quoted;
        QuotesFlow = quotesFlow;
    }

    /// <summary>
    /// The only door in: a whole header and, in an error, as much of the quoted packet as names its flow.
    /// </summary>
    public static bool TryOpen(Span<byte> message, out IcmpErrorView view)
    {
        view = default;
        if (message.Length < HeaderSize)
        {
            return false;
        }

        if (message[0] is not (DestinationUnreachable or TimeExceeded or ParameterProblem))
        {
            return true; // no error: it quotes nothing
        }

        if (!Ipv4View.TryOpenQuoted(message[HeaderSize..], out Ipv4View quoted))
        {
            return false;
        }

        bool namesPorts = TransportView.HasPorts(quoted.Protocol) && !quoted.IsLaterFragment;
        view = new IcmpErrorView(message, quoted, namesPorts);
        return !namesPorts || quoted.Payload.Length >= TransportView.PortsSize;
    }

    /// <summary>Whether it is an error about TCP, UDP or SCTP: only then is there a <see cref="Flow"/>.</summary>
    public bool QuotesFlow { get; }

    /// <summary>Whether the whole message's checksum is right.</summary>
    public bool HasValidChecksum => InternetChecksum.Fold(InternetChecksum.Add(0, _message)) == 0xFFFF;

    /// <summary>The flow that the error is about: what it quotes went from the service to the client.</summary>
    public FlowKey Flow => new(
        _quoted.Target,
        BinaryPrimitives.ReadUInt16BigEndian(_quoted.Payload[2..]),
        new ServiceKey(_quoted.Source, BinaryPrimitives.ReadUInt16BigEndian(_quoted.Payload), _quoted.Protocol));
}
