using System.Collections.Immutable;
using XdpLvs.Director.Tracking;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>A virtual address as it is put on an interface.</summary>
/// <param name="Address">Of either family.</param>
/// <param name="PrefixLength">32 or 128 unless the operator wrote another.</param>
/// <param name="Broadcast">Host order, if written.</param>
/// <param name="Device">Interface that gets it.</param>
/// <param name="Scope">rtnetlink's number.</param>
/// <param name="Label">If written.</param>
internal sealed record PlannedAddress(
    IpAddress Address, byte PrefixLength, uint? Broadcast, string Device, byte Scope, string? Label)
{
    /// <summary>IFA_F_ bits that it is added with; an IPv6 one without asking who else has it.</summary>
    internal uint Flags { get; init; } = Address.IsV4 ? 0 : Addresses.NoDuplicateDetection;

    /// <summary>How many seconds the kernel may choose it as a source; null: for ever.</summary>
    internal uint? PreferredSeconds { get; init; }

    /// <summary>Whether the state of its interface matters (false: no_track).</summary>
    internal bool IsTracked { get; init; } = true;
}

/// <summary>One VRRP instance, ready to run.</summary>
/// <param name="Settings">For the machine; the source address is filled in from the interface.</param>
/// <param name="Interface">Where it speaks.</param>
/// <param name="Addresses">All that come and go with it, advertised or not.</param>
internal sealed record InstancePlan(
    VrrpSettings Settings, string Interface, ImmutableArray<PlannedAddress> Addresses)
{
    /// <summary>mcast_src_ip or unicast_src_ip: the source, whatever the interface has; null for its own.</summary>
    internal VrrpAddress? FixedSource { get; init; }

    /// <summary>Whether the interface's own state decides (false: dont_track_primary).</summary>
    internal bool TracksInterface { get; init; } = true;

    /// <summary>The sync group that it moves with; null for none.</summary>
    internal string? SyncGroup { get; init; }

    /// <summary>All that it tracks besides its own interface.</summary>
    internal ImmutableArray<TrackedItem> Tracks { get; init; } = [];

    /// <summary>Whether it starts as the active router that a crashed predecessor was.</summary>
    internal bool Adopts { get; init; }
}
