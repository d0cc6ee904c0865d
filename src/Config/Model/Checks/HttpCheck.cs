using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>The words behind <c>http_protocol</c>.</summary>
public enum HttpVersion
{
    /// <summary><c>1.0</c>.</summary>
    Http10,

    /// <summary><c>1.0C</c> or <c>1.0c</c>: with <c>Connection: close</c>.</summary>
    Http10Close,

    /// <summary><c>1.1</c>.</summary>
    Http11,

    /// <summary><c>1.1K</c> or <c>1.1k</c>: with <c>Connection: keep-alive</c>.</summary>
    Http11KeepAlive,
}

/// <summary>One <c>HTTP_GET</c>, or one <c>SSL_GET</c>, which is the same over TLS.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record HttpCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => IsTls ? "SSL_GET" : "HTTP_GET";

    /// <summary>Whether it is an <c>SSL_GET</c>.</summary>
    public bool IsTls { get; init; }

    /// <summary>What is asked for, at least one; all must pass.</summary>
    public ImmutableArray<HttpUrl> Urls { get; init; } = [];

    /// <summary>The version of the requests.</summary>
    public HttpVersion Version { get; init; }

    /// <summary>Whether the server is told its name in the TLS handshake.</summary>
    public bool EnableSni { get; init; }

    /// <summary>That name; null: the virtual host's.</summary>
    public string? SniName { get; init; }

    /// <summary>Whether a server that was down is up after one success of all its urls without waiting.</summary>
    public bool FastRecovery { get; init; }

    /// <summary>Whether a TLS connection that ends without a closing alert is a failure.</summary>
    public bool TlsCompliant { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
