using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>A route or a rule in the words of <c>ip route</c> or <c>ip rule</c>, its options known to exist.</summary>
/// <param name="Words">The words, for a route its destination first.</param>
/// <param name="IsIpv6">The family, as far as an address or <c>inet6</c> shows it.</param>
/// <param name="TrackGroup">The <c>track_group</c> behind it, if there is one.</param>
/// <param name="NoTrack">Whether its loss is of no consequence.</param>
/// <param name="Span">Its line.</param>
public sealed record RouteLine(
    ImmutableArray<string> Words, bool IsIpv6, string? TrackGroup, bool NoTrack, SourceSpan Span);

/// <summary>One line of <c>interface_up_down_delays</c>.</summary>
/// <param name="Interface">The interface.</param>
/// <param name="Down">How long after it went down that counts, 0 to 255 s.</param>
/// <param name="Up">How long after it came up that counts; as <paramref name="Down"/> unless written.</param>
/// <param name="Span">Its line.</param>
public sealed record InterfaceDelay(string Interface, TimeSpan Down, TimeSpan Up, SourceSpan Span);

/// <summary>One <c>garp_group</c>: interfaces that share gaps between announcements.</summary>
/// <param name="GarpInterval">Gap between gratuitous ARP packets; null: as everywhere.</param>
/// <param name="GnaInterval">Gap between neighbour advertisements; null: as everywhere.</param>
/// <param name="Interfaces">The interfaces.</param>
/// <param name="Span">Its keyword.</param>
public sealed record GarpGroup(
    TimeSpan? GarpInterval, TimeSpan? GnaInterval, ImmutableArray<string> Interfaces, SourceSpan Span);

/// <summary>What the director's host has whatever its instances do.</summary>
public sealed record StaticSettings
{
    /// <summary>Nothing.</summary>
    public static StaticSettings None { get; } = new();

    /// <summary><c>static_ipaddress</c>.</summary>
    public ImmutableArray<VirtualAddress> Addresses { get; init; } = [];

    /// <summary><c>static_routes</c>.</summary>
    public ImmutableArray<RouteLine> Routes { get; init; } = [];

    /// <summary><c>static_rules</c>.</summary>
    public ImmutableArray<RouteLine> Rules { get; init; } = [];

    /// <summary><c>interface_up_down_delays</c>.</summary>
    public ImmutableArray<InterfaceDelay> Delays { get; init; } = [];

    /// <summary><c>garp_group</c>.</summary>
    public ImmutableArray<GarpGroup> GarpGroups { get; init; } = [];
}

/// <summary>The block <c>SSL</c>: what checks over TLS present to a server, and whom they trust.</summary>
public sealed record TlsSettings
{
    /// <summary>Nothing is presented and everybody is trusted.</summary>
    public static TlsSettings None { get; } = new();

    /// <summary>The password of the key.</summary>
    public Secret? Password { get; init; }

    /// <summary>A file of certificates that are trusted.</summary>
    public string? Authorities { get; init; }

    /// <summary>A file with the own certificate.</summary>
    public string? Certificate { get; init; }

    /// <summary>A file with the key of that.</summary>
    public string? Key { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;
}
