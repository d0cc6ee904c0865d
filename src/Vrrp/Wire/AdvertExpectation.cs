using System.Collections.Immutable;

namespace XdpLvs.Vrrp;

/// <summary>What an advertisement for one instance must look like.</summary>
public readonly record struct AdvertExpectation
{
    /// <summary>VRRP version.</summary>
    public required int Version { get; init; }

    /// <summary>Whether it comes in an IPv6 packet.</summary>
    public required bool IsV6 { get; init; }

    /// <summary>Virtual router identifier.</summary>
    public required byte Vrid { get; init; }

    /// <summary>Our interval.</summary>
    public required long IntervalMicroseconds { get; init; }

    /// <summary>Our authentication; version 2.</summary>
    public Authentication Authentication { get; init; }

    /// <summary>Our source address.</summary>
    public required VrrpAddress Source { get; init; }

    /// <summary>Where it must have been sent: the group; for a unicast instance our own address.</summary>
    public required VrrpAddress Destination { get; init; }

    /// <summary>The unicast peers; none for multicast.</summary>
    public ImmutableArray<UnicastPeer> Peers { get; init; }

    /// <summary>Whether other unicast routers are refused.</summary>
    public bool CheckPeer { get; init; }

    /// <summary>Our virtual addresses. Their order does not matter.</summary>
    public required ImmutableArray<VrrpAddress> Addresses { get; init; }

    /// <summary>What becomes of other addresses.</summary>
    public AddressCheck AddressCheck { get; init; }

    /// <summary>A router whose addresses were looked at already; nobody if unspecified.</summary>
    public VrrpAddress CheckedSender { get; init; }

    /// <summary>Whether the first virtual IPv6 address must be link-local.</summary>
    public bool WantsLinkLocal { get; init; }

    /// <summary>
    /// Whether packets from our own address are echoes of ours. False if the socket does not loop multicast back: then
    /// such a packet comes from a second router that uses our address, and the machine reports it.
    /// </summary>
    public bool RefuseOwnSource { get; init; }

    /// <summary>What the peers of an instance send if they are configured like it.</summary>
    public static AdvertExpectation Of(VrrpSettings self, bool refuseOwnSource = false) => new()
    {
        Version = self.Version,
        IsV6 = self.IsV6,
        Vrid = self.Vrid,
        IntervalMicroseconds = self.IntervalMicroseconds,
        Authentication = self.Authentication,
        Source = self.SourceAddress,
        Destination = self.IsUnicast ? self.SourceAddress : self.MulticastGroup,
        Peers = self.Peers,
        CheckPeer = self.CheckUnicastSource,
        Addresses = self.Addresses,
        AddressCheck = self.EffectiveAddressCheck,
        WantsLinkLocal = self.Strict && self.IsV6,
        RefuseOwnSource = refuseOwnSource,
    };
}
