using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>The word after <c>state</c>. Every instance starts as backup; it only decides some defaults.</summary>
public enum VrrpInitialState
{
    /// <summary><c>BACKUP</c>.</summary>
    Backup,

    /// <summary><c>MASTER</c>.</summary>
    Master,
}

/// <summary>One <c>vrrp_instance</c>, speaking VRRPv2 over IPv4.</summary>
/// <param name="Name">Its name, unique in the file.</param>
/// <param name="InitialState">The word after <c>state</c>.</param>
/// <param name="Interface">The network interface on which adverts are sent and heard.</param>
/// <param name="VirtualRouterId">The group's number, 1 to 255, unique on its interface.</param>
/// <param name="Priority">1 to 255; 255 means that the router owns the addresses.</param>
/// <param name="AdvertInterval">Time between adverts, whole seconds, 1 to 255.</param>
/// <param name="Password">The eight octets of simple authentication, padded with zeros; empty without it.</param>
/// <param name="Addresses">The virtual addresses that adverts carry, at least one.</param>
/// <param name="ExcludedAddresses">Virtual addresses that come and go with the others but are not advertised.</param>
/// <param name="Preempt">Whether it takes over from a living master of lower priority.</param>
/// <param name="PreemptDelay">How long it waits before it does.</param>
/// <param name="GarpMasterDelay">Time from becoming master to the second burst of gratuitous ARP.</param>
/// <param name="GarpMasterRepeat">Gratuitous ARP packets for each address in one burst.</param>
/// <param name="Span">Its header.</param>
public sealed record VrrpInstance(
    string Name,
    VrrpInitialState InitialState,
    string Interface,
    byte VirtualRouterId,
    byte Priority,
    TimeSpan AdvertInterval,
    ImmutableArray<byte> Password,
    ImmutableArray<VirtualAddress> Addresses,
    ImmutableArray<VirtualAddress> ExcludedAddresses,
    bool Preempt,
    TimeSpan PreemptDelay,
    TimeSpan GarpMasterDelay,
    int GarpMasterRepeat,
    SourceSpan Span);

/// <summary>One line of <c>virtual_ipaddress</c>.</summary>
/// <param name="Address">The virtual address.</param>
/// <param name="PrefixLength">Its prefix length; 32 unless written, whatever the interface has.</param>
/// <param name="Broadcast">The broadcast address, if written.</param>
/// <param name="Device">The interface that gets the address; the instance's own unless written.</param>
/// <param name="Scope">Its scope as rtnetlink numbers it: 0 global, 200 site, 253 link, 254 host, 255 nowhere.</param>
/// <param name="Label">Its label, if written.</param>
/// <param name="Span">The address in the file.</param>
public sealed record VirtualAddress(
    Ipv4Address Address,
    byte PrefixLength,
    Ipv4Address? Broadcast,
    string Device,
    byte Scope,
    string? Label,
    SourceSpan Span);
