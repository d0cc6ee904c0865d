namespace XdpLvs.Vrrp;

/// <summary>Why a packet is not an advertisement for us. Counted; changes no state and touches no timer.</summary>
/// <remarks>Declared in the order in which <see cref="AdvertReader"/> looks (RFC 3768 section 7.1).</remarks>
public enum AdvertFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Not a whole IPv4 packet with the first eight octets of a VRRP message.</summary>
    Truncated,

    /// <summary>Not protocol 112, or a fragment.</summary>
    NotVrrp,

    /// <summary>The IPv4 header's checksum does not fit.</summary>
    IpChecksum,

    /// <summary>The time to live is not 255: somebody forwarded it.</summary>
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

    /// <summary>Another interval than ours; VRRPv2 wants them equal.</summary>
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
}
