using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// Shows the configuration in force: every value with its default filled in and where it comes from. Secrets are
/// covered.
/// </summary>
public static class ConfigListing
{
    /// <summary>All blocks, in the order in which they work: global settings first, virtual servers last.</summary>
    public static ImmutableArray<ListedBlock> Of(DirectorConfig config) =>
    [
        GlobalListing.Of(config.Globals),
        .. StaticListing.Of(config.Static, config.TrackGroups),
        .. config.Tls.Equals(TlsSettings.None) ? [] : StaticListing.Of(config.Tls),
        .. config.Scripts.Select(TrackListing.Of),
        .. config.Files.Select(TrackListing.Of),
        .. config.Processes.Select(TrackListing.Of),
        .. config.BfdInstances.Select(TrackListing.Of),
        .. config.Instances.Select(instance => VrrpListing.Of(instance, config.Globals.Origins)),
        .. config.HeldBack.Select(one =>
            VrrpListing.Of(one with { Name = $"{one.Name} (left out)" }, config.Globals.Origins)),
        .. config.SyncGroups.Select(VrrpListing.Of),
        .. config.Services.Select(ServiceListing.Of),
    ];

    /// <summary>A weight as it is written.</summary>
    internal static string Weight(int weight, bool reverse) =>
        FormattableString.Invariant($"{weight}{(reverse ? " reverse" : "")}");

    /// <summary>A route or rule as it is written.</summary>
    internal static (string Text, SourceSpan? Span) Line(RouteLine line) =>
        (string.Join(' ', line.Words) + (line.TrackGroup is null ? "" : $" track_group {line.TrackGroup}")
            + (line.NoTrack ? " no_track" : ""),
            line.Span);

    /// <summary>An address as it is written, with what it would have by default.</summary>
    internal static (string Text, SourceSpan? Span) Line(VirtualAddress one)
    {
        IEnumerable<string?> words =
        [
            FormattableString.Invariant($"{one.Ip}/{one.PrefixLength} dev {one.Device} scope {one.Scope}"),
            one.Broadcast is { } broadcast ? $"brd {broadcast}" : null,
            one.Label is { } label ? $"label {label}" : null,
            one.Peer is { } peer ? $"peer {peer}" : null,
            one.PreferredLifetime switch
            {
                null => null,
                { } time when time == TimeSpan.MaxValue => "preferred_lft forever",
                { } time => FormattableString.Invariant($"preferred_lft {time.TotalSeconds}"),
            },
            one.TrackGroup is { } group ? $"track_group {group}" : null,
            one.Flags == AddressTraits.None ? null : Traits(one.Flags),
            one.NoTrack ? "no_track" : null,
            one.UseVmac ? "use_vmac" : null,
        ];
        return (string.Join(' ', words.OfType<string>()), one.Span);
    }

    private static string Traits(AddressTraits traits)
    {
        (AddressTraits Trait, string Word)[] words =
        [
            (AddressTraits.Home, "home"), (AddressTraits.DuplicateDetection, "-nodad"),
            (AddressTraits.ManageTemporary, "mngtmpaddr"), (AddressTraits.NoPrefixRoute, "noprefixroute"),
            (AddressTraits.AutoJoin, "autojoin"),
        ];
        return string.Join(' ', words.Where(word => traits.HasFlag(word.Trait)).Select(word => word.Word));
    }
}
