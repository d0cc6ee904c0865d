using System;

namespace XdpLvs.Config;

using On = Options<GlobalSettings>;

/// <summary>The keywords of <c>global_defs</c> about scripts, FIFOs and reloads.</summary>
internal static class GlobalScriptRules
{
    private const int ScriptSecondsMax = 1000;

    /// <summary>The rules.</summary>
    public static Rule<Draft<GlobalSettings>>[] All { get; } =
    [
        On.Any("script_user", User, words: 2),
        Switch("enable_script_security", (all, isOn) => all with { EnableSecurity = isOn }),
        Script("startup_script", (all, command) => all with { Startup = command }),
        Timeout("startup_script_timeout", (all, time) => all with { StartupTimeout = time }),
        Script("shutdown_script", (all, command) => all with { Shutdown = command }),
        Timeout("shutdown_script_timeout", (all, time) => all with { ShutdownTimeout = time }),
        .. Fifo("notify_fifo", (all, change) => all with { Fifo = change(all.Fifo) }),
        .. Fifo("vrrp_notify_fifo", (all, change) => all with { VrrpFifo = change(all.VrrpFifo) }),
        .. Fifo("lvs_notify_fifo", (all, change) => all with { LvsFifo = change(all.LvsFifo) }),
        Switch("fifo_write_vrrp_states_on_reload", (all, isOn) => all with { FifoStatesOnReload = isOn }),
        Switch("rs_init_notifies", (all, isOn) => all with { RealServerInitNotifies = isOn }),
        On.Text("reload_time_file", "a path", (all, path) =>
            all with { Reload = all.Reload with { TimeFile = path } }),
        On.Switch("reload_repeat", (all, isOn) => all with { Reload = all.Reload with { Repeat = isOn } }),
        On.Any("reload_file", ReloadFile),
    ];

    private static Rule<Draft<GlobalSettings>> Switch(
        string keyword, Func<ScriptSettings, bool, ScriptSettings> set) =>
        On.Switch(keyword, (all, isOn) => all with { Scripts = set(all.Scripts, isOn) });

    private static Rule<Draft<GlobalSettings>> Script(
        string keyword, Func<ScriptSettings, ScriptCommand, ScriptSettings> set) =>
        On.Script(keyword, (all, command) => all with { Scripts = set(all.Scripts, command) });

    private static Rule<Draft<GlobalSettings>> Timeout(
        string keyword, Func<ScriptSettings, TimeSpan, ScriptSettings> set) =>
        On.Number(keyword, 1, ScriptSecondsMax, (all, seconds) =>
            all with { Scripts = set(all.Scripts, TimeSpan.FromSeconds(seconds)) });

    private static Rule<Draft<GlobalSettings>>[] Fifo(
        string keyword, Func<ScriptSettings, Func<NotifyFifo, NotifyFifo>, ScriptSettings> change) =>
    [
        On.Any(
            keyword,
            (draft, statement, report) =>
            {
                if (report.TryWord(statement, "a path", out Word path))
                {
                    draft.Model = draft.Model with
                    {
                        Scripts = change(draft.Model.Scripts, fifo => fifo with { Path = path.Text }),
                    };
                }
            },
            words: 3),
        On.Script(keyword + "_script", (all, command) =>
            all with { Scripts = change(all.Scripts, fifo => fifo with { Script = command }) }),
    ];

    private static void User(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "the name of a user", out Word user))
        {
            string? group = statement.Words.Length > 2 ? statement.Words[2].Text : null;
            ScriptSettings scripts = draft.Model.Scripts with { User = user.Text, Group = group };
            draft.Model = draft.Model with { Scripts = scripts };
        }
    }

    private static void ReloadFile(Draft<GlobalSettings> draft, Statement statement, Reporter report)
    {
        string path = statement.Words.Length > 1 ? statement.Words[1].Text : "/run/keepalived/keepalived.reload";
        draft.Model = draft.Model with { Reload = draft.Model.Reload with { File = path } };
    }
}
