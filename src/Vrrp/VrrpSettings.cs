using System.Collections.Immutable;

namespace XdpLvs.Vrrp;

/// <summary>What an operator configured for one virtual router. Does not change while the machine runs.</summary>
/// <remarks>
/// A reload hands a changed copy to the next step; the timers that are already running keep their deadlines. What
/// trackers do to the priority is no setting: <see cref="VrrpEvent.Weighed"/>.
/// </remarks>
public sealed record VrrpSettings
{
    /// <summary>224.0.0.18: RFC 9568 section 5.1.1.2.</summary>
    public static readonly VrrpAddress GroupV4 = 0xE000_0012;

    /// <summary>ff02::12: RFC 9568 section 5.1.2.2.</summary>
    public static readonly VrrpAddress GroupV6 = new(0xFF02_0000_0000_0000, 0x12);

    /// <summary>The instance's name in the configuration and in the log.</summary>
    public required string Name { get; init; }

    /// <summary>Virtual router identifier, 1 to 255; the same on all routers of one group.</summary>
    public required byte Vrid { get; init; }

    /// <summary>2 or 3. IPv6 knows version 3 only.</summary>
    public int Version { get; init; } = VrrpVersion.Two;

    /// <summary>Base priority: 1 to 254, or 255 for the owner of the virtual addresses.</summary>
    public byte Priority { get; init; } = 100;

    /// <summary>
    /// Advertisement_Interval, microseconds. VRRPv2: whole seconds, 1 to 255. VRRPv3: hundredths, 0.01 to 40.95 s.
    /// </summary>
    public long IntervalMicroseconds { get; init; } = 1_000_000;

    /// <summary>Silent intervals before the active router counts as dead; RFC and keepalived say 3.</summary>
    public byte DownTimerAdverts { get; init; } = 3;

    /// <summary>Time from startup to the first step of the election, microseconds; 0 = none.</summary>
    public long StartupDelayMicroseconds { get; init; }

    /// <summary>
    /// Whether to take over from a live router of lower priority. The owner always does (section 6.1).
    /// </summary>
    public bool Preempt { get; init; } = true;

    /// <summary>
    /// How long to tolerate a weaker active router before taking over from it, microseconds; 0 = not at all.
    /// </summary>
    public long PreemptDelayMicroseconds { get; init; }

    /// <summary>
    /// Source of our adverts, and what breaks ties: the interface's primary IPv4 or link-local IPv6 address, or what
    /// mcast_src_ip or unicast_src_ip says. Unspecified while there is none.
    /// </summary>
    public required VrrpAddress SourceAddress { get; init; }

    /// <summary>The group that adverts go to without unicast peers; null for the family's own.</summary>
    public VrrpAddress? Group { get; init; }

    /// <summary>The routers that adverts go to instead of the group; none for multicast.</summary>
    public ImmutableArray<UnicastPeer> Peers { get; init; } = [];

    /// <summary>Whether adverts of unicast routers that are not in <see cref="Peers"/> are refused.</summary>
    public bool CheckUnicastSource { get; init; }

    /// <summary>TTL or hop limit of our adverts. Multicast knows 255 only (sections 5.1.1.3 and 5.1.2.3).</summary>
    public byte TimeToLive { get; init; } = AdvertReader.TimeToLive;

    /// <summary>The virtual addresses that adverts carry, in that order; all of one family.</summary>
    public required ImmutableArray<VrrpAddress> Addresses { get; init; }

    /// <summary>How adverts prove that their sender belongs here. VRRPv3 has no such thing.</summary>
    public Authentication Authentication { get; init; }

    /// <summary>What becomes of adverts with other addresses than ours; null for the version's own way.</summary>
    public AddressCheck? AddressCheck { get; init; }

    /// <summary>
    /// Whether the addresses of a router's adverts are looked at only when it was not the one that sent the advert
    /// before (skip_check_adv_addr).
    /// </summary>
    public bool SkipCheckOfSameSender { get; init; }

    /// <summary>
    /// Whether VRRPv3's IPv4 checksum is sent without pseudo-header (RFC 9568 section 5.2.8); both are heard.
    /// </summary>
    public bool PlainChecksum { get; init; }

    /// <summary>Whether the letter of the RFC counts: see <see cref="StrictRules"/>.</summary>
    public bool Strict { get; init; }

    /// <summary>
    /// Accept_Mode of section 6.1: whether packets to the virtual addresses are for this host itself.
    /// </summary>
    public bool Accept { get; init; } = true;

    /// <summary>Whether to advertise once more before yielding to a stronger router, so that it notices us and
    /// announces the addresses again. keepalived's default is false, and leaves clients talking to the loser.</summary>
    public bool HigherPrioSendAdvert { get; init; } = true;

    /// <summary>
    /// Whether to leave the advert of a weaker active router unanswered (announcements still go out).
    /// </summary>
    public bool LowerPrioNoAdvert { get; init; }

    /// <summary>Whether a stopped active router keeps the addresses until it hears a successor. keepalived drops them
    /// at once, and they answer nobody for a skew time.</summary>
    public bool KeepUntilSuccessor { get; init; } = true;

    /// <summary>Whether it moves together with other instances only: see <see cref="SyncGroup"/>.</summary>
    public bool IsGroupMember { get; init; }

    /// <summary>When and how often the virtual addresses are announced.</summary>
    public AnnounceSettings Announce { get; init; } = AnnounceSettings.Default;

    /// <summary>Whether it is a virtual router for IPv6.</summary>
    public bool IsV6 => Addresses is [VrrpAddress first, ..] ? !first.IsV4 : !SourceAddress.IsV4;

    /// <summary>Whether adverts go to <see cref="Peers"/>.</summary>
    public bool IsUnicast => !Peers.IsEmpty;

    /// <summary>Whether packets to the virtual addresses are for this host: of the owner always.</summary>
    public bool IsAccepting => Priority == VrrpMachine.OwnerPriority || (Accept && !Strict);

    /// <summary>The group that multicast adverts go to.</summary>
    public VrrpAddress MulticastGroup => Group ?? (IsV6 ? GroupV6 : GroupV4);

    /// <summary>What becomes of adverts with other addresses than ours.</summary>
    /// <remarks>
    /// keepalived up to 2.3.2 refuses them in either version, and so makes two masters of a pair whose lists differ
    /// for the minute of a change. RFC 9568 section 7.1 logs and goes on.
    /// </remarks>
    public AddressCheck EffectiveAddressCheck => AddressCheck
        ?? (Version == VrrpVersion.Two || Strict ? Vrrp.AddressCheck.Refuse : Vrrp.AddressCheck.Report);
}

/// <summary>Version numbers as they stand in a message.</summary>
public static class VrrpVersion
{
    /// <summary>RFC 3768: IPv4, whole seconds, a password.</summary>
    public const int Two = 2;

    /// <summary>RFC 9568, before it RFC 5798: both families, hundredths of a second.</summary>
    public const int Three = 3;
}

/// <summary>Another router of a unicast setup (unicast_peer).</summary>
/// <param name="Address">Where adverts go.</param>
/// <param name="TimeToLiveMin">Lowest TTL or hop limit that its adverts may have (min_ttl).</param>
/// <param name="TimeToLiveMax">Highest (max_ttl).</param>
public readonly record struct UnicastPeer(VrrpAddress Address, byte TimeToLiveMin = 0, byte TimeToLiveMax = 255);

/// <summary>What becomes of an advert with other virtual addresses than ours.</summary>
public enum AddressCheck
{
    /// <summary>Refused and counted.</summary>
    Refuse,

    /// <summary>Taken, counted and told.</summary>
    Report,

    /// <summary>Nobody looks.</summary>
    Skip,
}
