using System.Runtime.CompilerServices;
using System.Threading;

namespace XdpLvs.Forwarder;

/// <summary>What one worker sent to each real server, by number. Written by that worker, read by any.</summary>
public sealed class Statistics
{
    private const int Numbers = ushort.MaxValue + 1, Kinds = 3;

    private readonly long[] _counts = new long[Numbers * Kinds];

    /// <summary>Connections scheduled.</summary>
    public long Connections(ushort real) => Volatile.Read(ref _counts[real * Kinds]);

    /// <summary>Packets forwarded.</summary>
    public long Packets(ushort real) => Volatile.Read(ref _counts[(real * Kinds) + 1]);

    /// <summary>Octets of those packets, from the IP header on, as IPVS counts them.</summary>
    public long Octets(ushort real) => Volatile.Read(ref _counts[(real * Kinds) + 2]);

    internal void CountConnection(ushort real) => _counts[real * Kinds]++; // one writer: see OutcomeCounters

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CountPacket(ushort real, int octets)
    {
        ref long packets = ref _counts[(real * Kinds) + 1];
        packets++;
        Unsafe.Add(ref packets, 1) += octets;
    }
}
