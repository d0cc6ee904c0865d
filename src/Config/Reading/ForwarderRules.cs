using System;

namespace XdpLvs.Config;

/// <summary>The keywords of <c>global_defs</c> about the forwarder: all of them XdpLvs's own.</summary>
internal static class ForwarderRules
{
    /// <summary>The rules.</summary>
    public static Rule<Draft<GlobalSettings>>[] All { get; } =
    [
        Table("flow_table_size", ForwarderSettings.FlowTableSizeMax, (all, n) => all with { FlowTableSize = n }),
        Table(
            "flow_table_size_ipv6",
            ForwarderSettings.FlowTableSizeIpv6Max,
            (all, n) => all with { FlowTableSizeIpv6 = n }),
        Table(
            "fragment_table_size",
            ForwarderSettings.FragmentTableSizeMax,
            (all, n) => all with { FragmentTableSize = n }),
        Number("new_flows_per_second", 0, int.MaxValue, (all, n) => all with { NewFlowsPerSecond = n }),
        Number("reset_rate", 0, int.MaxValue, (all, n) => all with { ResetRate = n }),
        Number(
            "mh_table_index",
            ForwarderSettings.MaglevTableIndexMin,
            ForwarderSettings.MaglevTableIndexMax,
            (all, n) => all with { MaglevTableIndex = n }),
        Number("conn_reuse_mode", 0, 2, (all, n) => all with { ConnReuseMode = n }),
        Number("offload_persist", 0, 86_400, (all, n) => all with { OffloadPersist = n }),
        new("offload", false, ReadOffload),
        Switch("expire_nodest_conn", (all, isOn) => all with { ExpireNodestConn = isOn }),
        Switch("expire_quiescent_template", (all, isOn) => all with { ExpireQuiescentTemplate = isOn }),
        Switch("sloppy_tcp", (all, isOn) => all with { SloppyTcp = isOn }),
        Switch("sloppy_sctp", (all, isOn) => all with { SloppySctp = isOn }),
    ];

    /// <summary>A switch, or auto.</summary>
    private static void ReadOffload(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        bool isAuto = statement.Words.Length == 2 && statement.Words[1].Text == "auto";
        bool isOn = false;
        if (isAuto || report.TrySwitch(statement, out isOn))
        {
            OffloadMode mode = isAuto ? OffloadMode.Auto : isOn ? OffloadMode.On : OffloadMode.Off;
            draft.Model = draft.Model with { Forwarder = draft.Model.Forwarder with { Offload = mode } };
        }
    }

    private static Rule<Draft<GlobalSettings>> Table(
        string keyword, int max, Func<ForwarderSettings, int, ForwarderSettings> set) =>
        Number(keyword, ForwarderSettings.TableSizeMin, max, set);

    private static Rule<Draft<GlobalSettings>> Number(
        string keyword, int min, int max, Func<ForwarderSettings, int, ForwarderSettings> set) =>
        new(keyword, false, (draft, statement, report) =>
        {
            if (report.TryNumber(statement, min, max, out int number))
            {
                draft.Model = draft.Model with { Forwarder = set(draft.Model.Forwarder, number) };
            }
        });

    private static Rule<Draft<GlobalSettings>> Switch(
        string keyword, Func<ForwarderSettings, bool, ForwarderSettings> set) =>
        new(keyword, false, (draft, statement, report) =>
        {
            if (report.TrySwitch(statement, out bool isOn))
            {
                draft.Model = draft.Model with { Forwarder = set(draft.Model.Forwarder, isOn) };
            }
        });
}
