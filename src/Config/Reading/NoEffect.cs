using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// keepalived's keywords that change nothing here, and why: each is read, and one notice says so. And those that are
/// refused, since doing something else than what they say would be worse than not starting.
/// </summary>
internal static class NoEffect
{
    private const string OneProcess = "XdpLvs is one process without children of different names and priorities";
    private const string NoSnmp = "XdpLvs has no SNMP agent and no D-Bus service";
    private const string NoBuffers = "XdpLvs sizes its own buffers and counts what they lose";
    private const string NoFirewall =
        "no firewall rules are needed: frames for virtual services are taken before netfilter sees them";

    private const string NoPaths = "XdpLvs has a control socket and writes no such files";

    private static readonly (string Block, string Reason, string Keywords)[] Ineffective =
    [
        (KeywordCatalog.Top, "the kernel tells of every link's state, nothing is polled",
            "linkbeat_use_polling linkbeat_interfaces"),
        (KeywordCatalog.Top, "kernel IPVS is not used", "net_namespace_ipvs namespace_with_ipsets"),
        (KeywordCatalog.Top, "the daemon writes no process id; the control socket's path tells daemons apart",
            "use_pid_dir instance"),
        (KeywordCatalog.Top, OneProcess, "child_wait_time"),
        ("global_defs", OneProcess,
            "process_names process_name vrrp_process_name checker_process_name lvs_process_name bfd_process_name "
            + "max_auto_priority min_auto_priority_delay vrrp_priority vrrp_no_swap vrrp_rt_priority "
            + "vrrp_cpu_affinity vrrp_rlimit_rttime vrrp_rlimit_rtime checker_priority checker_no_swap "
            + "checker_rt_priority checker_cpu_affinity checker_rlimit_rttime checker_rlimit_rtime bfd_priority "
            + "bfd_no_swap bfd_rt_priority bfd_cpu_affinity bfd_rlimit_rttime bfd_rlimit_rtime"),
        ("global_defs", NoSnmp,
            "snmp_socket enable_traps enable_snmp_vrrp enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 "
            + "enable_snmp_rfcv3 enable_snmp_checker snmp_vs_stats_update_interval snmp_rs_stats_update_interval "
            + "enable_dbus dbus_service_name dbus_no_interface_name"),
        ("global_defs", NoBuffers,
            "vrrp_netlink_cmd_rcv_bufs vrrp_netlink_cmd_rcv_bufs_force vrrp_netlink_monitor_rcv_bufs "
            + "vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs process_monitor_rcv_bufs_force "
            + "lvs_netlink_cmd_rcv_bufs lvs_netlink_cmd_rcv_bufs_force lvs_netlink_monitor_rcv_bufs "
            + "lvs_netlink_monitor_rcv_bufs_force vrrp_rx_bufs_policy vrrp_rx_bufs_multiplier"),
        ("global_defs", NoFirewall,
            "vrrp_iptables vrrp_ipsets nftables nftables_priority nftables_ifindex nftables_counters nftables_ipvs "
            + "nftables_ipvs_priority nftables_ipvs_start_fwmark"),
        ("global_defs", "the tables start empty and end with the process",
            "lvs_flush lvs_flush_on_stop lvs_flush_onstop"),
        ("global_defs", "a configuration is always tested as a whole before it is used",
            "reload_check_config include_check config_save_dir tmp_config_directory"),
        ("global_defs", NoPaths,
            "data_use_instance json_version state_dump_file stats_dump_file json_dump_file use_symlink_paths umask"),
        ("global_defs", "routes are set by numbers, no tables of names are read", "iproute_usr_dir iproute_etc_dir"),
        ("global_defs", "the system's own random numbers are used", "random_seed"),
        ("global_defs", "scripts get exactly the user and group that is written", "set_supplementary_groups"),
        ("global_defs", "adverts need no membership that could be left out", "disable_local_igmp"),
        ("vrrp_instance", "the kernel tells of every link's state, nothing is polled", "linkbeat_use_polling"),
        ("vrrp_instance", "the addresses themselves say it", "native_ipv6"),
        ("vrrp_instance", "the log has one line for every event, always", "debug"),
        ("vrrp_instance", "'lvs_sync_daemon' in global_defs took its place", "lvs_sync_daemon_interface"),
        ("vrrp_instance", NoBuffers, "kernel_rx_buf_size"),
        ("vrrp_instance", "a wake-up that came late hears what waits before it declares anybody dead",
            "timer_expired_backup thread_timer_expired"),
        ("vrrp_sync_group", "what instances track counts for their group always", "global_tracking"),
        ("virtual_server", NoSnmp, "snmp_name"),
        ("virtual_server", "kernel IPVS sets this by itself and so shows nothing", "hashed"),
        ("real_server", NoSnmp, "snmp_name"),
    ];

    private static readonly (string Block, string Reason, string Keyword)[] Refused =
    [
        (KeywordCatalog.Top, "start the daemon inside it: ip netns exec NAME xdplvs run", "net_namespace"),
        ("virtual_server", "the forwarder reads no Call-ID of SIP; the virtual server is left out",
            "persistence_engine"),
        ("virtual_server", "answers would have to come back through the director", "(NAT)"),
        ("virtual_server", "packets would have to be put into others", "(TUN)"),
        ("virtual_server", "it takes frames before netfilter could mark them", "(fwmark)"),
    ];

    private static readonly FrozenDictionary<(string Block, string Keyword), string> Reasons = Ineffective
        .SelectMany(group => group.Keywords.Split(' ').Select(keyword => ((group.Block, keyword), group.Reason)))
        .ToFrozenDictionary(pair => pair.Item1, pair => pair.Reason);

    private static readonly FrozenDictionary<(string Block, string Keyword), string> Refusals =
        Refused.ToFrozenDictionary(one => (one.Block, one.Keyword), one => one.Reason);

    /// <summary>Every keyword that is listed, by block.</summary>
    public static IEnumerable<(string Block, string Keyword)> Entries => Reasons.Keys.Concat(Refusals.Keys);

    /// <summary>Why the keyword changes nothing; null: it does.</summary>
    public static string? ReasonOf(string block, string keyword) => Reasons.GetValueOrDefault((block, keyword));

    /// <summary>Why the keyword is refused; null: it is not.</summary>
    public static string? RefusalOf(string block, string keyword) => Refusals.GetValueOrDefault((block, keyword));

    /// <summary>Reports the statement if it is listed. Returns whether it is refused.</summary>
    public static bool Report(string block, Statement statement, Reporter report)
    {
        if (ReasonOf(block, statement.Keyword) is { } reason)
        {
            report.Notice(statement.Words[0], $"'{statement.Keyword}' has no effect here: {reason}");
        }

        string? refusal = RefusalOf(block, statement.Keyword);
        if (refusal is not null)
        {
            report.Error(statement.Words[0], $"'{statement.Keyword}' is not supported: {refusal}");
        }

        return refusal is not null;
    }
}
