namespace XdpLvs.Director.Tables;

/// <summary>
/// Rates as IPVS estimates them: every two seconds, a quarter of what they were in these seconds and three quarters of
/// what they were thought to be. In the kernel's integers, so that the same traffic gives the same numbers.
/// </summary>
/// <remarks>
/// Linux net/netfilter/ipvs/ip_vs_est.c, estimation_timer and ip_vs_read_estimator: connections and packets per second
/// are kept times 1024, octets per second times 32.
/// </remarks>
internal sealed class RateEstimator
{
    /// <summary>Seconds between two calls of <see cref="Add"/>.</summary>
    internal const int Seconds = 2;

    private const int FineShift = 10, CoarseShift = 5, WeightShift = 2;

    private long _connections, _packets, _octets;

    /// <summary>Per second, rounded.</summary>
    internal TrafficCounts PerSecond => new(
        Scaled(_connections, FineShift), Scaled(_packets, FineShift), Scaled(_octets, CoarseShift));

    /// <summary>Takes in what came in the last two seconds.</summary>
    internal void Add(TrafficCounts sent)
    {
        _connections += Step(sent.Connections, FineShift, _connections);
        _packets += Step(sent.Packets, FineShift, _packets);
        _octets += Step(sent.Octets, CoarseShift, _octets);
    }

    /// <summary>Thinks that nothing ever came.</summary>
    internal void Reset() => (_connections, _packets, _octets) = (0, 0, 0);

    // One bit less of shift halves what came in two seconds: that makes it a rate per second.
    private static long Step(long sent, int shift, long average) => ((sent << (shift - 1)) - average) >> WeightShift;

    private static long Scaled(long average, int shift) => (average + (1L << (shift - 1)) - 1) >> shift;
}
