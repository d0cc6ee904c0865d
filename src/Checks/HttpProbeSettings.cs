using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Checks;

/// <summary>How a GET is spoken (http_protocol).</summary>
public enum HttpProtocol
{
    /// <summary>HTTP/1.0, keepalived's default.</summary>
    Http10,

    /// <summary>HTTP/1.0 with "Connection: close" (1.0C).</summary>
    Http10Close,

    /// <summary>HTTP/1.1 with "Connection: close".</summary>
    Http11,

    /// <summary>HTTP/1.1 with "Connection: keep-alive" (1.1K).</summary>
    Http11KeepAlive,
}

/// <summary>An HTTP_GET or, with <see cref="Tls"/>, an SSL_GET.</summary>
/// <param name="Connect">Where the pages are.</param>
/// <param name="Pages">All of them must be as they should, one at each check.</param>
public sealed record HttpProbeSettings(ConnectOptions Connect, ValueList<HttpPage> Pages)
    : ProbeSettings(CheckKind.Http)
{
    private const int Steps = 2; // connection with its handshake, answer

    private readonly TlsOptions? _tls;

    /// <summary>How it is spoken.</summary>
    public HttpProtocol Protocol { get; init; }

    /// <summary>TLS, if it is to be spoken: then this is an SSL_GET.</summary>
    public TlsOptions? Tls
    {
        get => _tls;
        init => (_tls, Kind) = (value, value is null ? CheckKind.Http : CheckKind.Ssl);
    }

    /// <inheritdoc/>
    public override TimeSpan TimeLimit => (Connect.Timeout * Steps) + Grace;

    /// <inheritdoc/>
    public override string Target => Connect.Target.ToString();
}

/// <summary>One page (url) and what it must be.</summary>
/// <param name="Path">As it stands in the request.</param>
public sealed record HttpPage(string Path)
{
    /// <summary>
    /// The Host header as it stands there (virtualhost); null: the address and port, the port even if it is 80, as
    /// keepalived writes it.
    /// </summary>
    public string? VirtualHost { get; init; }

    /// <summary>Status codes that are fine (status_code).</summary>
    public StatusCodes Codes { get; init; } = StatusCodes.Default;

    /// <summary>The MD5 of the body, 32 hexadecimal digits (digest); null: any.</summary>
    public string? Digest { get; init; }

    /// <summary>
    /// Whether a TLS connection must end as TLS says, with close_notify (tls_compliant); many servers just close.
    /// </summary>
    public bool IsTlsCompliant { get; init; }

    /// <summary>What must, or must not, be in the body (regex); null: anything.</summary>
    public BodyPattern? Pattern { get; init; }
}

/// <summary>A set of HTTP status codes.</summary>
/// <param name="Ranges">The first and the last of each range.</param>
public sealed record StatusCodes(ValueList<(int First, int Last)> Ranges)
{
    /// <summary>keepalived's default: 200 to 299.</summary>
    public static readonly StatusCodes Default = new(ValueList.Of((200, 299)));

    /// <summary>Whether one is among them.</summary>
    public bool Contains(int code) => Ranges.Any(range => code >= range.First && code <= range.Last);

    /// <inheritdoc/>
    public override string ToString()
    {
        IEnumerable<string> words = Ranges.Select(
            range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}");
        return string.Join(' ', words);
    }
}

/// <summary>How TLS is spoken by an SSL_GET.</summary>
public sealed record TlsOptions
{
    /// <summary>Whether the handshake names the server (enable_sni).</summary>
    public bool NamesServer { get; init; }

    /// <summary>That name (sni_name); null: the page's virtual host, without its port.</summary>
    public string? ServerName { get; init; }

    /// <summary>
    /// Certificates of ours and authorities (the block SSL); null: none, and any server's is accepted.
    /// </summary>
    public TlsMaterial? Material { get; init; }
}
