using System;
using System.Buffers.Binary;

namespace XdpLvs.Forwarder.Wire;

/// <summary>Reads an ICMP error and the start of the packet that it quotes.</summary>
/// <remarks>RFC 792; at least eight octets of the quoted packet's payload are there, which hold both ports.</remarks>
public readonly ref struct IcmpErrorView
{
    /// <summary>ICMP types that quote a packet.</summary>
    public const byte DestinationUnreachable = 3, TimeExceeded = 11, ParameterProblem = 12;

    private const int HeaderSize = 8, PortsSize = 4;

    private readonly Ipv4View _quoted;

    private IcmpErrorView(Ipv4View quoted) => _quoted = quoted;

    /// <summary>The only door in: an error, quoting TCP or UDP over IPv4 with both ports.</summary>
    public static bool TryOpen(Span<byte> message, out IcmpErrorView view)
    {
        view = default;
        if (message.Length < HeaderSize
            || message[0] is not (DestinationUnreachable or TimeExceeded or ParameterProblem)
            || !Ipv4View.TryOpenQuoted(message[HeaderSize..], out Ipv4View quoted)
            || quoted.IsFragment
            || quoted.Protocol is not (Ipv4View.ProtocolTcp or Ipv4View.ProtocolUdp)
            || quoted.Payload.Length < PortsSize)
        {
            return false;
        }

        view = new IcmpErrorView(quoted);
        return true;
    }

    /// <summary>The flow that the error is about: what it quotes went from the service to the client.</summary>
    public FlowKey Flow => new(
        _quoted.Target,
        BinaryPrimitives.ReadUInt16BigEndian(_quoted.Payload[2..]),
        new ServiceKey(_quoted.Source, BinaryPrimitives.ReadUInt16BigEndian(_quoted.Payload), _quoted.Protocol));
}
