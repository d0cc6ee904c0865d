using System.Collections.Generic;

namespace XdpLvs.Director.Commands.Convert;

/// <summary>A virtual service as <c>ipvsadm -Sn</c> writes it, with the real servers that follow it.</summary>
/// <param name="Protocol">"TCP", "UDP" or "SCTP"; empty for a firewall mark.</param>
/// <param name="Address">Virtual address, without brackets; the mark for a firewall mark.</param>
/// <param name="Port">0 for all ports.</param>
internal sealed record IpvsRule(string Protocol, string Address, int Port)
{
    /// <summary>ipvsadm's word; its default is wlc.</summary>
    public string Scheduler { get; set; } = "wlc";

    /// <summary>Seconds; null: not persistent.</summary>
    public int? Persistence { get; set; }

    /// <summary>A mask for IPv4, a prefix length for IPv6; null: each client for itself.</summary>
    public string? Mask { get; set; }

    /// <summary>One packet scheduling.</summary>
    public bool IsOnePacket { get; set; }

    /// <summary>The persistence engine; null: none.</summary>
    public string? Engine { get; set; }

    /// <summary>Flags of the scheduler, such as "sh-fallback".</summary>
    public IReadOnlyList<string> Flags { get; set; } = [];

    /// <summary>In the order of the rules.</summary>
    public List<IpvsRuleServer> Servers { get; } = [];
}

/// <summary>A real server of a rule.</summary>
/// <param name="Address">Without brackets.</param>
/// <param name="Port">0: the port that the client asked for.</param>
internal sealed record IpvsRuleServer(string Address, int Port)
{
    /// <summary>keepalived's word: "DR", "NAT" or "TUN".</summary>
    public string Method { get; set; } = "DR";

    /// <summary>ipvsadm's default is 1.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>Connections; 0: no limit.</summary>
    public uint Upper { get; set; }

    /// <summary>Connections; 0: three quarters of the upper.</summary>
    public uint Lower { get; set; }
}
