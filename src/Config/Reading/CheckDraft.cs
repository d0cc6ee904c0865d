using System;
using System.Collections.Generic;
using System.Net;

namespace XdpLvs.Config;

/// <summary>What checks of a virtual server need to know of the rest of the file.</summary>
/// <param name="Globals">The settings of <c>global_defs</c>.</param>
/// <param name="Definitions">What checks may name.</param>
/// <param name="Groups">The groups of virtual servers by name.</param>
internal sealed record ServiceContext(
    GlobalSettings Globals, Definitions Definitions, IReadOnlyDictionary<string, ServiceGroup> Groups);

/// <summary>A check while it is being read: whereto and when.</summary>
/// <param name="place">Its keyword.</param>
internal class CheckDraft(Word place) : TimingDraft
{
    public Word Place { get; } = place;

    public IPAddress? Ip { get; set; }

    public ushort? Port { get; set; }

    public (Word Place, IPAddress Address)? BindTo { get; set; }

    public ushort BindPort { get; set; }

    public string? BindInterface { get; set; }

    public int Fwmark { get; set; }

    public bool? LogAllFailures { get; set; }
}

/// <summary>A check with what only its kind has.</summary>
/// <param name="place">Its keyword.</param>
/// <param name="initial">The check with its kind's defaults.</param>
internal sealed class CheckDraft<TModel>(Word place, TModel initial) : CheckDraft(place)
{
    /// <summary>What only this kind has.</summary>
    public Draft<TModel> Own { get; } = new(initial);
}

/// <summary>The keywords that the checks have in common.</summary>
internal static class CheckRules
{
    /// <summary>The rules of a kind of check, the common ones included.</summary>
    public static Rule<CheckDraft<TModel>>[] Of<TModel>(params Rule<Draft<TModel>>[] own) =>
    [
        .. TimingRules.With<CheckDraft<TModel>>(Array.ConvertAll(own, rule => new Rule<CheckDraft<TModel>>(
            rule.Keyword,
            rule.OpensBlock,
            (draft, statement, report) => rule.Apply(draft.Own, statement, report),
            rule.Words))),
        new("log_all_failures", false, (draft, line, report) => draft.LogAllFailures = report.Switch(line)),
    ];

    /// <summary>The same for a kind that connects somewhere.</summary>
    public static Rule<CheckDraft<TModel>>[] WithTarget<TModel>(params Rule<Draft<TModel>>[] own) =>
    [
        .. Of(own),
        .. Target<CheckDraft<TModel>>(),
        new("nb_get_retry", false, TimingRules.OldRetry),
    ];

    /// <summary>Whereto and wherefrom.</summary>
    public static Rule<TDraft>[] Target<TDraft>()
        where TDraft : CheckDraft =>
    [
        new("connect_ip", false, (draft, statement, report) =>
            draft.Ip = report.TryIpHost(statement, out IPAddress address) ? address : draft.Ip),
        new("connect_port", false, (draft, statement, report) => draft.Port = Port(statement, report) ?? draft.Port),
        new("bindto", false, (draft, statement, report) => draft.BindTo =
            report.TryIpHost(statement, out IPAddress address) ? (statement.Words[1], address) : draft.BindTo),
        new("bind_port", false, (draft, statement, report) =>
            draft.BindPort = Port(statement, report) ?? draft.BindPort),
        new("bind_if", false, BindInterface),
        TimingRules.ConnectTimeout<TDraft>(),
        new("fwmark", false, (draft, statement, report) => draft.Fwmark =
            report.TryNumber(statement, 0, int.MaxValue, out int mark) ? mark : draft.Fwmark),
    ];

    private static ushort? Port(Statement statement, Reporter report) =>
        report.TryWord(statement, "a port, 1 to 65535", out Word word) && report.TryPort(word, out ushort port)
            ? port
            : null;

    private static void BindInterface(CheckDraft draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "the name of a network interface", out Word name)
            && VrrpReader.IsInterfaceName(name, report))
        {
            draft.BindInterface = name.Text;
        }
    }
}
