using System;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>Rewrites a frame whose packet was read: that is LVS-DR.</summary>
public static class PacketWriter
{
    /// <summary>
    /// Points the frame at another station, with one hop fewer, and finishes a transport checksum that a virtual NIC
    /// left to hardware. The caller saw more than one hop left.
    /// </summary>
    public static void Redirect(Span<byte> frame, in Packet packet, MacAddress source, MacAddress target)
    {
        _ = EthernetView.TryOpen(frame, out EthernetView ethernet);
        if (packet.IsV4)
        {
            _ = Ipv4View.TryOpen(frame[packet.NetworkAt..packet.End], out Ipv4View ip);
            if (packet.Kind == PacketKind.Segment && !packet.IsFragment
                && TransportView.TryOpen(packet.Protocol, ip.Payload, out TransportView segment))
            {
                segment.CompleteChecksum(ip.PseudoHeaderSum);
            }

            ip.CountHop();
        }

        ethernet.Redirect(source, target);
    }
}
