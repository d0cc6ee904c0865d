using System.Collections.Immutable;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>A virtual address as it is put on an interface.</summary>
/// <param name="Address">Host order.</param>
/// <param name="PrefixLength">32 unless the operator wrote another.</param>
/// <param name="Broadcast">Host order, if written.</param>
/// <param name="Device">Interface that gets it.</param>
/// <param name="Scope">rtnetlink's number.</param>
/// <param name="Label">If written.</param>
internal sealed record PlannedAddress(
    uint Address, byte PrefixLength, uint? Broadcast, string Device, byte Scope, string? Label);

/// <summary>One VRRP instance, ready to run.</summary>
/// <param name="Settings">For the machine; the source address is filled in from the interface.</param>
/// <param name="Interface">Where it speaks.</param>
/// <param name="Addresses">All that come and go with it, advertised or not.</param>
internal sealed record InstancePlan(
    VrrpSettings Settings, string Interface, ImmutableArray<PlannedAddress> Addresses);
