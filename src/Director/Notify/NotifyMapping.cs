using System.Collections.Generic;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Notify;

/// <summary>Whom an instance or a group tells, and whether of its priority too.</summary>
/// <param name="Scripts">Its scripts.</param>
/// <param name="TellsPriority">notify_priority_changes.</param>
internal sealed record Audience(NotifyScripts Scripts, bool TellsPriority);

/// <summary>The scripts of instances and groups, ready to be told. Once, when the daemon starts.</summary>
internal static class NotifyMapping
{
    /// <summary>Who hears of each instance and each group.</summary>
    internal static IReadOnlyDictionary<(string Name, bool IsGroup), Audience> Audiences(
        DirectorConfig config, ScriptDesk desk)
    {
        var all = config.Instances.ToDictionary(
            instance => (instance.Name, IsGroup: false),
            instance => new Audience(Scripts(instance.Notify, desk), instance.NotifyPriorityChanges));
        foreach (SyncGroup group in config.SyncGroups)
        {
            all.TryAdd((group.Name, true), new Audience(Scripts(group.Notify, desk), group.NotifyPriorityChanges));
        }

        return all;
    }

    private static NotifyScripts Scripts(Config.NotifyScripts written, ScriptDesk desk) => new()
    {
        Master = desk.Admit(written.Master, "notify"),
        Backup = desk.Admit(written.Backup, "notify"),
        Fault = desk.Admit(written.Fault, "notify"),
        Stop = desk.Admit(written.Stop, "notify"),
        Deleted = desk.Admit(written.Deleted, "notify"),
        MasterHeardLower = desk.Admit(written.MasterHeardLowerPriority, "notify"),
        Any = desk.Admit(written.Any, "notify"),
    };
}
