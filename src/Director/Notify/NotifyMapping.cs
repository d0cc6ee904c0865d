using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Notify;

/// <summary>Whom an instance or a group tells, and whether of its priority too.</summary>
/// <param name="Scripts">Its scripts.</param>
/// <param name="TellsPriority">notify_priority_changes.</param>
internal sealed record Audience(NotifyScripts Scripts, bool TellsPriority);

/// <summary>The scripts and FIFOs of the configuration, ready to be told. Once, when the daemon starts.</summary>
internal static class NotifyMapping
{
    private const int ScriptsMax = 64, WaitingMax = 1024;

    /// <summary>Opens the FIFOs and starts their scripts.</summary>
    /// <exception cref="Linux.LinuxException">A FIFO cannot be made or opened.</exception>
    internal static Notifier Open(ScriptSettings settings, ScriptDesk desk, Action<string> warn, Action<string> fail)
    {
        var runner = new ScriptRunner("xdplvs-notify", ScriptsMax, WaitingMax);
        NotifyFifo? Fifo(Config.NotifyFifo fifo) => fifo.Path is { } path
            ? new NotifyFifo(
                path, desk.DefaultUser, desk.Admit(fifo.Script, "notify"), runner, warn, TimeProvider.System)
            : null;

        try
        {
            return new Notifier(runner, fail, Fifo(settings.Fifo), Fifo(settings.VrrpFifo), Fifo(settings.LvsFifo));
        }
        catch
        {
            runner.Dispose();
            throw;
        }
    }

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
