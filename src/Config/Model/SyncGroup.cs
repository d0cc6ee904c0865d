using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>One <c>vrrp_sync_group</c>: instances that are master together or not at all.</summary>
public sealed record SyncGroup
{
    /// <summary>Its name, unique in the file.</summary>
    public required string Name { get; init; }

    /// <summary>Its instances, which all exist and are in no other group.</summary>
    public ImmutableArray<string> Instances { get; init; } = [];

    /// <summary>What it tracks besides what its instances do.</summary>
    public ImmutableArray<Track> Tracks { get; init; } = [];

    /// <summary>What is run when its state changes.</summary>
    public NotifyScripts Notify { get; init; } = NotifyScripts.None;

    /// <summary>Whether a mail is sent when its state changes; <c>smtp_alert_vrrp</c> unless written.</summary>
    public bool SmtpAlert { get; init; }

    /// <summary>Whether weights that its instances track count although it is a group.</summary>
    public bool TrackingWeight { get; init; }

    /// <summary>Whether a change of priority is told to the FIFO.</summary>
    public bool NotifyPriorityChanges { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its header.</summary>
    public SourceSpan Span { get; init; }
}
