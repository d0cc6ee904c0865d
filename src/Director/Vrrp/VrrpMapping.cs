using System;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using XdpLvs.Config;
using XdpLvs.Director.Tracking;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>An instance of the configuration in the terms of the election. Pure.</summary>
internal static class VrrpMapping
{
    private static readonly ImmutableArray<(AddressTraits Trait, uint Flag)> Flags =
    [
        (AddressTraits.Home, Addresses.HomeAddress),
        (AddressTraits.ManageTemporary, Addresses.ManageTemporaryAddresses),
        (AddressTraits.NoPrefixRoute, Addresses.NoPrefixRoute),
        (AddressTraits.AutoJoin, Addresses.JoinMulticast),
    ];

    /// <summary>Maps one.</summary>
    /// <param name="instance">As configured.</param>
    /// <param name="config">What it is part of.</param>
    /// <param name="tracks">What is tracked at all.</param>
    /// <param name="own">The primary IPv4 address of its interface; default if there is none, or for IPv6.</param>
    /// <param name="sinceBoot">How long the host has been up.</param>
    /// <param name="complain">Hears what strict mode has against it.</param>
    internal static InstancePlan Plan(
        VrrpInstance instance,
        DirectorConfig config,
        TrackPlan tracks,
        IpAddress own,
        TimeSpan sinceBoot,
        Action<string> complain)
    {
        VrrpAddress? source = instance.Transport.Source is { } written ? Address(written) : null;
        Config.SyncGroup? group = config.SyncGroups.FirstOrDefault(each => each.Instances.Contains(instance.Name));
        VrrpSettings settings = Settings(instance, config.Globals.Vrrp, sinceBoot) with
        {
            SourceAddress = source ?? own.ToVrrp(),
            IsGroupMember = group is not null,
        };
        return new InstancePlan(
            instance.Strict ? Strict(settings, complain) : settings,
            instance.Interface,
            [.. instance.Addresses.AddRange(instance.ExcludedAddresses).Select(Planned)])
        {
            FixedSource = source,
            TracksInterface = !instance.DontTrackPrimary,
            SyncGroup = group?.Name,
            Tracks = TrackMapping.Items(instance, group, tracks, complain),
        };
    }

    private static VrrpSettings Settings(VrrpInstance instance, VrrpDefaults globals, TimeSpan sinceBoot)
    {
        ReadOnlySpan<byte> password = ImmutableCollectionsMarshal.AsArray(instance.Password) ?? [];
        AdvertTransport transport = instance.Transport;
        return new VrrpSettings
        {
            Name = instance.Name,
            Vrid = instance.VirtualRouterId,
            Version = instance.Version,
            Priority = instance.Priority,
            IntervalMicroseconds = Microseconds(instance.AdvertInterval),
            DownTimerAdverts = (byte)instance.DownTimerAdverts,
            StartupDelayMicroseconds = Microseconds(StartupDelay(globals, sinceBoot)),
            Preempt = instance.Preempt,
            PreemptDelayMicroseconds = Microseconds(instance.PreemptDelay),
            SourceAddress = default,
            Group = transport.Group.Equals(IPAddress.None) ? null : Address(transport.Group),
            Peers = [.. transport.Peers.Select(Peer)],
            CheckUnicastSource = transport.CheckUnicastSource,
            TimeToLive = transport.Peers.IsEmpty ? AdvertReader.TimeToLive : (byte)transport.UnicastTtl,
            Addresses = [.. instance.Addresses.Select(address => Address(address.Ip))],
            Authentication = password.IsEmpty ? default : Authentication.Password(password),
            SkipCheckOfSameSender = instance.SkipCheckAdvertAddresses,
            PlainChecksum = instance.ChecksumAsVersion2,
            Accept = instance.Accept,
            HigherPrioSendAdvert = instance.HigherPrioritySendAdvert,
            LowerPrioNoAdvert = instance.LowerPriorityNoAdvert,
            Announce = Announce(instance.Announce, globals.MinGarp),
        };
    }

    /// <summary>vrrp_startup_delay, or what is left of vrrp_delay_after_boot if that is more.</summary>
    private static TimeSpan StartupDelay(VrrpDefaults globals, TimeSpan sinceBoot)
    {
        TimeSpan left = globals.DelayAfterBoot - sinceBoot;
        return left > globals.StartupDelay ? left : globals.StartupDelay;
    }

    /// <summary>vrrp_min_garp: one announcement an address, and nothing later (keepalived.conf(5)).</summary>
    private static AnnounceSettings Announce(AnnounceTiming timing, bool isLeast) => new()
    {
        Repeat = isLeast ? (byte)1 : Octet(timing.MasterRepeat),
        DelayMicroseconds = isLeast ? 0 : Microseconds(timing.MasterDelay),
        LowerPriorityRepeat = isLeast ? (byte)1 : Octet(timing.LowerPriorityRepeat),
        LowerPriorityDelayMicroseconds = isLeast ? 0 : Microseconds(timing.LowerPriorityDelay),
        RefreshMicroseconds = Microseconds(timing.MasterRefresh),
        RefreshRepeat = Octet(timing.MasterRefreshRepeat),
        ArpIntervalMicroseconds = Microseconds(timing.GarpInterval),
        NeighbourIntervalMicroseconds = Microseconds(timing.GnaInterval),
    };

    private static VrrpSettings Strict(VrrpSettings settings, Action<string> complain)
    {
        foreach (string complaint in StrictRules.Complaints(settings))
        {
            complain(complaint);
        }

        VrrpSettings strict = StrictRules.Apply(settings);
        if (!strict.IsAccepting)
        {
            complain($"({settings.Name}) strict mode: packets to the virtual addresses that no virtual server takes "
                + "still reach this host; XdpLvs does not filter them");
        }

        return strict;
    }

    private static XdpLvs.Vrrp.UnicastPeer Peer(Config.UnicastPeer peer) => new(
        Address(peer.Address),
        (byte)Math.Max(peer.TtlMin, byte.MinValue),
        peer.TtlMax < 0 ? byte.MaxValue : (byte)peer.TtlMax);

    private static PlannedAddress Planned(VirtualAddress address)
    {
        bool isV4 = address.Ip.AddressFamily == AddressFamily.InterNetwork;
        uint flags = isV4 || address.Flags.HasFlag(AddressTraits.DuplicateDetection)
            ? 0
            : Addresses.NoDuplicateDetection; // the election has decided already who has it
        foreach ((AddressTraits trait, uint flag) in Flags)
        {
            flags |= address.Flags.HasFlag(trait) ? flag : 0;
        }

        return new PlannedAddress(
            IpAddress.From(address.Ip),
            address.PrefixLength,
            address.Broadcast?.Value,
            address.Device,
            address.Scope,
            address.Label)
        {
            Flags = flags,
            PreferredSeconds = Preferred(address),
            IsTracked = !address.NoTrack,
        };
    }

    /// <summary>
    /// An IPv6 address of 128 bits is no source unless the operator says otherwise, as in keepalived: the director's
    /// own checks would come from it, and a real server that has it too would answer itself.
    /// </summary>
    private static uint? Preferred(VirtualAddress address) => address.PreferredLifetime is { } written
        ? (uint)Math.Min(written.TotalSeconds, uint.MaxValue)
        : address is { PrefixLength: 128, Ip.AddressFamily: AddressFamily.InterNetworkV6 } ? 0 : null;

    private static VrrpAddress Address(IPAddress address) => IpAddress.From(address).ToVrrp();

    private static byte Octet(int number) => (byte)Math.Min(number, byte.MaxValue);

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
