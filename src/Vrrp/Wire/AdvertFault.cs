using System;

namespace XdpLvs.Vrrp;

/// <summary>Why a packet is not an advertisement for us. Counted; changes no state and touches no timer.</summary>
/// <remarks>Declared in the order in which <see cref="AdvertReader"/> looks (RFC 9568 section 7.1).</remarks>
public enum AdvertFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Not a whole IP packet with the first eight octets of a VRRP message.</summary>
    Truncated,

    /// <summary>Protected by an IPsec authentication header (auth_type AH), which we do not speak.</summary>
    AuthenticationHeader,

    /// <summary>Not protocol 112, a fragment, or of the other IP version.</summary>
    NotVrrp,

    /// <summary>The IPv4 header's checksum does not fit.</summary>
    IpChecksum,

    /// <summary>The time to live is not 255: somebody forwarded it. Or not what a unicast peer's may be.</summary>
    Ttl,

    /// <summary>Another VRRP version than ours.</summary>
    Version,

    /// <summary>Another virtual router. Not an error: the segment is shared.</summary>
    UnknownVrid,

    /// <summary>It carries our own source address, and the shell said that such packets are echoes.</summary>
    OwnSource,

    /// <summary>Longer or shorter than its own count of addresses asks for. CARP packets end here.</summary>
    Length,

    /// <summary>An authentication type that does not exist.</summary>
    AuthType,

    /// <summary>Another authentication type than ours.</summary>
    AuthMismatch,

    /// <summary>Another password than ours.</summary>
    Password,

    /// <summary>Another interval than ours, which VRRPv2 wants equal; or none at all.</summary>
    Interval,

    /// <summary>Not an ADVERTISEMENT.</summary>
    Type,

    /// <summary>No virtual address at all.</summary>
    Count,

    /// <summary>The message's checksum does not fit.</summary>
    Checksum,

    /// <summary>Sent to somebody else: unicast to a multicast instance, or the reverse.</summary>
    Destination,

    /// <summary>Other virtual addresses than ours, and the sender does not own them.</summary>
    AddressList,

    /// <summary>The first virtual IPv6 address is not link-local (strict mode; RFC 9568 section 5.2.9).</summary>
    LinkLocal,

    /// <summary>From a router that is none of the unicast peers.</summary>
    UnknownPeer,
}

/// <summary>What is noteworthy about a valid advertisement. Counted; the election goes on.</summary>
[Flags]
public enum AdvertOddities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>VRRPv3's IPv4 checksum covers no pseudo-header: RFC 9568's form, not that of most routers.</summary>
    PlainChecksum = 1,

    /// <summary>Another interval than ours, which VRRPv3 takes over while the sender is active.</summary>
    Interval = 2,

    /// <summary>Other virtual addresses than ours.</summary>
    Addresses = 4,
}
