using System;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Packets;

/// <summary>Rewrites a frame whose packet was read: that is LVS-DR.</summary>
public static class PacketWriter
{
    /// <summary>
    /// Points the frame at another station, with one hop fewer, and finishes a transport checksum that a virtual NIC
    /// left to hardware. VLAN tags stay. The caller saw more than one hop left.
    /// </summary>
    public static void Redirect(Span<byte> frame, in Packet packet, MacAddress source, MacAddress target)
    {
        _ = EthernetView.TryOpen(frame, out EthernetView ethernet);
        Span<byte> octets = frame[packet.NetworkAt..packet.End];
        Span<byte> transport = frame[packet.TransportAt..packet.End];
        bool isWhole = packet.Kind == PacketKind.Segment && !packet.IsFragment; // a piece's checksum covers all pieces
        if (packet.IsV4)
        {
            _ = Ipv4View.TryOpen(octets, out Ipv4View ip);
            if (isWhole && TransportView.TryOpen(packet.Protocol, transport, out TransportView segment))
            {
                segment.CompleteChecksum(ip.PseudoHeaderSum);
            }

            ip.CountHop();
        }
        else
        {
            _ = Ipv6View.TryOpen(octets, out Ipv6View ip);
            if (isWhole && TransportView.TryOpen(packet.Protocol, transport, out TransportView segment))
            {
                segment.CompleteChecksum(ip.PseudoHeaderSum(packet.Protocol, transport.Length));
            }

            ip.CountHop();
        }

        ethernet.Redirect(source, target);
    }
}
