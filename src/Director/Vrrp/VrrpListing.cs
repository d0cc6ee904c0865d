using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>What <c>counters</c> says of the VRRP instances. Read by any thread.</summary>
internal static class VrrpListing
{
    private static readonly AdvertFault[] Faults = Enum.GetValues<AdvertFault>();

    /// <summary>Roles, counts, and in what the peers differ.</summary>
    internal static string Describe(IReadOnlyList<VrrpRouter> routers, Instant now)
    {
        var text = new StringBuilder();
        foreach (VrrpRouter router in routers)
        {
            VrrpCounters counts = router.Counters;
            text.Append(CultureInfo.InvariantCulture, $"VRRP {router.Settings.Name}: {VrrpLog.Name(router.Role)}\n");
            Append(text, "adverts received", counts.AdvertsReceived);
            Append(text, "adverts sent", counts.AdvertsSent);
            Append(text, "became master", counts.BecameActive);
            Append(text, "released master", counts.ReleasedActive);
            Append(text, "priority zero received", counts.PriorityZeroReceived);
            Append(text, "priority zero sent", counts.PriorityZeroSent);
            AppendIfAny(text, "checksums without pseudo-header", counts.PlainChecksums);
            AppendIfAny(text, "adverts with another interval", counts.OtherIntervals);
            AppendIfAny(text, "adverts with other addresses", counts.OtherAddresses);
            foreach (AdvertFault fault in Faults.Where(fault => counts.Refused(fault) > 0))
            {
                Append(text, $"refused: {fault}", counts.Refused(fault));
            }

            foreach (string line in router.Diagnosis.Tell(router.Role, now))
            {
                text.Append(CultureInfo.InvariantCulture, $"  {line}\n");
            }
        }

        return text.ToString();
    }

    private static void AppendIfAny(StringBuilder text, string name, long value)
    {
        if (value > 0)
        {
            Append(text, name, value);
        }
    }

    private static void Append(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-44} {value,12}\n");
}
