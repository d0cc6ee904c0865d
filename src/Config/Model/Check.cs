using System;
using System.Collections.Immutable;
using System.Net;

namespace XdpLvs.Config;

/// <summary>One check of a real server.</summary>
public interface ICheck
{
    /// <summary>The block's name: <c>TCP_CHECK</c> and so on.</summary>
    string Keyword { get; }

    /// <summary>When it runs and how its results count.</summary>
    CheckTiming Timing { get; }

    /// <summary>What was written in its block or inherited.</summary>
    Origins Origins { get; }

    /// <summary>Its keyword's place.</summary>
    SourceSpan Span { get; }
}

/// <summary>When a check runs and how its results count.</summary>
/// <param name="Retry">Further tries before a real server that was up counts as down.</param>
/// <param name="DelayBeforeRetry">Time between those tries.</param>
/// <param name="DelayLoop">Time between checks.</param>
/// <param name="Warmup">The first check waits for a random part of this.</param>
/// <param name="Alpha">Whether the check counts as failed until it has first succeeded.</param>
/// <param name="LogAllFailures">Whether every try that fails is logged.</param>
public sealed record CheckTiming(
    int Retry, TimeSpan DelayBeforeRetry, TimeSpan DelayLoop, TimeSpan Warmup, bool Alpha, bool LogAllFailures);

/// <summary>Whereto and wherefrom a check connects.</summary>
/// <param name="Ip">Where to, IPv4 or IPv6; the real server unless written.</param>
/// <param name="Port">The port; the one written at the real server unless written here; 0 for PING_CHECK only.</param>
/// <param name="ConnectTimeout">How long one try may take.</param>
/// <param name="BindTo">The source address, if written; of the family of <paramref name="Ip"/>.</param>
/// <param name="BindPort">The source port; 0: any.</param>
/// <param name="BindInterface">The interface it leaves by, if written.</param>
/// <param name="Fwmark">The mark of its packets; 0: none.</param>
public sealed record CheckTarget(
    IPAddress Ip,
    ushort Port,
    TimeSpan ConnectTimeout,
    IPAddress? BindTo,
    ushort BindPort,
    string? BindInterface,
    int Fwmark);

/// <summary>One <c>TCP_CHECK</c>: the real server is alive if it accepts a connection.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record TcpCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "TCP_CHECK";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary><see cref="CheckTarget.Ip"/>.</summary>
    public IPAddress Ip => Target.Ip;

    /// <summary><see cref="CheckTarget.Port"/>, never 0.</summary>
    public ushort Port => Target.Port;

    /// <summary><see cref="CheckTarget.ConnectTimeout"/>.</summary>
    public TimeSpan ConnectTimeout => Target.ConnectTimeout;

    /// <summary><see cref="CheckTarget.BindTo"/>.</summary>
    public IPAddress? BindTo => Target.BindTo;

    /// <summary><see cref="CheckTiming.Retry"/>.</summary>
    public int Retry => Timing.Retry;

    /// <summary><see cref="CheckTiming.DelayBeforeRetry"/>.</summary>
    public TimeSpan DelayBeforeRetry => Timing.DelayBeforeRetry;

    /// <summary><see cref="CheckTiming.DelayLoop"/>.</summary>
    public TimeSpan DelayLoop => Timing.DelayLoop;

    /// <summary><see cref="CheckTiming.Warmup"/>.</summary>
    public TimeSpan Warmup => Timing.Warmup;

    /// <summary><see cref="CheckTiming.Alpha"/>.</summary>
    public bool Alpha => Timing.Alpha;
}

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

/// <summary>One <c>SMTP_CHECK</c>.</summary>
/// <param name="Hosts">Whereto, at least one: the <c>host</c> blocks, or the check's own target.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record SmtpCheck(ImmutableArray<CheckTarget> Hosts, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "SMTP_CHECK";

    /// <summary>The name behind HELO; null: the global one.</summary>
    public string? HeloName { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}

/// <summary>One <c>DNS_CHECK</c>.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record DnsCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "DNS_CHECK";

    /// <summary>The type that is asked for, in capitals.</summary>
    public string Type { get; init; } = "SOA";

    /// <summary>The name that is asked for.</summary>
    public string Name { get; init; } = ".";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}

/// <summary>One <c>UDP_CHECK</c>.</summary>
/// <param name="Target">Whereto.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record UdpCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "UDP_CHECK";

    /// <summary>What is sent; empty: something random.</summary>
    public ImmutableArray<byte> Payload { get; init; } = [];

    /// <summary>Whether silence is a failure.</summary>
    public bool RequireReply { get; init; }

    /// <summary>What the reply must begin with, and which bits of each octet count; empty: anything.</summary>
    public ImmutableArray<(byte Value, byte Mask)> Reply { get; init; } = [];

    /// <summary>The least length of a reply.</summary>
    public int ReplyLengthMin { get; init; }

    /// <summary>The greatest length of a reply.</summary>
    public int ReplyLengthMax { get; init; } = 255;

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}

/// <summary>One <c>PING_CHECK</c>.</summary>
/// <param name="Target">Whereto; the port is 0.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record PingCheck(CheckTarget Target, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "PING_CHECK";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}

/// <summary>One <c>MISC_CHECK</c>.</summary>
/// <param name="Command">What is run.</param>
/// <param name="Timing">When.</param>
/// <param name="Span">Its keyword.</param>
public sealed record MiscCheck(ScriptCommand Command, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "MISC_CHECK";

    /// <summary>How long a run may take; <c>delay_loop</c> unless written.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>Whether exit status 2 to 255 sets the weight to that less 2.</summary>
    public bool Dynamic { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}

/// <summary>One <c>FILE_CHECK</c>.</summary>
/// <param name="TrackFile">The <see cref="Config.TrackFile"/> whose number counts; it exists.</param>
/// <param name="Timing">As of any check; only <see cref="CheckTiming.Alpha"/> has a meaning.</param>
/// <param name="Span">Its keyword.</param>
public sealed record FileCheck(string TrackFile, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "FILE_CHECK";

    /// <summary>What the number is multiplied with; the file's own unless written.</summary>
    public int Weight { get; init; }

    /// <summary>Whether it counts the other way round.</summary>
    public bool Reverse { get; init; }

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}

/// <summary>One <c>BFD_CHECK</c>.</summary>
/// <param name="Instance">The <see cref="BfdInstance"/>; it exists.</param>
/// <param name="Timing">As of any check; only <see cref="CheckTiming.Alpha"/> has a meaning.</param>
/// <param name="Span">Its keyword.</param>
public sealed record BfdCheck(string Instance, CheckTiming Timing, SourceSpan Span) : ICheck
{
    /// <inheritdoc/>
    public string Keyword => "BFD_CHECK";

    /// <inheritdoc/>
    public Origins Origins { get; init; } = Origins.None;
}
