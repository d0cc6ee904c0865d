using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>rr: each real server in turn, the last added first; who takes nothing new is passed over.</summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_rr.c. The memory packs the last choice's number plus one (low 32 bits; 0 at the
/// start) and the place where it stood (high 32 bits): when it has left, the walk goes on behind that place, or a
/// server that comes and goes would send every walk back to the beginning.
/// </remarks>
internal static class RoundRobin
{
    internal static int Choose(ReadOnlySpan<RealServer> reals, SchedulerMemory memory, FlowCounts counts)
    {
        while (true)
        {
            ulong seen = memory.Read();
            int chosen = Next(reals, PlaceOf(reals, seen), counts);
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
        return place < reals.Length ? place : (int)Math.Min(seen >> 32, (ulong)reals.Length);
    }

    private static int Next(ReadOnlySpan<RealServer> reals, int place, FlowCounts counts)
    {
        for (int step = 1; step <= reals.Length; step++)
        {
            int at = place - step;
            at = at < 0 ? at + reals.Length : at;
            if (ServerLoad.IsOpen(reals[at], counts))
            {
                return at;
            }
        }

        return -1;
    }
}
