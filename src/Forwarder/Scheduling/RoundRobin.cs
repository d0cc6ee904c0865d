using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>rr: each real server in turn, the last added first; weight 0 is passed over.</summary>
/// <remarks>Linux net/netfilter/ipvs/ip_vs_rr.c. The memory is the last choice's number plus one; 0 at the start.</remarks>
internal static class RoundRobin
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory)
    {
        while (true)
        {
            ulong seen = memory.Read();
            int place = seen == 0 ? reals.Length : Schedulers.PlaceOf(reals, (ushort)(seen - 1));
            int chosen = Next(reals, place);
            if (chosen < 0 || memory.TryReplace(seen, (ulong)reals[chosen].Number + 1))
            {
                return chosen;
            }
        }
    }

    private static int Next(ReadOnlySpan<RealServer> reals, int place)
    {
        for (int step = 1; step <= reals.Length; step++)
        {
            int at = place - step;
            at = at < 0 ? at + reals.Length : at;
            if (reals[at].Weight > 0)
            {
                return at;
            }
        }

        return -1;
    }
}
