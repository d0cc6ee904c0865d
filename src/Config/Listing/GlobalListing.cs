using System.Linq;

namespace XdpLvs.Config;

/// <summary>Lists <c>global_defs</c>.</summary>
internal static class GlobalListing
{
    public static ListedBlock Of(GlobalSettings all)
    {
        var list = new ListingBuilder("global_defs", "", null, all.Origins);
        LvsTimeouts timeouts = all.LvsTimeouts;
        list.Add("router_id", all.RouterId)
            .AddLines("notification_email", all.NotificationEmail.Select(mail => (mail, (SourceSpan?)null)))
            .Add("notification_email_from", all.NotificationEmailFrom)
            .Add("smtp_server", all.SmtpServer is { } server ? $"{server.Host} {server.Port}" : null)
            .Add("smtp_helo_name", all.SmtpHeloName)
            .Add("smtp_connect_timeout", all.SmtpConnectTimeout)
            .Add("smtp_alert", all.Mail.All)
            .Add("smtp_alert_vrrp", all.Mail.Vrrp)
            .Add("smtp_alert_checker", all.Mail.Checker)
            .Add("no_email_faults", all.Mail.NoFaults)
            .Add("no_checker_emails", all.Mail.NoCheckerMails)
            .Add("checker_log_all_failures", all.LogAllCheckFailures)
            .Add("lvs_timeouts", $"tcp {timeouts.Tcp.TotalSeconds} tcpfin {timeouts.TcpFin.TotalSeconds} "
                + $"udp {timeouts.Udp.TotalSeconds}")
            .Add("lvs_sync_daemon", all.SyncDaemon is { } sync
                ? $"{sync.Interface} {(sync.Instance is null ? "" : $"inst {sync.Instance} ")}id {sync.Id} "
                    + $"port {sync.Port} ttl {sync.Ttl} group {sync.Group}"
                : null)
            .Add("default_interface", all.DefaultInterface)
            .Add("dynamic_interfaces", all.DynamicInterfaces);
        AddVrrp(list, all.Vrrp);
        AddScripts(list, all.Scripts);
        list.Add("reload_time_file", all.Reload.TimeFile)
            .Add("reload_repeat", all.Reload.Repeat)
            .Add("reload_file", all.Reload.File);
        AddForwarder(list, all.Forwarder);
        return list.Build();
    }

    private static void AddVrrp(ListingBuilder list, VrrpDefaults vrrp)
    {
        AnnounceTiming announce = vrrp.Announce;
        list.Add("vrrp_version", vrrp.Version)
            .Add("vrrp_mcast_group4", vrrp.Group4)
            .Add("vrrp_mcast_group6", vrrp.Group6)
            .Add("vrrp_garp_master_delay", announce.MasterDelay)
            .Add("vrrp_garp_master_repeat", announce.MasterRepeat)
            .Add("vrrp_garp_master_refresh", announce.MasterRefresh)
            .Add("vrrp_garp_master_refresh_repeat", announce.MasterRefreshRepeat)
            .Add("vrrp_garp_lower_prio_delay", announce.LowerPriorityDelay, "vrrp_garp_master_delay")
            .Add("vrrp_garp_lower_prio_repeat", announce.LowerPriorityRepeat, "vrrp_garp_master_repeat")
            .Add("vrrp_garp_interval", announce.GarpInterval)
            .Add("vrrp_gna_interval", announce.GnaInterval)
            .Add("vrrp_min_garp", vrrp.MinGarp)
            .Add("vrrp_garp_extra_if", announce.ExtraInterfaces, "vrrp_vmac_garp_intvl")
            .Add("vrrp_down_timer_adverts", vrrp.DownTimerAdverts)
            .Add("vrrp_lower_prio_no_advert", vrrp.LowerPriorityNoAdvert)
            .Add("vrrp_higher_prio_send_advert", vrrp.HigherPrioritySendAdvert)
            .Add("vrrp_check_unicast_src", vrrp.CheckUnicastSource)
            .Add("vrrp_skip_check_adv_addr", vrrp.SkipCheckAdvertAddresses)
            .Add("vrrp_strict", vrrp.Strict)
            .Add("vrrp_notify_priority_changes", vrrp.NotifyPriorityChanges)
            .Add("vrrp_owner_ignore_adverts", vrrp.OwnerIgnoresAdverts)
            .Add("v3_checksum_as_v2", vrrp.ChecksumAsVersion2)
            .Add("log_unknown_vrids", vrrp.LogUnknownVrids)
            .Add("vrrp_startup_delay", vrrp.StartupDelay)
            .Add("vrrp_delay_after_boot", vrrp.DelayAfterBoot)
            .Add("vmac_prefix", vrrp.VmacPrefix)
            .Add("vmac_addr_prefix", vrrp.VmacAddressPrefix);
    }

    private static void AddScripts(ListingBuilder list, ScriptSettings scripts) => list
        .Add("script_user", scripts.User is { } user ? $"{user} {scripts.Group}".TrimEnd() : null)
        .Add("enable_script_security", scripts.EnableSecurity)
        .Add("startup_script", scripts.Startup)
        .Add("startup_script_timeout", scripts.StartupTimeout)
        .Add("shutdown_script", scripts.Shutdown)
        .Add("shutdown_script_timeout", scripts.ShutdownTimeout)
        .Add("notify_fifo", scripts.Fifo.Path)
        .Add("notify_fifo_script", scripts.Fifo.Script)
        .Add("vrrp_notify_fifo", scripts.VrrpFifo.Path)
        .Add("vrrp_notify_fifo_script", scripts.VrrpFifo.Script)
        .Add("lvs_notify_fifo", scripts.LvsFifo.Path)
        .Add("lvs_notify_fifo_script", scripts.LvsFifo.Script)
        .Add("fifo_write_vrrp_states_on_reload", scripts.FifoStatesOnReload)
        .Add("rs_init_notifies", scripts.RealServerInitNotifies);

    private static void AddForwarder(ListingBuilder list, ForwarderSettings all) => list
        .Add("flow_table_size", all.FlowTableSize)
        .Add("flow_table_size_ipv6", all.FlowTableSizeIpv6)
        .Add("fragment_table_size", all.FragmentTableSize)
        .Add("new_flows_per_second", all.NewFlowsPerSecond)
        .Add("expire_nodest_conn", all.ExpireNodestConn)
        .Add("expire_quiescent_template", all.ExpireQuiescentTemplate)
        .Add("conn_reuse_mode", all.ConnReuseMode)
        .Add("sloppy_tcp", all.SloppyTcp)
        .Add("sloppy_sctp", all.SloppySctp)
        .Add("reset_rate", all.ResetRate)
        .Add("offload", all.Offload switch { OffloadMode.On => "on", OffloadMode.Off => "off", _ => "auto" })
        .Add("offload_persist", all.OffloadPersist)
        .Add("mh_table_index", all.MaglevTableIndex);
}
