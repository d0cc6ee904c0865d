using System;
using System.Linq;

namespace XdpLvs.Checks;

/// <summary>keepalived's kinds of checkers.</summary>
public enum CheckKind
{
    /// <summary>TCP_CHECK.</summary>
    Tcp,

    /// <summary>HTTP_GET.</summary>
    Http,

    /// <summary>SSL_GET.</summary>
    Ssl,

    /// <summary>SMTP_CHECK.</summary>
    Smtp,

    /// <summary>DNS_CHECK.</summary>
    Dns,

    /// <summary>UDP_CHECK.</summary>
    Udp,

    /// <summary>PING_CHECK.</summary>
    Ping,

    /// <summary>MISC_CHECK.</summary>
    Misc,

    /// <summary>FILE_CHECK.</summary>
    File,

    /// <summary>BFD_CHECK.</summary>
    Bfd,
}

/// <summary>
/// What to ask and how, of one kind each. Two that are equal ask the same, so one probe serves both.
/// </summary>
/// <param name="Kind">keepalived's name for it.</param>
public abstract record ProbeSettings(CheckKind Kind)
{
    /// <summary>More than the probe's own steps take together.</summary>
    protected static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>When a probe that has not come back is given up: after all its own timeouts.</summary>
    public abstract TimeSpan TimeLimit { get; }

    /// <summary>What it asks, for an operator: an address and port, a script, a name.</summary>
    public abstract string Target { get; }
}

/// <summary>A TCP_CHECK.</summary>
public sealed record TcpProbeSettings(ConnectOptions Connect) : ProbeSettings(CheckKind.Tcp)
{
    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Connect.Timeout + Grace;

    /// <inheritdoc/>
    public override string Target => Connect.Target.ToString();
}

/// <summary>An SMTP_CHECK.</summary>
/// <param name="Hosts">All of them must answer (host blocks); one, the real server, unless written.</param>
public sealed record SmtpProbeSettings(ValueList<ConnectOptions> Hosts) : ProbeSettings(CheckKind.Smtp)
{
    private const int StepsPerHost = 4; // connection, greeting, HELO, QUIT

    /// <summary>Our name (helo_name).</summary>
    public string HeloName { get; init; } = "smtpchecker.keepalived.org"; // keepalived's own default

    /// <inheritdoc/>
    public override TimeSpan TimeLimit =>
        Hosts.Aggregate(Grace, (sum, host) => sum + (host.Timeout * StepsPerHost));

    /// <inheritdoc/>
    public override string Target => string.Join(", ", Hosts.Select(host => host.Target.ToString()));
}

/// <summary>A DNS_CHECK.</summary>
public sealed record DnsProbeSettings(ConnectOptions Connect) : ProbeSettings(CheckKind.Dns)
{
    /// <summary>What to ask for (type).</summary>
    public DnsType Type { get; init; } = DnsType.Soa;

    /// <summary>Of which name; see <see cref="DnsQuestion.CanAsk"/>.</summary>
    public string Name { get; init; } = ".";

    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Connect.Timeout + Grace;

    /// <inheritdoc/>
    public override string Target => Connect.Target.ToString();
}

/// <summary>A UDP_CHECK.</summary>
public sealed record UdpProbeSettings(ConnectOptions Connect) : ProbeSettings(CheckKind.Udp)
{
    /// <summary>What to send (payload); empty: 32 octets that mean nothing, as keepalived sends.</summary>
    public ValueList<byte> Payload { get; init; }

    /// <summary>Whether silence is a failure (require_reply).</summary>
    public bool RequireReply { get; init; }

    /// <summary>What a required reply must look like.</summary>
    public ReplyPattern Reply { get; init; } = ReplyPattern.Any;

    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Connect.Timeout + Grace;

    /// <inheritdoc/>
    public override string Target => Connect.Target.ToString();
}

/// <summary>A PING_CHECK. The port of its target means nothing.</summary>
public sealed record PingProbeSettings(ConnectOptions Connect) : ProbeSettings(CheckKind.Ping)
{
    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Connect.Timeout + Grace;

    /// <inheritdoc/>
    public override string Target => Connect.Target.Address.ToString();
}

/// <summary>A MISC_CHECK.</summary>
/// <param name="Call">What to run.</param>
/// <param name="IsDynamic">Whether exit statuses from 2 on are weights (misc_dynamic).</param>
public sealed record ScriptProbeSettings(ScriptCall Call, bool IsDynamic) : ProbeSettings(CheckKind.Misc)
{
    /// <summary>SIGTERM, two seconds, SIGKILL, and two more until the kernel has cleared it away.</summary>
    private static readonly TimeSpan UntilKilled = TimeSpan.FromSeconds(4);

    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Call.Timeout + UntilKilled + Grace;

    /// <inheritdoc/>
    public override string Target => string.Join(' ', Call.Words);
}

/// <summary>A FILE_CHECK.</summary>
/// <param name="Name">Of the track_file.</param>
/// <param name="Weight">
/// What each unit in the file adds to the server's weight; 0: anything but 0 in it is a failure.
/// </param>
/// <param name="IsReversed">The other way round.</param>
public sealed record FileProbeSettings(string Name, int Weight, bool IsReversed) : ProbeSettings(CheckKind.File)
{
    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Grace;

    /// <inheritdoc/>
    public override string Target => Name;
}

/// <summary>A BFD_CHECK.</summary>
/// <param name="Name">Of the bfd_instance.</param>
public sealed record BfdProbeSettings(string Name) : ProbeSettings(CheckKind.Bfd)
{
    /// <inheritdoc/>
    public override TimeSpan TimeLimit => Grace;

    /// <inheritdoc/>
    public override string Target => Name;
}
