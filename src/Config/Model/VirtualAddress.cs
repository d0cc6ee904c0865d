using System;
using System.Net;

namespace XdpLvs.Config;

/// <summary>One line of <c>virtual_ipaddress</c> and the blocks that are like it.</summary>
/// <param name="Ip">The address.</param>
/// <param name="PrefixLength">Its prefix length; 32, for IPv6 128, unless written, whatever the interface has.</param>
/// <param name="Broadcast">The broadcast address, if written; of IPv4 only.</param>
/// <param name="Device">The interface that gets the address; the instance's own unless written.</param>
/// <param name="Scope">Its scope as rtnetlink numbers it: 0 global, 200 site, 253 link, 254 host, 255 nowhere.</param>
/// <param name="Label">Its label, if written.</param>
/// <param name="Span">The address in the file.</param>
public sealed record VirtualAddress(
    IPAddress Ip,
    byte PrefixLength,
    Ipv4Address? Broadcast,
    string Device,
    byte Scope,
    string? Label,
    SourceSpan Span)
{
    /// <summary>The address if it is IPv4; 0.0.0.0 for one of IPv6.</summary>
    public Ipv4Address Address => Ipv4Address.TryFrom(Ip, out Ipv4Address address) ? address : default;

    /// <summary>The other end of a point-to-point link; null: there is none.</summary>
    public IPAddress? Peer { get; init; }

    /// <summary>What else the kernel is told about it.</summary>
    public AddressTraits Flags { get; init; }

    /// <summary>
    /// How long it is preferred as a source, <see cref="TimeSpan.MaxValue"/> for ever; null: nothing was written, so an
    /// IPv6 address of 128 bits never is, and others are for ever.
    /// </summary>
    public TimeSpan? PreferredLifetime { get; init; }

    /// <summary>Whether its loss, or that of its interface, does not matter.</summary>
    public bool NoTrack { get; init; }

    /// <summary>The <c>track_group</c> that it belongs to; of a static address only.</summary>
    public string? TrackGroup { get; init; }

    /// <summary>Whether it gets an interface with the virtual MAC address.</summary>
    public bool UseVmac { get; init; }
}

/// <summary>Flags of an address, each the word of <c>ip address</c>.</summary>
[Flags]
public enum AddressTraits
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>home</c>.</summary>
    Home = 1,

    /// <summary><c>nodad</c>; keepalived writes <c>-nodad</c>, which takes away what is there by default.</summary>
    DuplicateDetection = 2,

    /// <summary><c>mngtmpaddr</c>.</summary>
    ManageTemporary = 4,

    /// <summary><c>noprefixroute</c>.</summary>
    NoPrefixRoute = 8,

    /// <summary><c>autojoin</c>.</summary>
    AutoJoin = 16,
}
