using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>Reads a frame once, from the outside in. Every length in it is doubted.</summary>
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

        if (ethernet.Type != EthernetView.TypeIpv4 || ethernet.Target != own)
        {
            return Outcome.NotOurs;
        }

        packet.Sender = ethernet.Source;
        packet.NetworkAt = EthernetView.HeaderSize;
        return ReadV4(ethernet.Payload, ref packet);
    }

    private static Outcome ReadV4(Span<byte> octets, ref Packet packet)
    {
        if (!Ipv4View.TryOpen(octets, out Ipv4View ip) || !ip.HasValidChecksum)
        {
            return Outcome.Malformed;
        }

        if (ip.IsFragment)
        {
            return Outcome.Fragment;
        }

        packet.IsV4 = true;
        packet.Source = ip.Source;
        packet.Hops = ip.TimeToLive;
        packet.Protocol = ip.Protocol;
        packet.MayNotFragment = ip.MayNotFragment;
        packet.TransportAt = (ushort)(packet.NetworkAt + ip.HeaderSize);
        packet.End = (ushort)(packet.TransportAt + ip.Payload.Length);
        if (ip.Protocol == Ipv4View.ProtocolIcmp)
        {
            return ReadError(ip, ref packet);
        }

        if (!TransportView.TryOpen(ip.Protocol, ip.Payload, out TransportView segment))
        {
            return ip.Protocol is Ipv4View.ProtocolTcp or Ipv4View.ProtocolUdp ? Outcome.Malformed : Outcome.NotOurs;
        }

        packet.Control = segment.Flags;
        packet.Flow = FlowId.ForV4(ip.Source, segment.SourcePort, ip.Target, segment.TargetPort, ip.Protocol);
        return Outcome.Forwarded;
    }

    private static Outcome ReadError(Ipv4View ip, ref Packet packet)
    {
        if (!IcmpErrorView.TryOpen(ip.Payload, out IcmpErrorView error))
        {
            return Outcome.Malformed;
        }

        if (!error.QuotesFlow)
        {
            return Outcome.NotOurs;
        }

        packet.Kind = PacketKind.Error;
        packet.Flow = FlowId.Of(error.Flow);
        packet.Protocol = error.Flow.Service.Protocol;
        return Outcome.Forwarded;
    }
}
