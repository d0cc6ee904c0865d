using System;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>What of an instance is well written and yet known to hurt.</summary>
internal static class VrrpLint
{
    private const byte OwnerPriority = 255;

    /// <summary>Reports it.</summary>
    public static void Report(VrrpInstance instance, Statement statement, Reporter report)
    {
        Track[] weighted = [.. instance.Tracks.Where(track => track.Weight != 0)];
        if (weighted.Length > 0 && !instance.Preempt)
        {
            Statement line = statement.Body!.Statements.Last(one => one.Keyword == "nopreempt");
            report.Warning(
                line.Words[0],
                "'nopreempt' makes the weights of what is tracked pointless: a backup that may not preempt does not "
                + "take over from a master whose priority fell");
        }

        if (weighted.Length > 0 && instance.Priority == OwnerPriority)
        {
            report.Warning(
                Reporter.WordAt(weighted[0].Span),
                "weights do not change priority 255: the owner of the addresses stays");
            return;
        }

        foreach (Track track in weighted.Where(track => track.Kind != TrackKind.File))
        {
            (int good, int bad) = Range(instance.Priority, track);
            string change = $"with it the priority is {good} or {bad}: another director takes over only if its own is "
                + $"between {Math.Min(good, bad)} and {Math.Max(good, bad)}";
            if (Math.Abs(good - bad) <= 1)
            {
                report.Warning(Reporter.WordAt(track.Span), change + ", and nothing is");
            }
            else
            {
                report.Notice(Reporter.WordAt(track.Span), change);
            }
        }
    }

    /// <summary>The priority while the thing is well and while it is not, within 1 to 254.</summary>
    private static (int Good, int Bad) Range(int priority, Track track)
    {
        int weight = track.Weight;
        (int good, int bad) = weight > 0 ? (weight, 0) : (0, weight);
        (good, bad) = track.Reverse ? (-good, -bad) : (good, bad);
        return (Math.Clamp(priority + good, 1, 254), Math.Clamp(priority + bad, 1, 254));
    }
}
