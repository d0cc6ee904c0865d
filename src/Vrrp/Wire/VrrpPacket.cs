using System;

namespace XdpLvs.Vrrp;

/// <summary>An IPv4 or IPv6 packet as VRRP sees it: who, to whom, over how many hops, and what.</summary>
/// <remarks>Reads in place; allocates nothing; no accessor can fail.</remarks>
public readonly ref struct VrrpPacket
{
    private VrrpPacket(Ipv4View ip)
    {
        IsV4 = true;
        Source = ip.Source;
        Destination = ip.Destination;
        TimeToLive = ip.TimeToLive;
        Protocol = ip.Protocol;
        IsFragment = ip.IsFragment;
        IsIntact = ip.IsIntact;
        Payload = ip.Payload;
    }

    private VrrpPacket(Ipv6View ip)
    {
        Source = ip.Source;
        Destination = ip.Destination;
        TimeToLive = ip.HopLimit;
        Protocol = ip.NextHeader;
        IsIntact = true;
        Payload = ip.Payload;
    }

    /// <summary>Whether it is an IPv4 packet.</summary>
    public bool IsV4 { get; }

    /// <summary>Source address.</summary>
    public VrrpAddress Source { get; }

    /// <summary>Destination address.</summary>
    public VrrpAddress Destination { get; }

    /// <summary>Time to live or hop limit; 255 means that no router forwarded the packet.</summary>
    public byte TimeToLive { get; }

    /// <summary>Protocol of the payload: 112 is VRRP, 51 an authentication header.</summary>
    public byte Protocol { get; }

    /// <summary>Whether this is a part of an IPv4 datagram only. IPv6 says that by another protocol.</summary>
    public bool IsFragment { get; }

    /// <summary>Whether the IPv4 header's checksum fits; IPv6 has none.</summary>
    public bool IsIntact { get; }

    /// <summary>What follows the IP header, without the link's padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The only door in: a whole IP packet of either version.</summary>
    /// <param name="octets">From the first octet of the IP header; may be longer than the packet.</param>
    /// <param name="packet">The packet, if true is returned.</param>
    public static bool TryOpen(ReadOnlySpan<byte> octets, out VrrpPacket packet)
    {
        if (Ipv4View.TryOpen(octets, out Ipv4View four))
        {
            packet = new VrrpPacket(four);
            return true;
        }

        bool opens = Ipv6View.TryOpen(octets, out Ipv6View six);
        packet = opens ? new VrrpPacket(six) : default;
        return opens;
    }
}
