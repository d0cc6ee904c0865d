using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Lists what the host has whatever its instances do, and <c>SSL</c>.</summary>
internal static class StaticListing
{
    public static IEnumerable<ListedBlock> Of(StaticSettings all, ImmutableArray<TrackGroup> groups) =>
    [
        .. Lines("static_ipaddress", all.Addresses.Select(ConfigListing.Line)),
        .. Lines("static_routes", all.Routes.Select(ConfigListing.Line)),
        .. Lines("static_rules", all.Rules.Select(ConfigListing.Line)),
        .. Lines("interface_up_down_delays", all.Delays.Select(one => (
            FormattableString.Invariant($"{one.Interface} {one.Down.TotalSeconds} {one.Up.TotalSeconds}"),
            (SourceSpan?)one.Span))),
        .. all.GarpGroups.Select(one => new ListingBuilder("garp_group", "", one.Span, Origins.None)
            .Add("garp_interval", one.GarpInterval)
            .Add("gna_interval", one.GnaInterval)
            .Add("interfaces", string.Join(' ', one.Interfaces))
            .Build()),
        .. groups.Select(one => new ListingBuilder("track_group", one.Name, one.Span, Origins.None)
            .AddLines("group", one.Instances.Select(name => (name, (SourceSpan?)null)))
            .Build()),
    ];

    public static IEnumerable<ListedBlock> Of(TlsSettings all)
    {
        yield return new ListingBuilder("SSL", "", null, all.Origins)
            .Add("password", all.Password)
            .Add("ca", all.Authorities)
            .Add("certificate", all.Certificate)
            .Add("key", all.Key)
            .Build();
    }

    private static IEnumerable<ListedBlock> Lines(string kind, IEnumerable<(string Text, SourceSpan? Span)> lines)
    {
        string? note = Unwired.Has(KeywordCatalog.Top, kind) ? "not carried out yet" : null;
        ImmutableArray<ListedValue> values =
            [.. lines.Select(line => new ListedValue("", line.Text, line.Span, note))];
        return values.IsEmpty ? [] : [new ListedBlock(kind, "", null, values, [])];
    }
}
