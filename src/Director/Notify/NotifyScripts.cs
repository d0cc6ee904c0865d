using System;
using System.Collections.Generic;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Notify;

/// <summary>The scripts of one instance or group. Null: none. Each was inspected before it came here.</summary>
internal sealed record NotifyScripts
{
    /// <summary>No script at all.</summary>
    internal static readonly NotifyScripts None = new();

    /// <summary>notify_master.</summary>
    internal Script? Master { get; init; }

    /// <summary>notify_backup.</summary>
    internal Script? Backup { get; init; }

    /// <summary>notify_fault.</summary>
    internal Script? Fault { get; init; }

    /// <summary>notify_stop.</summary>
    internal Script? Stop { get; init; }

    /// <summary>notify_deleted; where there is none, notify_fault is run, as in keepalived.</summary>
    internal Script? Deleted { get; init; }

    /// <summary>notify_master_rx_lower_pri.</summary>
    internal Script? MasterHeardLower { get; init; }

    /// <summary>notify: told everything that is a state, with four words more.</summary>
    internal Script? Any { get; init; }

    /// <summary>What to run for a notice, in this order.</summary>
    internal IEnumerable<Script> For(Notice notice)
    {
        Script? own = notice.Kind switch
        {
            NoticeKind.Master => Master,
            NoticeKind.Backup => Backup,
            NoticeKind.Fault => Fault,
            NoticeKind.Stop => Stop,
            NoticeKind.Deleted => Deleted ?? Fault,
            NoticeKind.MasterHeardLower => MasterHeardLower,
            _ => null,
        };
        if (own is not null)
        {
            yield return own;
        }

        if (Any is not null && notice.Kind <= NoticeKind.Deleted)
        {
            yield return Any.With(
                notice.Type, notice.Name, notice.State, FormattableString.Invariant($"{notice.ToldPriority}"));
        }
    }
}
