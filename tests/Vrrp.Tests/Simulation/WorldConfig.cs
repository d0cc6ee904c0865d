using System;
using System.Collections.Generic;

namespace XdpLvs.Vrrp.Tests;

/// <summary>Draws the routers of a world.</summary>
internal static class WorldConfig
{
    private static readonly byte[] Priorities = [1, 50, 90, 90, 100, 100, 150, 200, 254, 255];
    private static readonly long[] Seconds = [1_000_000, 2_000_000];
    private static readonly long[] Centiseconds = [10_000, 100_000, 1_000_000];

    public static IEnumerable<VrrpSettings> Draw(Random random)
    {
        int count = random.Next(2, 6);
        int version = random.Next(2) == 0 ? VrrpVersion.Two : VrrpVersion.Three;
        bool isV6 = version == VrrpVersion.Three && random.Next(2) == 0;
        long[] choices = version == VrrpVersion.Two ? Seconds : Centiseconds;
        long common = choices[random.Next(choices.Length)];
        bool differ = version == VrrpVersion.Three && random.Next(4) == 0; // VRRPv2 wants them equal
        for (int host = 1; host <= count; host++)
        {
            long interval = differ ? choices[random.Next(choices.Length)] : common;
            yield return new VrrpSettings
            {
                Name = $"router {host}",
                Vrid = 51,
                Version = version,
                SourceAddress = isV6
                    ? new VrrpAddress(0xFE80_0000_0000_0000, (ulong)random.Next() << 8 | (uint)host)
                    : 0xC0A8_0500 + (uint)host,
                Addresses = [isV6 ? new VrrpAddress(0xFE80_0000_0000_0000, 0x100) : 0xC0A8_0564],
                IntervalMicroseconds = interval,
                Priority = Priorities[random.Next(Priorities.Length)],
                Preempt = random.Next(4) != 0,
                PreemptDelayMicroseconds = random.Next(6) == 0 ? common * random.Next(1, 5) : 0,
                HigherPrioSendAdvert = random.Next(4) != 0,
                LowerPrioNoAdvert = random.Next(4) == 0,
                KeepUntilSuccessor = random.Next(4) != 0,
                PlainChecksum = random.Next(4) == 0,
                StartupDelayMicroseconds = random.Next(6) == 0 ? common : 0,
            };
        }
    }
}
