using System;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

/// <summary>The word after <c>state</c>. Every instance starts as backup; it only decides some defaults.</summary>
public enum VrrpInitialState
{
    /// <summary><c>BACKUP</c>.</summary>
    Backup,

    /// <summary><c>MASTER</c>.</summary>
    Master,
}

/// <summary>One <c>vrrp_instance</c>.</summary>
public sealed record VrrpInstance
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The word after <c>state</c>.</summary>
    public VrrpInitialState InitialState { get; init; }

    /// <summary>The network interface on which adverts are sent and heard.</summary>
    public string Interface { get; init; } = "";

    /// <summary>The group's number, 1 to 255, unique on its interface for its family.</summary>
    public byte VirtualRouterId { get; init; }

    /// <summary>1 to 255; 255 means that the router owns the addresses.</summary>
    public byte Priority { get; init; } = 100;

    /// <summary>2 or 3; IPv6 always has 3.</summary>
    public int Version { get; init; } = 2;

    /// <summary>The family of its adverts: that of its first address.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.InterNetwork;

    /// <summary>Time between adverts: version 2 whole seconds from 1 to 255, version 3 0.01 to 40.95 s.</summary>
    public TimeSpan AdvertInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How adverts are authenticated.</summary>
    public VrrpAuthentication Authentication { get; init; }

    /// <summary>The eight octets of simple authentication, padded with zeros; empty without it.</summary>
    public ImmutableArray<byte> Password { get; init; } = [];

    /// <summary>The trailer of keepalived 2.4 that authenticates adverts; null: none.</summary>
    public HmacSettings? Hmac { get; init; }

    /// <summary>The virtual addresses that adverts carry; at least one unless <see cref="AllowsNoAddress"/>.</summary>
    public ImmutableArray<VirtualAddress> Addresses { get; init; } = [];

    /// <summary>Virtual addresses that come and go with the others but are not advertised.</summary>
    public ImmutableArray<VirtualAddress> ExcludedAddresses { get; init; } = [];

    /// <summary><c>no_virtual_ipaddress</c>: it may be without addresses.</summary>
    public bool AllowsNoAddress { get; init; }

    /// <summary>Routes that are there while it is master.</summary>
    public ImmutableArray<RouteLine> Routes { get; init; } = [];

    /// <summary>Rules that are there while it is master.</summary>
    public ImmutableArray<RouteLine> Rules { get; init; } = [];

    /// <summary>Whether it takes over from a living master of lower priority.</summary>
    public bool Preempt { get; init; } = true;

    /// <summary>How long it waits before it does.</summary>
    public TimeSpan PreemptDelay { get; init; }

    /// <summary>Whether packets for its addresses are answered although it does not own them.</summary>
    public bool Accept { get; init; } = true;

    /// <summary>Whether it keeps to the letter of the standard; <c>vrrp_strict</c> unless written.</summary>
    public bool Strict { get; init; }

    /// <summary>How adverts travel.</summary>
    public AdvertTransport Transport { get; init; } = new();

    /// <summary>How the virtual MAC address is used; null: not at all.</summary>
    public VmacSettings? Vmac { get; init; }

    /// <summary>When the world is told who has the addresses.</summary>
    public AnnounceTiming Announce { get; init; } = new();

    /// <summary>What it tracks.</summary>
    public ImmutableArray<Track> Tracks { get; init; } = [];

    /// <summary>Whether the state of its own interface does not matter.</summary>
    public bool DontTrackPrimary { get; init; }

    /// <summary>Adverts that a backup misses before it takes over, 1 to 100.</summary>
    public int DownTimerAdverts { get; init; } = 3;

    /// <summary>Whether a master does not answer adverts of lower priority.</summary>
    public bool LowerPriorityNoAdvert { get; init; }

    /// <summary>
    /// Whether a master that yields to a higher priority sends one more advert, so that the winner announces the
    /// addresses again. True unless written: keepalived's false leaves clients talking to the loser.
    /// </summary>
    public bool HigherPrioritySendAdvert { get; init; } = true;

    /// <summary>Whether an owner (255) does not listen to adverts.</summary>
    public bool OwnerIgnoresAdverts { get; init; }

    /// <summary>Whether the addresses in adverts of the master that was heard last are not compared again.</summary>
    public bool SkipCheckAdvertAddresses { get; init; }

    /// <summary>Whether version 3 over IPv4 has the checksum of version 2, without pseudo-header.</summary>
    public bool ChecksumAsVersion2 { get; init; }

    /// <summary>Whether the kernel keeps the other addresses of a network when its first one goes.</summary>
    public bool PromoteSecondaries { get; init; }

    /// <summary>What is run when its state changes.</summary>
    public NotifyScripts Notify { get; init; } = NotifyScripts.None;

    /// <summary>Whether a mail is sent when its state changes.</summary>
    public bool SmtpAlert { get; init; }

    /// <summary>Whether a change of priority is told to the FIFO.</summary>
    public bool NotifyPriorityChanges { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its header.</summary>
    public SourceSpan Span { get; init; }

    /// <summary><see cref="AnnounceTiming.MasterDelay"/>.</summary>
    public TimeSpan GarpMasterDelay => Announce.MasterDelay;

    /// <summary><see cref="AnnounceTiming.MasterRepeat"/>.</summary>
    public int GarpMasterRepeat => Announce.MasterRepeat;
}

/// <summary>The word after <c>auth_type</c>.</summary>
public enum VrrpAuthentication
{
    /// <summary>None.</summary>
    None,

    /// <summary><c>PASS</c>: a password in the clear.</summary>
    Pass,

    /// <summary><c>AH</c>: an authentication header (RFC 4302) with MD5 over the password.</summary>
    Ah,
}

/// <summary>One <c>auth_hmac</c>.</summary>
public sealed record HmacSettings
{
    /// <summary>The keys by their numbers, in the order of the file.</summary>
    public ImmutableArray<(int Id, Secret Key)> Keys { get; init; } = [];

    /// <summary>The number of the key that is used for sending; null: the first.</summary>
    public int? ActiveKey { get; init; }

    /// <summary>How far clocks may differ; null: they are not compared.</summary>
    public TimeSpan? TimeWindow { get; init; }

    /// <summary>Whether an advert that was heard before is dropped.</summary>
    public bool AntiReplay { get; init; }

    /// <summary>The word behind <c>mode</c>; null: none.</summary>
    public string? Mode { get; init; }
}

/// <summary>How an instance's adverts travel.</summary>
public sealed record AdvertTransport
{
    /// <summary>The routers that adverts go to one by one; empty: they go to the group.</summary>
    public ImmutableArray<UnicastPeer> Peers { get; init; } = [];

    /// <summary>The source of adverts, by whichever way; null: the interface's first address.</summary>
    public IPAddress? Source { get; init; }

    /// <summary>The group; 224.0.0.18 or ff02::12 unless written here or globally.</summary>
    public IPAddress Group { get; init; } = IPAddress.None;

    /// <summary>Whether an instance whose source address is missing is in fault.</summary>
    public bool TrackSource { get; init; }

    /// <summary>The TTL or hop limit of adverts to peers, 255.</summary>
    public int UnicastTtl { get; init; } = 255;

    /// <summary>Whether adverts must come from one of the peers.</summary>
    public bool CheckUnicastSource { get; init; }

    /// <summary>Whether an instance without any peer is in fault.</summary>
    public bool FaultWithoutPeer { get; init; }

    /// <summary>Whether adverts to peers have the checksum of old keepalived versions.</summary>
    public bool OldUnicastChecksum { get; init; }
}

/// <summary>One line of <c>unicast_peer</c>.</summary>
/// <param name="Address">The peer.</param>
/// <param name="TtlMin">The least TTL or hop limit of its adverts; -1: any.</param>
/// <param name="TtlMax">The greatest; -1: any.</param>
/// <param name="Span">Its line.</param>
public sealed record UnicastPeer(IPAddress Address, int TtlMin, int TtlMax, SourceSpan Span);

/// <summary>How an instance uses the virtual MAC address 00-00-5E-00-01-VRID, for IPv6 …-02-VRID.</summary>
public sealed record VmacSettings
{
    /// <summary>The name of the interface that has it; null: vrrp.VRID, as keepalived makes it.</summary>
    public string? Name { get; init; }

    /// <summary>Another MAC address than the standard's; null: the standard's.</summary>
    public string? MacAddress { get; init; }

    /// <summary>Whether it is an IPVLAN interface, which has no MAC address of its own.</summary>
    public bool IsIpvlan { get; init; }

    /// <summary>Whether adverts leave by the underlying interface.</summary>
    public bool TransmitByBase { get; init; }

    /// <summary>Whether every address gets such an interface, also on other ones.</summary>
    public bool ForAddresses { get; init; }

    /// <summary>The VRF that it belongs to; null: none.</summary>
    public string? Vrf { get; init; }
}

/// <summary>When the world is told who has the addresses: by gratuitous ARP and neighbour advertisements.</summary>
public sealed record AnnounceTiming
{
    /// <summary>Time from becoming master to the second burst, 5 s; zero: there is none.</summary>
    public TimeSpan MasterDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Packets for each address in one burst, 5.</summary>
    public int MasterRepeat { get; init; } = 5;

    /// <summary>Time between further bursts while master; zero: there are none.</summary>
    public TimeSpan MasterRefresh { get; init; }

    /// <summary>Packets for each address in each of those, 1.</summary>
    public int MasterRefreshRepeat { get; init; } = 1;

    /// <summary>Time to the second burst after an advert of lower priority; as <see cref="MasterDelay"/>.</summary>
    public TimeSpan LowerPriorityDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Packets for each address after an advert of lower priority; as <see cref="MasterRepeat"/>.</summary>
    public int LowerPriorityRepeat { get; init; } = 5;

    /// <summary>Gap between gratuitous ARP packets; zero: none.</summary>
    public TimeSpan GarpInterval { get; init; }

    /// <summary>Gap between neighbour advertisements; zero: none.</summary>
    public TimeSpan GnaInterval { get; init; }

    /// <summary>Time between packets on the other interfaces that have virtual addresses; zero: none.</summary>
    public TimeSpan ExtraInterfaces { get; init; }

    /// <summary>Whether those go out on interfaces without virtual MAC address too.</summary>
    public bool ExtraOnAll { get; init; }
}
