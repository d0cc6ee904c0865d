using System;
using System.Linq;

namespace XdpLvs.Netns.Tests;

/// <summary>One vrrp_instance, as it stands in the file that xdplvs and keepalived both read.</summary>
internal sealed record PeerInstance
{
    /// <summary>The address that comes and goes.</summary>
    public const string Vip = "192.168.5.100";

    /// <summary>Name in the file and in the logs.</summary>
    public string Name { get; init; } = "VI_1";

    /// <summary>virtual_router_id.</summary>
    public int Vrid { get; init; } = 51;

    /// <summary>The higher one wins.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>advert_int, seconds.</summary>
    public double Interval { get; init; } = 1;

    /// <summary>2 or 3.</summary>
    public int Version { get; init; } = 2;

    /// <summary>auth_pass; null for no authentication at all.</summary>
    public string? Password { get; init; }

    /// <summary>virtual_ipaddress.</summary>
    public string[] Addresses { get; init; } = [Vip];

    /// <summary>Further lines of the block.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>Skew_Time, microseconds: VRRPv2's does not depend on the interval.</summary>
    public long SkewUs => (256 - Priority) * (Version == 2 ? 1_000_000L : IntervalUs) / 256;

    /// <summary>Master_Down_Interval, microseconds.</summary>
    public long DownUs => (3 * IntervalUs) + SkewUs;

    private long IntervalUs => (long)(Interval * 1_000_000);

    /// <summary>The block itself.</summary>
    public override string ToString()
    {
        string[] authentication = Password is null
            ? []
            : ["authentication {", "auth_type PASS", $"auth_pass {Password}", "}"];
        string[] lines =
        [
            $"vrrp_instance {Name} {{", "state BACKUP", "interface ens33", $"virtual_router_id {Vrid}",
            $"version {Version}", $"priority {Priority}", FormattableString.Invariant($"advert_int {Interval}"),
            .. Options, .. authentication,
            "virtual_ipaddress {", .. Addresses, "}", "}",
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }
}
