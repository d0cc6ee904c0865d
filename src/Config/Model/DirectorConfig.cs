using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>All that a configuration file says, with every default and every inherited value filled in.</summary>
/// <param name="Globals">The settings of <c>global_defs</c>.</param>
/// <param name="Instances">The VRRP instances in the order of the file.</param>
/// <param name="Services">The virtual servers in the order of the file, those of a group one by one.</param>
public sealed record DirectorConfig(
    GlobalSettings Globals,
    ImmutableArray<VrrpInstance> Instances,
    ImmutableArray<VirtualServer> Services)
{
    /// <summary>What an empty file says.</summary>
    public static DirectorConfig Empty { get; } = new(GlobalSettings.Default, [], []);

    /// <summary>
    /// Instances that are understood but must not run, since something in them is not carried out yet and the instance
    /// without it would be another one.
    /// </summary>
    public ImmutableArray<VrrpInstance> HeldBack { get; init; } = [];

    /// <summary>The sync groups.</summary>
    public ImmutableArray<SyncGroup> SyncGroups { get; init; } = [];

    /// <summary>The scripts that can be tracked.</summary>
    public ImmutableArray<TrackScript> Scripts { get; init; } = [];

    /// <summary>The files that can be tracked.</summary>
    public ImmutableArray<TrackFile> Files { get; init; } = [];

    /// <summary>The processes that can be tracked.</summary>
    public ImmutableArray<TrackProcess> Processes { get; init; } = [];

    /// <summary>The track groups.</summary>
    public ImmutableArray<TrackGroup> TrackGroups { get; init; } = [];

    /// <summary>The BFD sessions.</summary>
    public ImmutableArray<BfdInstance> BfdInstances { get; init; } = [];

    /// <summary>What the host has whatever the instances do.</summary>
    public StaticSettings Static { get; init; } = StaticSettings.None;

    /// <summary>What checks over TLS present and trust.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;
}
