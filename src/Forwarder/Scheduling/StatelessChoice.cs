using System;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>
/// Chooses by the flow alone, so that nothing need be remembered: each server draws a number from the flow's hash, and
/// the best for its weight wins. A server that comes or goes moves no other server's flows.
/// </summary>
/// <remarks>
/// Weighted rendezvous hashing: -weight / ln(u) is greatest as often as the weight says. Thresholds are not asked: a
/// server that became overloaded in the middle of a handshake would send the rest of it elsewhere.
/// </remarks>
internal static class StatelessChoice
{
    /// <summary>The index of the server, or -1 when none takes new connections.</summary>
    /// <param name="service">Whose servers.</param>
    /// <param name="flow">The flow; in a persistent service its client decides.</param>
    /// <param name="key">Secret, so that no client can aim at one server; the same for all workers.</param>
    internal static int Choose(VirtualService service, in FlowKey flow, ulong key)
    {
        ReadOnlySpan<RealServer> reals = service.Reals.AsSpan();
        ulong hash = HashOf(service.IsPersistent ? service.TemplateOf(flow) : flow, key);
        int best = -1;
        double greatest = 0;
        for (int i = 0; i < reals.Length; i++)
        {
            double drawn = ((Mixer.Mix(hash ^ (reals[i].Number + 1UL)) >> 11) + 0.5) * (1.0 / (1UL << 53));
            double score = reals[i].Weight / -Math.Log(drawn);
            if (reals[i].Weight > 0 && reals[i].IsResolved && score > greatest)
            {
                (best, greatest) = (i, score);
            }
        }

        return best;
    }

    private static ulong HashOf(in FlowKey flow, ulong key)
    {
        ulong hash = Mixer.Mix(key ^ flow.ClientAddress.High);
        hash = Mixer.Mix(hash ^ flow.ClientAddress.Low);
        hash = Mixer.Mix(hash ^ flow.Service.Address.High);
        hash = Mixer.Mix(hash ^ flow.Service.Address.Low);
        ulong ports = ((ulong)flow.ClientPort << 32) ^ ((ulong)flow.Service.Port << 8) ^ flow.Service.Protocol;
        return Mixer.Mix(hash ^ ports);
    }
}
