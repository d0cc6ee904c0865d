using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Lab.Processes;

/// <summary>What a run of probes says about the service's availability.</summary>
public sealed class ProbeReport
{
    /// <summary>Sums up a run.</summary>
    public ProbeReport(ProbeSamples run)
    {
        Samples = run.Samples;
        (LongestGapMs, GapStartUs) = LongestGap(run);
    }

    /// <summary>Every probe, in the order they were sent.</summary>
    public IReadOnlyList<RequestResult> Samples { get; }

    /// <summary>Probes sent.</summary>
    public int Sent => Samples.Count;

    /// <summary>Probes answered in time.</summary>
    public int Answered => Samples.Count(sample => sample.Ok);

    /// <summary>Probes refused, or not answered in time.</summary>
    public int Lost => Sent - Answered;

    /// <summary>The longest stretch without an answer, from one answer to the next, in milliseconds.</summary>
    /// <remarks>The stretches before the first answer and after the last count too: silence is loss.</remarks>
    public double LongestGapMs { get; }

    /// <summary>When that stretch began; microseconds of <see cref="LabClock"/>.</summary>
    public long GapStartUs { get; }

    /// <summary>True when the service answers at the end: all but a few of the last probes succeeded.</summary>
    /// <remarks>Without this a run that ends in silence could pass for one with a short gap.</remarks>
    public bool EndsAnswered => Samples.TakeLast(20).Count(sample => sample.Ok) >= 15;

    /// <summary>Answers by server name.</summary>
    public IReadOnlyDictionary<string, int> Servers => Samples.Where(sample => sample.Ok)
        .GroupBy(sample => sample.Body)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count());

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Sent} probes, {Lost} lost, longest gap {LongestGapMs:0} ms; "
        + string.Join(", ", Servers.Select(server => $"{server.Key} {server.Value}"));

    private static (double Ms, long StartUs) LongestGap(ProbeSamples run)
    {
        (long length, long start, long last) = (0, run.StartUs, run.StartUs);
        foreach (long answer in run.Samples.Where(sample => sample.Ok).Select(sample => sample.EndUs).Order())
        {
            (length, start) = answer - last > length ? (answer - last, last) : (length, start);
            last = answer;
        }

        // Up to the start of the last probe: one that is only just under way is not late.
        long end = run.Samples.Count > 0 ? run.Samples[^1].StartUs : run.EndUs;
        (length, start) = end - last > length ? (end - last, last) : (length, start);
        return (length / 1000.0, start);
    }
}
