using System;
using System.Net;

namespace XdpLvs.Config;

/// <summary>One <c>bfd_instance</c>: a session of bidirectional forwarding detection (RFC 5880).</summary>
public sealed record BfdInstance
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The neighbour.</summary>
    public IPAddress Neighbor { get; init; } = IPAddress.None;

    /// <summary>The own address, of the neighbour's family; null: the kernel's choice.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The least time between packets that it can receive.</summary>
    public TimeSpan MinReceive { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The least time between packets that it sends.</summary>
    public TimeSpan MinTransmit { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Time between packets while the session is down.</summary>
    public TimeSpan IdleTransmit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Packets missed after which the session is down.</summary>
    public int Multiplier { get; init; } = 5;

    /// <summary>Whether it waits for the neighbour's first packet.</summary>
    public bool Passive { get; init; }

    /// <summary>TTL or hop limit of packets sent: 255, for IPv6 64, unless written.</summary>
    public int Ttl { get; init; } = 255;

    /// <summary>Hops that a packet received may have come over; -1: any number.</summary>
    public int MaxHops { get; init; }

    /// <summary>Whether the session spans several hops (RFC 5883).</summary>
    public bool Multihop { get; init; }

    /// <summary>The default of <see cref="Track.Weight"/>, 0.</summary>
    public int Weight { get; init; }

    /// <summary>The default of <see cref="Track.Reverse"/>.</summary>
    public bool Reverse { get; init; }

    /// <summary>Whether only VRRP hears of it; neither this nor <see cref="ForChecks"/>: both do.</summary>
    public bool ForVrrp { get; init; }

    /// <summary>Whether only checks hear of it.</summary>
    public bool ForChecks { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its header.</summary>
    public SourceSpan Span { get; init; }
}
