using System;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

using On = Options<GlobalSettings>;

/// <summary>Reads <c>global_defs</c>.</summary>
internal static class GlobalReader
{
    /// <summary>The keywords of the block.</summary>
    public static Grammar<Draft<GlobalSettings>> Grammar { get; } = new(
        "global_defs",
        [
            On.Text("router_id", "a name", (all, name) => all with { RouterId = name }),
            On.Any("lvs_timeouts", Timeouts, words: 6),
            On.Any("lvs_sync_daemon", SyncDaemonReader.Read, words: 14),
            On.Interface("default_interface", (all, name) => all with { DefaultInterface = name }),
            On.Any("dynamic_interfaces", (draft, _, _) => draft.Model = draft.Model with { DynamicInterfaces = true }),
            On.Switch("checker_log_all_failures", (all, isOn) => all with { LogAllCheckFailures = isOn }),
            .. Mail,
            .. GlobalVrrpRules.All,
            .. GlobalScriptRules.All,
            .. ForwarderRules.All,
            .. Ineffective,
        ]);

    private static Rule<Draft<GlobalSettings>>[] Mail =>
    [
        On.Block("notification_email", NotificationEmail),
        On.Text("notification_email_from", "a mail address", (all, from) => all with { NotificationEmailFrom = from }),
        On.Any("smtp_server", Smtp, words: 2),
        On.Text("smtp_helo_name", "a host name", (all, name) => all with { SmtpHeloName = name }),
        On.SomeSeconds("smtp_connect_timeout", (all, time) => all with { SmtpConnectTimeout = time }),
        MailSwitch("smtp_alert", (mail, isOn) => mail with { All = isOn }),
        MailSwitch("smtp_alert_vrrp", (mail, isOn) => mail with { Vrrp = isOn }),
        MailSwitch("smtp_alert_checker", (mail, isOn) => mail with { Checker = isOn }),
        MailSwitch("no_email_faults", (mail, isOn) => mail with { NoFaults = isOn }),
        MailSwitch("no_checker_emails", (mail, isOn) => mail with { NoCheckerMails = isOn }),
    ];

    private static Rule<Draft<GlobalSettings>>[] Ineffective =>
    [
        .. On.Noted(
            "process_names vrrp_no_swap checker_no_swap bfd_no_swap enable_traps enable_snmp_vrrp "
            + "enable_snmp_keepalived enable_snmp_rfc enable_snmp_rfcv2 enable_snmp_rfcv3 enable_snmp_checker "
            + "enable_dbus dbus_no_interface_name use_symlink_paths set_supplementary_groups lvs_flush "
            + "lvs_flush_on_stop lvs_flush_onstop disable_local_igmp data_use_instance nftables nftables_ipvs "
            + "nftables_counters nftables_ifindex reload_check_config vrrp_netlink_cmd_rcv_bufs_force "
            + "vrrp_netlink_monitor_rcv_bufs_force process_monitor_rcv_bufs_force lvs_netlink_cmd_rcv_bufs_force "
            + "lvs_netlink_monitor_rcv_bufs_force random_seed"),
        .. On.Noted(
            "process_name vrrp_process_name checker_process_name lvs_process_name bfd_process_name snmp_socket "
            + "dbus_service_name config_save_dir tmp_config_directory state_dump_file stats_dump_file json_dump_file "
            + "iproute_usr_dir iproute_etc_dir umask vrrp_rx_bufs_policy",
            needsWord: true),
        .. On.Noted("vrrp_iptables include_check", words: 6),
        .. On.Noted("vrrp_ipsets", words: 5),
        .. On.Noted("vrrp_cpu_affinity checker_cpu_affinity bfd_cpu_affinity", words: 1024, needsWord: true),
        .. On.NotedNumbers("vrrp_priority checker_priority bfd_priority", -20, 19),
        .. On.NotedNumbers("vrrp_rt_priority checker_rt_priority bfd_rt_priority max_auto_priority", -1, 99),
        .. On.NotedNumbers(
            "vrrp_rlimit_rttime vrrp_rlimit_rtime checker_rlimit_rttime checker_rlimit_rtime bfd_rlimit_rttime "
            + "bfd_rlimit_rtime min_auto_priority_delay snmp_vs_stats_update_interval snmp_rs_stats_update_interval "
            + "vrrp_netlink_cmd_rcv_bufs vrrp_netlink_monitor_rcv_bufs process_monitor_rcv_bufs "
            + "lvs_netlink_cmd_rcv_bufs lvs_netlink_monitor_rcv_bufs vrrp_rx_bufs_multiplier "
            + "nftables_ipvs_start_fwmark json_version",
            1,
            int.MaxValue),
        .. On.NotedNumbers("nftables_priority nftables_ipvs_priority", int.MinValue, int.MaxValue),
    ];

    private static Rule<Draft<GlobalSettings>> MailSwitch(string keyword, Func<MailChoice, bool, MailChoice> set) =>
        On.Switch(keyword, (all, isOn) => all with { Mail = set(all.Mail, isOn) });

    private static void NotificationEmail(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        ImmutableArray<string>.Builder all = draft.Model.NotificationEmail.ToBuilder();
        foreach (Statement line in statement.Body!.Statements.Where(line => !line.Words.IsEmpty))
        {
            all.AddRange(line.Words.Select(word => word.Text));
        }

        draft.Model = draft.Model with { NotificationEmail = all.ToImmutable() };
    }

    private static void Smtp(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "a host", out Word host))
        {
            return;
        }

        ushort port = 25;
        if (statement.Words.Length > 2 && report.TryPort(statement.Words[2], out ushort written))
        {
            port = written;
        }

        draft.Model = draft.Model with { SmtpServer = new SmtpServer(host.Text, port) };
    }

    /// <summary>0 is the default, as <c>ipvsadm --set</c> leaves a time alone that is 0.</summary>
    private static void Timeouts(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        LvsTimeouts timeouts = draft.Model.LvsTimeouts;
        _ = report.TryWord(statement, "pairs of tcp, tcpfin or udp and seconds", out _);
        for (int i = 1; i < statement.Words.Length; i += 2)
        {
            Word kind = statement.Words[i];
            if (kind.Text is not ("tcp" or "tcpfin" or "udp"))
            {
                string? nearest = Spelling.Nearest(kind.Text, ["tcp", "tcpfin", "udp"]);
                report.Error(kind, $"{Reporter.Quote(kind.Text)} is not one of tcp, tcpfin and udp", nearest);
                break;
            }

            if (i + 1 == statement.Words.Length)
            {
                report.Error(kind, $"'{kind.Text}' lacks its seconds, 0 to {Values.SecondsMax}");
            }
            else if (report.TryNumber(kind.Text, statement.Words[i + 1], 0, Values.SecondsMax, out int seconds))
            {
                TimeSpan? time = seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
                LvsTimeouts defaults = GlobalSettings.Default.LvsTimeouts;
                timeouts = kind.Text switch
                {
                    "tcp" => timeouts with { Tcp = time ?? defaults.Tcp },
                    "tcpfin" => timeouts with { TcpFin = time ?? defaults.TcpFin },
                    _ => timeouts with { Udp = time ?? defaults.Udp },
                };
            }
        }

        draft.Model = draft.Model with { LvsTimeouts = timeouts };
    }
}
