using System;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

using On = Options<VrrpInstance>;

/// <summary>Reads <c>vrrp_instance</c>; what depends on several keywords is for <see cref="VrrpBuilder"/>.</summary>
internal static class VrrpReader
{
    private const int InterfaceNameLengthMax = 15;

    /// <summary>What is tracked; <see cref="TrackReader"/> reads it when all things are known.</summary>
    private static readonly string[] TrackBlocks =
        ["track_interface", "track_script", "track_file", "track_process", "track_bfd"];

    /// <summary>The keywords of the block.</summary>
    public static Grammar<Draft<VrrpInstance>> Grammar { get; } = new(
        "vrrp_instance",
        [
            On.Any("state", State),
            On.Any("interface", Interface),
            On.Number("virtual_router_id", 1, 255, (all, id) => all with { VirtualRouterId = (byte)id }),
            On.Number("priority", 1, 255, (all, priority) => all with { Priority = (byte)priority }),
            On.Any("advert_int", AdvertInterval),
            On.Number("version", 2, 3, (all, version) => all with { Version = version }),
            On.Block("authentication", AuthenticationReader.Read),
            On.Block("auth_hmac", AuthenticationReader.ReadHmac),
            On.Block("virtual_ipaddress", (draft, block, report) =>
                draft.Model = draft.Model with { Addresses = AddressesOf(draft.Model.Addresses, block, report) }),
            On.Block("virtual_ipaddress_excluded", (draft, block, report) => draft.Model = draft.Model with
            {
                ExcludedAddresses = AddressesOf(draft.Model.ExcludedAddresses, block, report),
            }),
            On.Any("no_virtual_ipaddress", (draft, _, _) =>
                draft.Model = draft.Model with { AllowsNoAddress = true }),
            On.Block("virtual_routes", (draft, block, report) => draft.Model = draft.Model with
            {
                Routes = draft.Model.Routes.AddRange(RouteReader.ReadRoutes(block, report)),
            }),
            On.Block("virtual_rules", (draft, block, report) => draft.Model = draft.Model with
            {
                Rules = draft.Model.Rules.AddRange(RouteReader.ReadRules(block, report)),
            }),
            .. Array.ConvertAll(TrackBlocks, keyword => On.Block(keyword, (_, _, _) => { })),
            .. Election,
            .. TransportRules.All,
            .. VmacRules.All,
            .. AnnounceRules.Of<VrrpInstance>("", (all, change) => all with { Announce = change(all.Announce) }),
            .. NotifyRules.Of<VrrpInstance>(isGroup: false, (all, change) => all with { Notify = change(all.Notify) }),
            On.Switch("smtp_alert", (all, isOn) => all with { SmtpAlert = isOn }),
            On.Switch("notify_priority_changes", (all, isOn) => all with { NotifyPriorityChanges = isOn }),
            .. On.Noted("native_ipv6 linkbeat_use_polling debug timer_expired_backup thread_timer_expired"),
            .. On.Noted("lvs_sync_daemon_interface", needsWord: true),
            .. On.NotedNumbers("kernel_rx_buf_size", 1, int.MaxValue),
        ]);

    private static Rule<Draft<VrrpInstance>>[] Election =>
    [
        Flag("nopreempt", all => all with { Preempt = false }),
        Flag("preempt", all => all with { Preempt = true }),
        On.Seconds("preempt_delay", (all, time) => all with { PreemptDelay = time }, max: 1000),
        Flag("accept", all => all with { Accept = true }),
        Flag("no_accept", all => all with { Accept = false }),
        Flag("dont_track_primary", all => all with { DontTrackPrimary = true }),
        Flag("promote_secondaries", all => all with { PromoteSecondaries = true }),
        On.Number("down_timer_adverts", 1, 100, (all, count) => all with { DownTimerAdverts = count }),
        On.Switch("lower_prio_no_advert", (all, isOn) => all with { LowerPriorityNoAdvert = isOn }),
        On.Switch("higher_prio_send_advert", (all, isOn) => all with { HigherPrioritySendAdvert = isOn }),
        On.Switch("owner_ignore_adverts", (all, isOn) => all with { OwnerIgnoresAdverts = isOn }),
        On.Switch("skip_check_adv_addr", (all, isOn) => all with { SkipCheckAdvertAddresses = isOn }),
        On.Switch("strict_mode", (all, isOn) => all with { Strict = isOn }),
        On.Switch("v3_checksum_as_v2", (all, isOn) => all with { ChecksumAsVersion2 = isOn }),
    ];

    /// <summary>Whether the name can be that of a network interface; if not, it has been reported.</summary>
    public static bool IsInterfaceName(Word name, Reporter report)
    {
        bool fits = name.Text.Length is > 0 and <= InterfaceNameLengthMax && !name.Text.Contains('/');
        if (!fits)
        {
            report.Error(
                name, $"{Reporter.Quote(name.Text)} is not the name of an interface: 1 to 15 characters, no '/'");
        }

        return fits;
    }

    private static Rule<Draft<VrrpInstance>> Flag(string keyword, Func<VrrpInstance, VrrpInstance> set) =>
        On.Any(keyword, (draft, _, _) => draft.Model = set(draft.Model), words: 0);

    private static void State(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "MASTER or BACKUP", out Word state))
        {
            return;
        }

        VrrpInitialState initial = state.Text == "MASTER" ? VrrpInitialState.Master : VrrpInitialState.Backup;
        draft.Model = draft.Model with { InitialState = initial };
        if (state.Text is not ("MASTER" or "BACKUP"))
        {
            string? nearest = Spelling.Nearest(state.Text, ["MASTER", "BACKUP"]);
            report.Error(state, $"{Reporter.Quote(state.Text)} is neither MASTER nor BACKUP; BACKUP is taken", nearest);
        }
    }

    private static void Interface(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "the name of a network interface", out Word name)
            || !IsInterfaceName(name, report))
        {
            return;
        }

        if (name.Text == "lo")
        {
            report.Error(name, "VRRP cannot run on 'lo'; the instance is left out");
            return;
        }

        draft.Model = draft.Model with { Interface = name.Text };
    }

    /// <summary>What it may be depends on the version, which may be written behind it.</summary>
    private static void AdvertInterval(Draft<VrrpInstance> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "whole seconds, 1 to 255; for version 3 seconds, 0.01 to 40.95", out Word word))
        {
            return;
        }

        if (Values.TryParseSeconds(word.Text, out TimeSpan time))
        {
            draft.Model = draft.Model with { AdvertInterval = time };
        }
        else
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not a number for advert_int: whole seconds, 1 to 255");
        }
    }

    private static ImmutableArray<VirtualAddress> AddressesOf(
        ImmutableArray<VirtualAddress> addresses, Statement block, Reporter report) =>
        addresses.AddRange(block.Body!.Statements
            .Select(line => VirtualAddressReader.Read(line, report))
            .OfType<VirtualAddress>());
}
