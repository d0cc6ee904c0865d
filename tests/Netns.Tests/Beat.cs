using System.Collections.Generic;
using System.Linq;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>The rhythm of a master's adverts.</summary>
internal static class Beat
{
    /// <summary>The longest time from one frame to the next, in milliseconds; endless when there are not two.</summary>
    public static double LongestGapMs(IReadOnlyList<CapturedFrame> frames) => frames
        .Zip(frames.Skip(1), (one, next) => (next.Us - one.Us) / 1000.0)
        .DefaultIfEmpty(double.PositiveInfinity)
        .Max();
}
