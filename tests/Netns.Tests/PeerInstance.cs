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
    public int Interval { get; init; } = 1;

    /// <summary>auth_pass; null for no authentication at all.</summary>
    public string? Password { get; init; }

    /// <summary>virtual_ipaddress.</summary>
    public string[] Addresses { get; init; } = [Vip];

    /// <summary>Further lines of the block.</summary>
    public string[] Options { get; init; } = [];

    /// <summary>Skew_Time of VRRPv2, microseconds.</summary>
    public long SkewUs => (256 - Priority) * 1_000_000L / 256;

    /// <summary>Master_Down_Interval of VRRPv2, microseconds.</summary>
    public long DownUs => (3_000_000L * Interval) + SkewUs;

    /// <summary>The block itself.</summary>
    public override string ToString()
    {
        string[] authentication = Password is null
            ? []
            : ["authentication {", "auth_type PASS", $"auth_pass {Password}", "}"];
        string[] lines =
        [
            $"vrrp_instance {Name} {{", "state BACKUP", "interface ens33", $"virtual_router_id {Vrid}",
            $"priority {Priority}", $"advert_int {Interval}", .. Options, .. authentication,
            "virtual_ipaddress {", .. Addresses, "}", "}",
        ];
        return string.Concat(lines.Select(line => line + "\n"));
    }
}
