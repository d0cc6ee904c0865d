using System;

namespace XdpLvs.Config;

/// <summary>The commands that instances and groups run when their state changes.</summary>
internal static class NotifyRules
{
    /// <summary>The rules.</summary>
    /// <param name="isGroup">A group has two of them less.</param>
    /// <param name="change">Changes the commands in the model.</param>
    public static Rule<Draft<TModel>>[] Of<TModel>(
        bool isGroup, Func<TModel, Func<NotifyScripts, NotifyScripts>, TModel> change)
    {
        Rule<Draft<TModel>> script(string keyword, Func<NotifyScripts, ScriptCommand, NotifyScripts> set) =>
            Options<TModel>.Script(keyword, (model, command) => change(model, all => set(all, command)));
        Rule<Draft<TModel>>[] common =
        [
            script("notify_master", (all, command) => all with { Master = command }),
            script("notify_backup", (all, command) => all with { Backup = command }),
            script("notify_fault", (all, command) => all with { Fault = command }),
            script("notify_stop", (all, command) => all with { Stop = command }),
            script("notify", (all, command) => all with { Any = command }),
        ];
        return isGroup
            ? common
            :
            [
                .. common,
                script("notify_deleted", (all, command) => all with { Deleted = command }),
                script("notify_master_rx_lower_pri", (all, command) => all with { MasterHeardLowerPriority = command }),
            ];
    }
}
