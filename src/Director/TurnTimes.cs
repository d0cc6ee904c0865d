using System;
using System.Globalization;
using System.Text;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director;

/// <summary>
/// How long tables take, and how long the collector held everybody up: what an operator asks when a dead server got
/// connections for too long. Owned by the director loop.
/// </summary>
internal sealed class TurnTimes
{
    private long _published, _lastBuilt, _verdictToForce, _verdictToForceMax;
    private long? _verdict;

    /// <summary>A verdict is in the table that is published next; the oldest of a turn counts.</summary>
    /// <param name="givenAt">When its check gave it, by <see cref="Clock"/>.</param>
    internal void Heard(long givenAt) => _verdict ??= givenAt;

    /// <summary>All interfaces have new tables: whatever a worker reads from now on is decided by them.</summary>
    /// <param name="began">When the first of them was begun, by <see cref="Clock"/>.</param>
    internal void Published(long began)
    {
        long now = Clock.NowMicroseconds;
        _published++;
        _lastBuilt = now - began;
        if (_verdict is { } givenAt)
        {
            _verdictToForce = now - givenAt;
            _verdictToForceMax = Math.Max(_verdictToForceMax, _verdictToForce);
            _verdict = null;
        }
    }

    /// <summary>A line for each, in microseconds where it is a time.</summary>
    internal string Describe()
    {
        var text = new StringBuilder("tables\n");
        Append(text, "published", _published);
        Append(text, "the last: from begun to in force, us", _lastBuilt);
        Append(text, "verdict to table in force, last, us", _verdictToForce);
        Append(text, "verdict to table in force, longest, us", _verdictToForceMax);
        text.Append("memory\n");
        Append(text, "collections", GC.CollectionCount(0));
        Append(text, "collections of all generations", GC.CollectionCount(2));
        Append(text, "paused for collections, us in all", (long)GC.GetTotalPauseDuration().TotalMicroseconds);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-44} {value,12}\n");
}
