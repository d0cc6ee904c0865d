using System;
using System.Net;
using System.Net.Sockets;

namespace XdpLvs.Config;

using On = Options<GlobalSettings>;

/// <summary>The keywords of <c>global_defs</c> that are defaults of VRRP instances.</summary>
internal static class GlobalVrrpRules
{
    private const int DelayAfterBootMax = 3600;

    /// <summary>The rules.</summary>
    public static Rule<Draft<GlobalSettings>>[] All { get; } =
    [
        On.Any("vrrp_version", Version),
        On.Any("vrrp_mcast_group4", (draft, line, report) => Group(draft, line, AddressFamily.InterNetwork, report)),
        On.Any("vrrp_mcast_group6", (draft, line, report) => Group(draft, line, AddressFamily.InterNetworkV6, report)),
        .. AnnounceRules.Of<GlobalSettings>("vrrp_", (all, change) =>
            all with { Vrrp = all.Vrrp with { Announce = change(all.Vrrp.Announce) } }),
        On.Seconds("vrrp_garp_interval", (all, time) =>
            all with { Vrrp = all.Vrrp with { Announce = all.Vrrp.Announce with { GarpInterval = time } } }),
        On.Seconds("vrrp_gna_interval", (all, time) =>
            all with { Vrrp = all.Vrrp with { Announce = all.Vrrp.Announce with { GnaInterval = time } } }),
        On.Number("vrrp_down_timer_adverts", 1, 100, (all, count) =>
            all with { Vrrp = all.Vrrp with { DownTimerAdverts = count } }),
        Switch("vrrp_min_garp", (vrrp, isOn) => vrrp with { MinGarp = isOn }),
        Switch("vrrp_lower_prio_no_advert", (vrrp, isOn) => vrrp with { LowerPriorityNoAdvert = isOn }),
        Switch("vrrp_higher_prio_send_advert", (vrrp, isOn) => vrrp with { HigherPrioritySendAdvert = isOn }),
        Switch("vrrp_check_unicast_src", (vrrp, isOn) => vrrp with { CheckUnicastSource = isOn }),
        Switch("vrrp_skip_check_adv_addr", (vrrp, isOn) => vrrp with { SkipCheckAdvertAddresses = isOn }),
        Switch("vrrp_strict", (vrrp, isOn) => vrrp with { Strict = isOn }),
        Switch("vrrp_notify_priority_changes", (vrrp, isOn) => vrrp with { NotifyPriorityChanges = isOn }),
        Switch("vrrp_owner_ignore_adverts", (vrrp, isOn) => vrrp with { OwnerIgnoresAdverts = isOn }),
        Switch("v3_checksum_as_v2", (vrrp, isOn) => vrrp with { ChecksumAsVersion2 = isOn }),
        Switch("log_unknown_vrids", (vrrp, isOn) => vrrp with { LogUnknownVrids = isOn }),
        On.Seconds("vrrp_startup_delay", (all, time) => all with { Vrrp = all.Vrrp with { StartupDelay = time } }),
        On.Seconds(
            "vrrp_delay_after_boot",
            (all, time) => all with { Vrrp = all.Vrrp with { DelayAfterBoot = time } },
            DelayAfterBootMax),
        On.Text("vmac_prefix", "the beginning of a name", (all, text) =>
            all with { Vrrp = all.Vrrp with { VmacPrefix = text } }),
        On.Text("vmac_addr_prefix", "the beginning of a name", (all, text) =>
            all with { Vrrp = all.Vrrp with { VmacAddressPrefix = text } }),
    ];

    private static Rule<Draft<GlobalSettings>> Switch(string keyword, Func<VrrpDefaults, bool, VrrpDefaults> set) =>
        On.Switch(keyword, (all, isOn) => all with { Vrrp = set(all.Vrrp, isOn) });

    private static void Version(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 2, 3, out int version))
        {
            draft.Model = draft.Model with { Vrrp = draft.Model.Vrrp with { Version = version } };
        }
    }

    private static void Group(
        Draft<GlobalSettings> draft, Statement statement, AddressFamily family, Reporter report)
    {
        if (!report.TryWord(statement, "a multicast address", out Word word)
            || !report.TryMulticast(word, out IPAddress group))
        {
            return;
        }

        if (group.AddressFamily != family)
        {
            report.Error(word, $"{group} is {group.Family()}; '{statement.Keyword}' is for the other family");
            return;
        }

        VrrpDefaults vrrp = draft.Model.Vrrp;
        draft.Model = draft.Model with
        {
            Vrrp = family == AddressFamily.InterNetwork ? vrrp with { Group4 = group } : vrrp with { Group6 = group },
        };
    }
}
