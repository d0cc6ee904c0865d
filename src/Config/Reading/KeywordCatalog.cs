using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Every keyword that keepalived knows, by block, so that a typo can be told from work still to do.</summary>
internal static class KeywordCatalog
{
    /// <summary>The name under which keywords outside any block are listed.</summary>
    public const string Top = "top level";

    /// <summary>keepalived 2.4.3. A tilde marks what cannot change where traffic goes: logs, mails, scripts.</summary>
    private const string Listing =
        """
        [top level]
        vrrp_track_file ~linkbeat_use_polling net_namespace net_namespace_ipvs namespace_with_ipsets
        ~use_pid_dir ~instance ~child_wait_time global_defs track_group static_ipaddress static_routes
        static_rules vrrp_sync_group garp_group linkbeat_interfaces vrrp_instance vrrp_script vrrp_track_process
        interface_up_down_delays ~SSL virtual_server_group virtual_server bfd_instance track_file
        [global_defs]
        ~process_names ~process_name ~vrrp_process_name ~checker_process_name ~lvs_process_name
        ~bfd_process_name ~use_symlink_paths ~set_supplementary_groups router_id
        ~notification_email_from ~smtp_server ~smtp_helo_name ~smtp_connect_timeout ~notification_email ~smtp_alert
        ~startup_script
        ~startup_script_timeout ~shutdown_script ~shutdown_script_timeout ~max_auto_priority
        ~min_auto_priority_delay ~smtp_alert_vrrp ~smtp_alert_checker ~checker_log_all_failures
        dynamic_interfaces ~no_email_faults default_interface ~disable_local_igmp v3_checksum_as_v2 lvs_timeouts
        ~lvs_flush ~lvs_flush_on_stop ~lvs_flush_onstop lvs_sync_daemon vrrp_mcast_group4 vrrp_mcast_group6
        vrrp_garp_master_delay vrrp_garp_master_repeat ~vrrp_garp_master_refresh
        ~vrrp_garp_master_refresh_repeat ~vrrp_garp_lower_prio_delay ~vrrp_garp_lower_prio_repeat
        vrrp_down_timer_adverts ~vrrp_garp_interval ~vrrp_gna_interval ~vrrp_min_garp ~vrrp_garp_extra_if
        ~vrrp_vmac_garp_intvl vrrp_lower_prio_no_advert vrrp_higher_prio_send_advert vrrp_version ~vrrp_iptables
        ~vrrp_ipsets ~nftables ~nftables_priority ~nftables_ifindex vrrp_check_unicast_src
        ~vrrp_skip_check_adv_addr vrrp_strict ~vrrp_priority ~vrrp_no_swap ~vrrp_rt_priority ~vrrp_cpu_affinity
        ~vrrp_rlimit_rttime ~vrrp_rlimit_rtime nftables_ipvs ~nftables_ipvs_priority nftables_ipvs_start_fwmark
        ~nftables_counters ~notify_fifo ~notify_fifo_script ~vrrp_notify_fifo ~vrrp_notify_fifo_script
        ~vrrp_notify_priority_changes ~fifo_write_vrrp_states_on_reload ~lvs_notify_fifo ~lvs_notify_fifo_script
        ~checker_priority ~checker_no_swap ~checker_rt_priority ~checker_cpu_affinity ~checker_rlimit_rttime
        ~checker_rlimit_rtime ~bfd_priority ~bfd_no_swap ~bfd_rt_priority ~bfd_cpu_affinity ~bfd_rlimit_rttime
        ~bfd_rlimit_rtime ~snmp_socket ~enable_traps ~enable_snmp_vrrp ~enable_snmp_keepalived ~enable_snmp_rfc
        ~enable_snmp_rfcv2 ~enable_snmp_rfcv3 ~enable_snmp_checker ~snmp_vs_stats_update_interval
        ~snmp_rs_stats_update_interval ~enable_dbus ~dbus_service_name ~dbus_no_interface_name ~script_user
        ~enable_script_security ~vrrp_netlink_cmd_rcv_bufs ~vrrp_netlink_cmd_rcv_bufs_force
        ~vrrp_netlink_monitor_rcv_bufs ~vrrp_netlink_monitor_rcv_bufs_force ~process_monitor_rcv_bufs
        ~process_monitor_rcv_bufs_force ~lvs_netlink_cmd_rcv_bufs ~lvs_netlink_cmd_rcv_bufs_force
        ~lvs_netlink_monitor_rcv_bufs ~lvs_netlink_monitor_rcv_bufs_force ~rs_init_notifies ~no_checker_emails
        ~vrrp_rx_bufs_policy ~vrrp_rx_bufs_multiplier vrrp_startup_delay vrrp_delay_after_boot
        ~log_unknown_vrids vrrp_owner_ignore_adverts vmac_prefix vmac_addr_prefix ~umask ~random_seed
        ~reload_check_config ~reload_time_file ~reload_repeat ~reload_file ~include_check ~config_save_dir
        ~tmp_config_directory ~data_use_instance ~json_version ~iproute_usr_dir ~iproute_etc_dir
        ~state_dump_file ~stats_dump_file ~json_dump_file
        [vrrp_instance]
        use_vmac use_vmac_addr vmac_xmit_base use_ipvlan unicast_peer unicast_fault_no_peer check_unicast_src
        old_unicast_checksum ~native_ipv6 state interface vrf dont_track_primary track_interface track_script
        track_file track_process track_bfd mcast_src_ip unicast_src_ip mcast_dst_ip track_src_ip
        virtual_router_id unicast_ttl version priority advert_int virtual_ipaddress virtual_ipaddress_excluded
        ~no_virtual_ipaddress ~promote_secondaries ~linkbeat_use_polling v3_checksum_as_v2 virtual_routes
        virtual_rules ~accept no_accept ~skip_check_adv_addr strict_mode preempt nopreempt preempt_delay ~debug
        ~notify_backup ~notify_master ~notify_fault ~notify_stop ~notify_deleted ~notify
        ~notify_master_rx_lower_pri ~smtp_alert ~notify_priority_changes ~lvs_sync_daemon_interface
        garp_master_delay ~garp_master_refresh garp_master_repeat ~garp_master_refresh_repeat
        ~garp_lower_prio_delay ~garp_lower_prio_repeat down_timer_adverts ~timer_expired_backup
        ~thread_timer_expired ~garp_extra_if ~vmac_garp_intvl lower_prio_no_advert higher_prio_send_advert
        owner_ignore_adverts ~kernel_rx_buf_size authentication auth_hmac
        [authentication]
        auth_type auth_pass
        [virtual_server]
        ip_family retry delay_before_retry warmup connect_timeout delay_loop inhibit_on_failure lb_algo
        lvs_sched hashed ops flag-1 flag-2 flag-3 sh-port sh-fallback mh-port mh-fallback lb_kind lvs_method
        persistence_engine persistence_timeout persistence_granularity protocol ~ha_suspend ~smtp_alert
        ~virtualhost ~snmp_name alpha ~omega ~quorum_up ~quorum_down quorum hysteresis weight sorry_server
        sorry_server_inhibit sorry_server_lvs_method real_server
        [real_server]
        weight lvs_method uthreshold lthreshold inhibit_on_failure ~notify_up ~notify_down alpha retry
        delay_before_retry warmup connect_timeout delay_loop ~smtp_alert ~virtualhost ~snmp_name TCP_CHECK
        HTTP_GET SSL_GET SMTP_CHECK DNS_CHECK MISC_CHECK UDP_CHECK PING_CHECK FILE_CHECK BFD_CHECK
        [TCP_CHECK]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures
        [track_group]
        group
        [vrrp_sync_group]
        group track_interface track_script track_file track_process track_bfd ~notify_backup ~notify_master
        ~notify_fault ~notify_stop ~notify ~smtp_alert global_tracking sync_group_tracking_weight
        ~notify_priority_changes
        [garp_group]
        garp_interval gna_interval interface interfaces
        [auth_hmac]
        key active_key time_window anti_replay mode
        [vrrp_script]
        script interval timeout weight rise fall user init_fail
        [vrrp_track_process]
        process param_match weight quorum quorum_max delay terminate_delay fork_delay full_command
        [SSL]
        password ca certificate key
        [HTTP_GET]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures nb_get_retry ~virtualhost http_protocol enable_sni sni_name
        fast_recovery tls_compliant url
        [url]
        path digest status_code ~virtualhost regex regex_no_match regex_options regex_min_offset
        regex_max_offset regex_stack tls_compliant
        [SMTP_CHECK]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures helo_name host
        [host]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark
        [DNS_CHECK]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures type name
        [MISC_CHECK]
        retry delay_before_retry warmup delay_loop alpha ~log_all_failures misc_path misc_timeout misc_dynamic
        user
        [UDP_CHECK]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures payload require_reply min_reply_length max_reply_length
        [FILE_CHECK]
        track_file weight
        [BFD_CHECK]
        name alpha
        [bfd_instance]
        source_ip neighbor_ip neighbour_ip min_rx min_tx idle_tx multiplier passive ttl hoplimit max_hops
        multihop weight vrrp checker
        [track_file]
        file weight init_file
        [PING_CHECK]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures
        [SSL_GET]
        connect_ip connect_port bindto bind_port bind_if connect_timeout fwmark retry delay_before_retry warmup
        delay_loop alpha ~log_all_failures nb_get_retry ~virtualhost http_protocol enable_sni sni_name
        fast_recovery tls_compliant url
        """;

    /// <summary>What keepalived does not know: XdpLvs's own words, by block. None of them is cosmetic.</summary>
    private const string OwnListing =
        """
        [global_defs]
        flow_table_size flow_table_size_ipv6 fragment_table_size new_flows_per_second expire_nodest_conn
        expire_quiescent_template conn_reuse_mode sloppy_tcp sloppy_sctp reset_rate offload offload_persist
        mh_table_index
        [virtual_server]
        drain
        [real_server]
        slow_start drain
        """;

    /// <summary>Words that older keepalived versions or their forks knew, and what to do about them.</summary>
    private static readonly FrozenDictionary<string, string> Obsolete = new Dictionary<string, string>
    {
        ["nat_mask"] = "it never meant anything in DR: remove the line",
        ["net_mask"] = "it never meant anything in DR: remove the line",
        ["lvs_id"] = "write 'router_id'",
        ["lvs_weight"] = "write 'weight'",
        ["lvs_sync_daemon_inteface"] = "connections are not synchronised yet",
    }.ToFrozenDictionary();

    private static readonly ImmutableArray<(string Name, FrozenDictionary<string, bool> Keywords)> InOrder =
        ReadListing(Listing);

    private static readonly ImmutableArray<(string Name, FrozenDictionary<string, bool> Keywords)> Own =
        ReadListing(OwnListing);

    private static readonly FrozenDictionary<string, FrozenDictionary<string, bool>> Blocks =
        InOrder.ToFrozenDictionary(block => block.Name, block => block.Keywords);

    private static readonly FrozenSet<string> CheckerOptions =
        InOrder.Where(block => IsChecker(block.Name) || block.Name == "url")
            .SelectMany(block => block.Keywords.Keys)
            .ToFrozenSet();

    /// <summary>The blocks that hold checks of a real server.</summary>
    public static ImmutableArray<string> Checkers { get; } =
        [.. Blocks["real_server"].Keys.Where(IsChecker).Order(StringComparer.Ordinal)];

    /// <summary>Whether a keyword names a check of a real server.</summary>
    public static bool IsChecker(string keyword) =>
        keyword.EndsWith("_CHECK", StringComparison.Ordinal) || keyword is "HTTP_GET" or "SSL_GET";

    /// <summary>Whether a keyword names a check or stands in one, and so shows that a check was meant.</summary>
    public static bool IsCheckerOrOption(string keyword) => IsChecker(keyword) || CheckerOptions.Contains(keyword);

    /// <summary>The names of all blocks, in the order of the listing.</summary>
    public static IEnumerable<string> BlockNames => InOrder.Select(block => block.Name);

    /// <summary>keepalived's keywords of a block.</summary>
    public static IEnumerable<string> Of(string block) => Blocks[block].Keys;

    /// <summary>XdpLvs's own keywords of a block.</summary>
    public static IEnumerable<string> OwnOf(string block) =>
        Own.Where(own => own.Name == block).SelectMany(own => own.Keywords.Keys);

    /// <summary>Whether the block has the keyword, and whether that is one that cannot change traffic.</summary>
    public static bool TryFind(string block, string keyword, out bool isCosmetic)
    {
        isCosmetic = false;
        return Blocks.TryGetValue(block, out FrozenDictionary<string, bool>? keywords)
            && keywords.TryGetValue(keyword, out isCosmetic);
    }

    /// <summary>What to do about a word that keepalived no longer knows; null for all others.</summary>
    public static string? Advice(string keyword) => Obsolete.GetValueOrDefault(keyword);

    /// <summary>The blocks in which a keyword has its place, the more usual first.</summary>
    public static IEnumerable<string> HomesOf(string keyword) =>
        InOrder.Concat(Own).Where(block => block.Keywords.ContainsKey(keyword)).Select(block => block.Name);

    private static ImmutableArray<(string Name, FrozenDictionary<string, bool> Keywords)> ReadListing(
        string listing)
    {
        var blocks = new List<(string Name, Dictionary<string, bool> Keywords)>();
        foreach (string line in listing.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('['))
            {
                blocks.Add((line.Trim('[', ']'), []));
                continue;
            }

            foreach (string word in line.Split(' '))
            {
                blocks[^1].Keywords[word.TrimStart('~')] = word.StartsWith('~');
            }
        }

        return [.. blocks.Select(block => (block.Name, block.Keywords.ToFrozenDictionary()))];
    }
}
