using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>A range of HTTP status codes.</summary>
/// <param name="First">The first, 100 to 599.</param>
/// <param name="Last">The last, at least <paramref name="First"/>.</param>
public readonly record struct StatusRange(int First, int Last)
{
    /// <summary>As it is written.</summary>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";
}

/// <summary>One <c>url</c> of an <see cref="HttpCheck"/>.</summary>
public sealed record HttpUrl
{
    /// <summary>The path, from its slash on.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The MD5 digest that the body must have, 16 octets; empty: any.</summary>
    public ImmutableArray<byte> Digest { get; init; } = [];

    /// <summary>The status codes that pass; 200-299 unless written.</summary>
    public ImmutableArray<StatusRange> Status { get; init; } = [new(200, 299)];

    /// <summary>What the Host header says; inherited; null: address and port.</summary>
    public string? VirtualHost { get; init; }

    /// <summary>What the body must match (PCRE); null: anything.</summary>
    public string? Regex { get; init; }

    /// <summary>Whether it must not match instead.</summary>
    public bool RegexNoMatch { get; init; }

    /// <summary>PCRE2's options by name, all of them known.</summary>
    public ImmutableArray<string> RegexOptions { get; init; } = [];

    /// <summary>The octet of the body at which a match may first begin.</summary>
    public int RegexMinOffset { get; init; }

    /// <summary>The octet at which it may last begin; 0: any.</summary>
    public int RegexMaxOffset { get; init; }

    /// <summary><see cref="HttpCheck.TlsCompliant"/> for this url alone.</summary>
    public bool TlsCompliant { get; init; }

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary>Its keyword.</summary>
    public SourceSpan Span { get; init; }
}
