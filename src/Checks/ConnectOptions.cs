using System;
using System.Net;

namespace XdpLvs.Checks;

/// <summary>
/// Where a check connects to, and from where: the options that nearly all of keepalived's checkers share.
/// </summary>
/// <param name="Target">Address and port (connect_ip, connect_port); the real server's own unless written.</param>
public sealed record ConnectOptions(IPEndPoint Target)
{
    /// <summary>keepalived's default for <see cref="Timeout"/>.</summary>
    public static readonly TimeSpan TimeoutDefault = TimeSpan.FromSeconds(5);

    /// <summary>How long a connection, and then each answer on it, may take (connect_timeout).</summary>
    public TimeSpan Timeout { get; init; } = TimeoutDefault;

    /// <summary>Address to connect from (bindto); null leaves it to the kernel.</summary>
    public IPAddress? BindTo { get; init; }

    /// <summary>Port to connect from (bind_port); 0 leaves it to the kernel.</summary>
    public ushort BindPort { get; init; }

    /// <summary>Interface to connect through, whatever the routes say (bind_if); null leaves it to them.</summary>
    public string? BindInterface { get; init; }

    /// <summary>Mark on every packet of the check (fwmark), for policy routing; 0 is none.</summary>
    public uint Mark { get; init; }
}
