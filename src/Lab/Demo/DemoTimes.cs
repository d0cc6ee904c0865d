using System;

namespace XdpLvs.Lab.Demo;

/// <summary>What VRRP version 2 promises with the demo's priorities; RFC 3768 section 6.1.</summary>
internal static class DemoTimes
{
    /// <summary>One advert each second.</summary>
    public const double AdvertMs = 1000;

    /// <summary>Skew_Time of priority 90: (256 - 90) / 256 s. A successor waits this long after a farewell.</summary>
    public const double Skew90Ms = 648.4;

    /// <summary>Master_Down_Interval of priority 90: three adverts and its skew.</summary>
    public const double MasterDown90Ms = (3 * AdvertMs) + Skew90Ms;

    /// <summary>Master_Down_Interval of priority 100.</summary>
    public const double MasterDown100Ms = (3 * AdvertMs) + 609.4;

    /// <summary>Long enough for a start, an election and a busy machine.</summary>
    public static readonly TimeSpan Election = TimeSpan.FromSeconds(15);
}
