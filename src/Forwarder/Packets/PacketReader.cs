using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>Reads a frame once, from the outside in. Every length in it is doubted.</summary>
/// <remarks>
/// What it takes is what the steering program steers; what is left to the kernel there is not ours here: echo,
/// neighbour discovery, ESP, chains of extension headers that are longer than <see cref="Ipv6ChainView"/> goes.
/// </remarks>
public static class PacketReader
{
    /// <summary>Reads what a frame's way depends on.</summary>
    /// <param name="frame">From its destination MAC to its last octet.</param>
    /// <param name="own">The MAC address that frames for us have.</param>
    /// <param name="packet">What was found; complete only after <see cref="Outcome.Forwarded"/>.</param>
    /// <returns><see cref="Outcome.Forwarded"/>, or the door by which the frame must leave.</returns>
    public static Outcome Read(Span<byte> frame, MacAddress own, out Packet packet)
    {
        packet = default;
        if (!EthernetView.TryOpen(frame, out EthernetView ethernet))
        {
            return Outcome.Malformed;
        }

        if (ethernet.Target != own)
        {
            return Outcome.NotOurs;
        }

        packet.Sender = ethernet.Source;
        packet.NetworkAt = (ushort)ethernet.Size;
        return ethernet.Type switch
        {
            EthernetView.TypeIpv4 => ReadV4(ethernet.Payload, ref packet),
            EthernetView.TypeIpv6 => ReadV6(ethernet.Payload, ref packet),
            _ => Outcome.NotOurs,
        };
    }

    private static Outcome ReadV4(Span<byte> octets, ref Packet packet)
    {
        if (!Ipv4View.TryOpen(octets, out Ipv4View ip) || !ip.HasValidChecksum
            || !TryPlace(ref packet, ip.HeaderSize, ip.Payload.Length))
        {
            return Outcome.Malformed;
        }

        packet.IsV4 = true;
        packet.Source = ip.Source;
        packet.Hops = ip.TimeToLive;
        packet.Protocol = ip.Protocol;
        packet.MayNotFragment = ip.MayNotFragment;
        if (ip.IsFragment)
        {
            packet.IsFragment = true;
            packet.Identification = ip.Identification;
            if (ip.IsLaterFragment)
            {
                packet.Flow = FlowId.ForV4(ip.Source, 0, ip.Target, 0, ip.Protocol);
                return ReadLaterFragment(ref packet);
            }
        }
        else if (ip.Protocol == Ipv4View.ProtocolIcmp)
        {
            return ReadErrorV4(ip, ref packet);
        }

        if (!TransportView.TryOpen(ip.Protocol, ip.Payload, out TransportView segment))
        {
            return TransportView.HasPorts(ip.Protocol) ? Outcome.Malformed : Outcome.NotOurs;
        }

        packet.Control = segment.Flags;
        packet.Chunk = segment.Chunk;
        packet.Flow = FlowId.ForV4(ip.Source, segment.SourcePort, ip.Target, segment.TargetPort, ip.Protocol);
        return Outcome.Forwarded;
    }

    private static Outcome ReadV6(Span<byte> octets, ref Packet packet)
    {
        if (!Ipv6View.TryOpen(octets, out Ipv6View ip) || !ip.HasFlowAddresses
            || !Ipv6ChainView.TryOpen(ip.NextHeader, ip.Payload, Ipv6ChainView.HeadersMax, out Ipv6ChainView chain)
            || !TryPlace(ref packet, Ipv6View.HeaderSize + chain.Size, ip.Payload.Length - chain.Size))
        {
            return Outcome.Malformed;
        }

        packet.Source = ip.Source;
        packet.Hops = ip.HopLimit;
        packet.Protocol = chain.Protocol;
        packet.MayNotFragment = true;
        if (chain.IsFragment)
        {
            packet.IsFragment = true;
            packet.Identification = chain.Identification;
            if (chain.IsLaterFragment)
            {
                packet.Flow = FlowId.ForV6(ip.Source, 0, ip.Target, 0, chain.Protocol);
                return ReadLaterFragment(ref packet);
            }
        }
        else if (chain.Protocol == Ipv6View.ProtocolIcmp)
        {
            return ReadErrorV6(ip.Payload[chain.Size..], ref packet);
        }

        if (!TransportView.TryOpen(chain.Protocol, ip.Payload[chain.Size..], out TransportView segment))
        {
            return TransportView.HasPorts(chain.Protocol) ? Outcome.Malformed : Outcome.NotOurs;
        }

        packet.Control = segment.Flags;
        packet.Chunk = segment.Chunk;
        packet.Flow = FlowId.ForV6(ip.Source, segment.SourcePort, ip.Target, segment.TargetPort, chain.Protocol);
        return Outcome.Forwarded;
    }

    /// <summary>Sets where things lie. False where the packet reaches further than a packet can.</summary>
    private static bool TryPlace(ref Packet packet, int headers, int payload)
    {
        int transportAt = packet.NetworkAt + headers, end = transportAt + payload;
        packet.TransportAt = (ushort)transportAt;
        packet.End = unchecked((ushort)end);
        return end <= ushort.MaxValue;
    }

    /// <summary>
    /// A piece is ours only if its protocol is. Of ICMP none is: IPv6 allows no piece of an error, and those of IPv4
    /// are the kernel's. Extension headers behind a fragment header hide the protocol: the kernel's too.
    /// </summary>
    private static Outcome ReadLaterFragment(ref Packet packet)
    {
        packet.Kind = PacketKind.LaterFragment;
        return TransportView.HasPorts(packet.Protocol) ? Outcome.Forwarded : Outcome.NotOurs;
    }

    /// <summary>As IPVS does (ip_vs_in_icmp), an IPv4 error is believed only if its checksum is right.</summary>
    private static Outcome ReadErrorV4(Ipv4View ip, ref Packet packet)
    {
        if (!IcmpErrorView.TryOpen(ip.Payload, out IcmpErrorView error))
        {
            return Outcome.Malformed;
        }

        if (!error.QuotesFlow)
        {
            return Outcome.NotOurs;
        }

        return error.HasValidChecksum ? Quote(error.Flow, ref packet) : Outcome.Malformed;
    }

    /// <summary>
    /// As IPVS does (ip_vs_in_icmp_v6), an IPv6 error's checksum is left to the real server: it changes nothing here.
    /// </summary>
    private static Outcome ReadErrorV6(Span<byte> message, ref Packet packet)
    {
        if (!Icmpv6ErrorView.TryOpen(message, out Icmpv6ErrorView error))
        {
            return Outcome.Malformed;
        }

        return error.QuotesFlow ? Quote(error.Flow, ref packet) : Outcome.NotOurs;
    }

    private static Outcome Quote(in FlowKey flow, ref Packet packet)
    {
        packet.Kind = PacketKind.Error;
        packet.Flow = FlowId.Of(flow);
        packet.Protocol = flow.Service.Protocol;
        return Outcome.Forwarded;
    }
}
