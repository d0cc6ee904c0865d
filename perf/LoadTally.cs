using System;

namespace XdpLvs.Perf;

/// <summary>What one run of the generator found.</summary>
/// <param name="Sent">Frames handed to the kernel.</param>
/// <param name="Arrived">Frames that arrived at the real server, each once.</param>
/// <param name="InTime">Those of them that arrived before the sending ended.</param>
/// <param name="Unseen">Frames that arrived when the sink's ring was full: neither lost nor measured.</param>
/// <param name="Skipped">Frames that were due while the generator itself was not running; never sent.</param>
/// <param name="Seconds">From the first to the last.</param>
/// <param name="P50">Half of the frames took no longer, in microseconds.</param>
/// <param name="P99">Of a hundred all but one.</param>
/// <param name="P999">Of a thousand all but one.</param>
/// <param name="Max">The slowest.</param>
internal sealed record LoadResult(
    long Sent,
    long Arrived,
    long InTime,
    long Unseen,
    long Skipped,
    double Seconds,
    double P50,
    double P99,
    double P999,
    double Max)
{
    /// <summary>When the first one arrived; 0 if none did. <see cref="LoadStation.Now"/>.</summary>
    internal long FirstArrival { get; init; }

    /// <summary>Frames a second that were sent.</summary>
    internal double Offered => Sent / Seconds;

    /// <summary>Frames a second that arrived while frames were sent; what was still queued then does not count.
    /// </summary>
    internal double Delivered => (InTime + Unseen) / Seconds;

    /// <summary>The share of frames that never arrived.</summary>
    internal double Lost => Sent > 0 ? Math.Max(0, Sent - Arrived - Unseen) / (double)Sent : 0;
}

/// <summary>Collects a run's arrivals without allocating.</summary>
/// <param name="framesMax">Frames of the longest run.</param>
internal sealed class LoadTally(int framesMax)
{
    private const double NanosecondsPerMicrosecond = 1000;

    private readonly int[] _latencies = new int[framesMax];
    private readonly ulong[] _seen = new ulong[(framesMax / 64) + 1];
    private int _count;
    private long _first;

    /// <summary>A run has no more frames than that.</summary>
    internal int FramesMax => _latencies.Length;

    /// <summary>Frames that arrived so far.</summary>
    internal int Count => _count;

    /// <summary>Begins a run.</summary>
    internal void Clear()
    {
        _count = 0;
        Array.Clear(_seen);
    }

    /// <summary>A frame arrived; one that arrived before is not counted again. Times in nanoseconds.</summary>
    internal void Add(uint number, long sent, long arrived)
    {
        ulong bit = 1UL << (int)(number % 64);
        ref ulong word = ref _seen[number / 64];
        if ((word & bit) == 0)
        {
            word |= bit;
            _first = _count == 0 ? arrived : _first;
            _latencies[_count++] = (int)Math.Clamp(arrived - sent, 0, int.MaxValue);
        }
    }

    /// <summary>Ends a run.</summary>
    internal LoadResult Finish(long sent, long inTime, long unseen, long skipped, double seconds)
    {
        Span<int> sorted = _latencies.AsSpan(0, _count);
        sorted.Sort();
        return new LoadResult(
            sent, _count, inTime, unseen, skipped, seconds,
            At(sorted, 0.5), At(sorted, 0.99), At(sorted, 0.999), At(sorted, 1))
        {
            FirstArrival = _count > 0 ? _first : 0,
        };
    }

    private static double At(ReadOnlySpan<int> sorted, double share) => sorted.IsEmpty
        ? 0
        : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)]
            / NanosecondsPerMicrosecond;
}
