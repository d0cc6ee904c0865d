using XdpLvs.Linux;
using XdpLvs.Vrrp.Bfd;

namespace XdpLvs.Director.Tracking;

/// <summary>A BFD session and between whom it is.</summary>
/// <param name="Settings">What the session is configured to be. Its discriminator is unique in this daemon.</param>
/// <param name="Neighbour">neighbor_ip.</param>
internal sealed record BfdPlan(BfdSettings Settings, IpAddress Neighbour)
{
    /// <summary>The TTL of RFC 5881: who is further away cannot send it.</summary>
    internal const byte LinkTimeToLive = 255;

    /// <summary>source_ip; none lets the kernel choose.</summary>
    internal IpAddress Source { get; init; }

    /// <summary>ttl or hoplimit of what we send.</summary>
    internal byte TimeToLive { get; init; } = LinkTimeToLive;

    /// <summary>max_hops: routers that the neighbour's packets may have passed.</summary>
    internal byte MaxHops { get; init; }

    /// <summary>The interface, for an IPv6 link-local neighbour; else 0.</summary>
    internal int LinkIndex { get; init; }
}
