using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Lists <c>vrrp_instance</c> and <c>vrrp_sync_group</c>.</summary>
internal static class VrrpListing
{
    public static ListedBlock Of(VrrpInstance one, Origins globals)
    {
        var list = new ListingBuilder("vrrp_instance", one.Name, one.Span, one.Origins);
        list.Add("state", one.InitialState == VrrpInitialState.Master ? "MASTER" : "BACKUP")
            .Add("interface", one.Interface)
            .Add("virtual_router_id", one.VirtualRouterId)
            .Add("priority", one.Priority)
            .Inherit("version", one.Version, globals, "vrrp_version")
            .Add("advert_int", one.AdvertInterval)
            .Add("preempt", one.Preempt, "nopreempt")
            .Add("preempt_delay", one.PreemptDelay)
            .Add("accept", one.Accept, "no_accept")
            .Inherit("strict_mode", one.Strict, globals, "vrrp_strict")
            .Add("dont_track_primary", one.DontTrackPrimary)
            .Inherit("down_timer_adverts", one.DownTimerAdverts, globals, "vrrp_down_timer_adverts")
            .Inherit("lower_prio_no_advert", one.LowerPriorityNoAdvert, globals, "vrrp_lower_prio_no_advert")
            .Inherit("higher_prio_send_advert", one.HigherPrioritySendAdvert, globals, "vrrp_higher_prio_send_advert")
            .Inherit("owner_ignore_adverts", one.OwnerIgnoresAdverts, globals, "vrrp_owner_ignore_adverts")
            .Inherit("skip_check_adv_addr", one.SkipCheckAdvertAddresses, globals, "vrrp_skip_check_adv_addr")
            .Inherit("v3_checksum_as_v2", one.ChecksumAsVersion2, globals, "v3_checksum_as_v2")
            .Add("promote_secondaries", one.PromoteSecondaries)
            .Add("no_virtual_ipaddress", one.AllowsNoAddress);
        AddTransport(list, one.Transport, globals);
        AddVmac(list, one.Vmac);
        AddAnnounce(list, one.Announce, globals);
        AddNotify(list, one.Notify)
            .Add("notify_deleted", one.Notify.Deleted)
            .Add("notify_master_rx_lower_pri", one.Notify.MasterHeardLowerPriority)
            .Add("smtp_alert", one.SmtpAlert)
            .Inherit("notify_priority_changes", one.NotifyPriorityChanges, globals, "vrrp_notify_priority_changes");
        AddTracks(list, one.Tracks);
        return list
            .AddBlocks(Authentication(one))
            .AddLines("virtual_ipaddress", one.Addresses.Select(ConfigListing.Line))
            .AddLines("virtual_ipaddress_excluded", one.ExcludedAddresses.Select(ConfigListing.Line))
            .AddLines("virtual_routes", one.Routes.Select(ConfigListing.Line))
            .AddLines("virtual_rules", one.Rules.Select(ConfigListing.Line))
            .Skip("authentication", "auth_hmac", "auth_type", "auth_pass")
            .Build();
    }

    public static ListedBlock Of(SyncGroup one)
    {
        var list = new ListingBuilder("vrrp_sync_group", one.Name, one.Span, one.Origins);
        list.AddLines("group", one.Instances.Select(name => (name, (SourceSpan?)null)));
        AddNotify(list, one.Notify)
            .Add("smtp_alert", one.SmtpAlert)
            .Add("sync_group_tracking_weight", one.TrackingWeight)
            .Add("notify_priority_changes", one.NotifyPriorityChanges);
        AddTracks(list, one.Tracks);
        return list.Build();
    }

    private static void AddTransport(ListingBuilder list, AdvertTransport all, Origins globals) => list
        .Add("mcast_dst_ip", all.Group)
        .Add("mcast_src_ip", all.Source, "unicast_src_ip")
        .Add("track_src_ip", all.TrackSource)
        .Add("unicast_ttl", all.UnicastTtl)
        .Inherit("check_unicast_src", all.CheckUnicastSource, globals, "vrrp_check_unicast_src")
        .Add("unicast_fault_no_peer", all.FaultWithoutPeer)
        .Add("old_unicast_checksum", all.OldUnicastChecksum)
        .AddLines("unicast_peer", all.Peers.Select(peer => (
            peer.Address + (peer.TtlMin < 0 ? "" : FormattableString.Invariant($" min_ttl {peer.TtlMin}"))
                + (peer.TtlMax < 0 ? "" : FormattableString.Invariant($" max_ttl {peer.TtlMax}")),
            (SourceSpan?)peer.Span)));

    private static void AddVmac(ListingBuilder list, VmacSettings? vmac) => list
        .Add(
            "use_vmac",
            vmac is { IsIpvlan: false } && list.HasWritten("use_vmac")
                ? $"{vmac.Name} {vmac.MacAddress}".Trim()
                : null)
        .Add("use_ipvlan", vmac is { IsIpvlan: true } ? vmac.Name ?? "" : null)
        .Add("use_vmac_addr", vmac?.ForAddresses)
        .Add("vmac_xmit_base", vmac?.TransmitByBase)
        .Add("vrf", vmac?.Vrf);

    private static void AddAnnounce(ListingBuilder list, AnnounceTiming all, Origins globals) => list
        .Inherit("garp_master_delay", all.MasterDelay, globals, "vrrp_garp_master_delay")
        .Inherit("garp_master_repeat", all.MasterRepeat, globals, "vrrp_garp_master_repeat")
        .Inherit("garp_master_refresh", all.MasterRefresh, globals, "vrrp_garp_master_refresh")
        .Inherit("garp_master_refresh_repeat", all.MasterRefreshRepeat, globals, "vrrp_garp_master_refresh_repeat")
        .Inherit("garp_lower_prio_delay", all.LowerPriorityDelay, globals, "vrrp_garp_lower_prio_delay")
        .Inherit("garp_lower_prio_repeat", all.LowerPriorityRepeat, globals, "vrrp_garp_lower_prio_repeat")
        .Inherit("garp_extra_if", all.ExtraInterfaces, globals, "vrrp_garp_extra_if")
        .Skip("vmac_garp_intvl");

    private static ListingBuilder AddNotify(ListingBuilder list, NotifyScripts all) => list
        .Add("notify_master", all.Master)
        .Add("notify_backup", all.Backup)
        .Add("notify_fault", all.Fault)
        .Add("notify_stop", all.Stop)
        .Add("notify", all.Any);

    private static void AddTracks(ListingBuilder list, IReadOnlyCollection<Track> tracks)
    {
        foreach (TrackKind kind in Enum.GetValues<TrackKind>())
        {
            string keyword = kind switch
            {
                TrackKind.Interface => "track_interface",
                TrackKind.Script => "track_script",
                TrackKind.File => "track_file",
                TrackKind.Process => "track_process",
                _ => "track_bfd",
            };
            list.AddLines(keyword, tracks.Where(track => track.Kind == kind).Select(track => (
                $"{track.Name} weight {ConfigListing.Weight(track.Weight, track.Reverse)}", (SourceSpan?)track.Span)));
        }
    }

    private static IEnumerable<ListedBlock> Authentication(VrrpInstance one)
    {
        if (one.Authentication != VrrpAuthentication.None)
        {
            yield return new ListingBuilder("authentication", "", one.Origins.Of("authentication")?.Span, one.Origins)
                .Add("auth_type", one.Authentication == VrrpAuthentication.Ah ? "AH" : "PASS")
                .Add("auth_pass", Secret.Mask, "auth_type")
                .Build();
        }

        if (one.Hmac is { } hmac)
        {
            SourceSpan? span = one.Origins.Of("auth_hmac")?.Span;
            var list = new ListingBuilder("auth_hmac", "", span, Origins.None);
            foreach ((int id, Secret key) in hmac.Keys)
            {
                list.Add("key", FormattableString.Invariant($"{id} {key}"));
            }

            yield return list
                .Add("active_key", hmac.ActiveKey)
                .Add("time_window", hmac.TimeWindow)
                .Add("anti_replay", hmac.AntiReplay)
                .Add("mode", hmac.Mode)
                .Build();
        }
    }
}
