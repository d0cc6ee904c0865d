using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>rr: each real server in turn, the last added first; weight 0 is passed over.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_rr.c. The memory packs the last choice's number plus one (low 32 bits; 0 at the
/// start) and the place where it stood (high 32 bits): when it has left, the walk goes on behind that place, or a
/// server that comes and goes would send every walk back to the beginning.
/// </remarks>
internal static class RoundRobin
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory)
    {
        while (true)
        {
            ulong seen = memory.Read();
            int chosen = Next(reals, PlaceOf(reals, seen));
            if (chosen < 0 || memory.TryReplace(seen, ((ulong)chosen << 32) | ((ulong)reals[chosen].Number + 1)))
            {
                return chosen;
            }
        }
    }

    private static int PlaceOf(ReadOnlySpan<RealServer> reals, ulong seen)
    {
        ulong low = seen & 0x1_FFFF;
        if (low == 0)
        {
            return reals.Length;
        }

        int place = Schedulers.PlaceOf(reals, (ushort)(low - 1));
        return place < reals.Length ? place : Math.Min((int)(seen >> 32), reals.Length);
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
