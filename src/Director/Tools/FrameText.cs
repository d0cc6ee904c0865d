using System;
using System.Buffers.Binary;
using System.Globalization;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tools;

/// <summary>Says in a few words what a frame is. Takes any octets.</summary>
internal static class FrameText
{
    private const int MacsSize = 12, TypeSize = 2, TagSize = 4, TagsMax = 2, V4SizeMin = 20, V6Size = 40;
    private const ushort TypeV4 = 0x0800, TypeArp = 0x0806, TypeV6 = 0x86DD, TypeTag = 0x8100, TypeOuterTag = 0x88A8;

    /// <summary>"TCP SYN 198.51.100.1:50000 > 192.0.2.80:80", "ARP", "12 octets".</summary>
    internal static string Describe(Span<byte> frame)
    {
        if (frame.Length < MacsSize + TypeSize)
        {
            return Number(frame.Length, " octets, no Ethernet frame");
        }

        // Its own destination is as good as ours here: we only want to know what it is.
        bool reads = PacketReader.Read(frame, MacAddress.From(frame), out Packet packet) == Outcome.Forwarded;
        return reads ? Describe(packet) : Outline(frame);
    }

    /// <summary>An address and a port as people write them: "192.0.2.80:80", "[2001:db8::80]:80".</summary>
    internal static string EndPoint(IpAddress address, ushort port) =>
        Number(port, prefix: address.IsV4 ? $"{address}:" : $"[{address}]:");

    private static string Describe(in Packet packet)
    {
        FlowKey flow = packet.Flow.ToKey();
        string client = EndPoint(flow.ClientAddress, flow.ClientPort);
        string service = EndPoint(flow.Service.Address, flow.Service.Port);
        string protocol = Protocol(packet.Protocol);
        return packet.Kind switch
        {
            PacketKind.Error => $"ICMP error from {packet.Source} about {protocol} {service} > {client}",
            PacketKind.LaterFragment =>
                $"{protocol} later fragment {flow.ClientAddress} > {flow.Service.Address}",
            _ => $"{protocol}{Detail(packet)} {client} > {service}",
        };
    }

    private static string Detail(in Packet packet)
    {
        string control = packet.Control == TcpControl.None
            ? ""
            : " " + packet.Control.ToString().ToUpperInvariant().Replace(", ", "+", StringComparison.Ordinal);
        string chunk = packet.Protocol == Ipv4View.ProtocolSctp ? Number(packet.Chunk, prefix: " chunk ") : "";
        return control + chunk + (packet.IsFragment ? " first fragment" : "");
    }

    /// <summary>What the loop's reader refuses: from the outside in, as far as the octets go.</summary>
    private static string Outline(ReadOnlySpan<byte> frame)
    {
        int at = MacsSize;
        string tags = "";
        for (int i = 0; i < TagsMax && IsTag(TypeAt(frame, at)) && frame.Length >= at + TagSize + TypeSize; i++)
        {
            tags += Number(TypeAt(frame, at + TypeSize) & 0xFFF, prefix: "VLAN ") + " ";
            at += TagSize;
        }

        ushort type = TypeAt(frame, at);
        ReadOnlySpan<byte> packet = frame[(at + TypeSize)..];
        return tags + type switch
        {
            TypeV4 when packet.Length >= V4SizeMin => V4(packet),
            TypeV6 when packet.Length >= V6Size => V6(packet),
            TypeV4 => "IPv4, cut off",
            TypeV6 => "IPv6, cut off",
            TypeArp => "ARP",
            _ => string.Create(CultureInfo.InvariantCulture, $"EtherType 0x{type:x4}"),
        };
    }

    private static string V4(ReadOnlySpan<byte> packet)
    {
        IpAddress from = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
        IpAddress to = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        bool isFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3FFF) != 0;
        return $"IPv4 {Protocol(packet[9])}{(isFragment ? " fragment" : "")} {from} > {to}";
    }

    private static string V6(ReadOnlySpan<byte> packet)
    {
        IpAddress from = IpAddress.FromV6(packet.Slice(8, IpAddress.SizeV6));
        IpAddress to = IpAddress.FromV6(packet.Slice(24, IpAddress.SizeV6));
        return $"IPv6 {Protocol(packet[6])} {from} > {to}";
    }

    private static ushort TypeAt(ReadOnlySpan<byte> frame, int at) =>
        BinaryPrimitives.ReadUInt16BigEndian(frame[at..]);

    private static bool IsTag(ushort type) => type is TypeTag or TypeOuterTag;

    private static string Protocol(byte number) => number switch
    {
        1 => "ICMP",
        Ipv4View.ProtocolTcp => "TCP",
        Ipv4View.ProtocolUdp => "UDP",
        58 => "ICMPv6",
        112 => "VRRP",
        Ipv4View.ProtocolSctp => "SCTP",
        _ => Number(number, prefix: "protocol "),
    };

    private static string Number(int value, string suffix = "", string prefix = "") =>
        prefix + value.ToString(CultureInfo.InvariantCulture) + suffix;
}
