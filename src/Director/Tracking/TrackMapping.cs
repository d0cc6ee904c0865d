using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Scripts;

namespace XdpLvs.Director.Tracking;

/// <summary>What the configuration tracks, in the terms of the trackers.</summary>
internal static class TrackMapping
{
    /// <summary>Everything that some instance tracks; a script that must not run is left out.</summary>
    internal static TrackPlan Plan(DirectorConfig config, ScriptDesk desk)
    {
        HashSet<(TrackKind, string)> used =
        [
            .. config.Instances.SelectMany(instance => instance.Tracks)
                .Concat(config.SyncGroups.SelectMany(group => group.Tracks))
                .Select(track => (track.Kind, track.Name)),
        ];
        var runnable = ImmutableArray.CreateBuilder<ScriptTrackerSettings>();
        foreach (TrackScript script in config.Scripts.Where(each => used.Contains((TrackKind.Script, each.Name))))
        {
            if (desk.Admit(script.Command, "track") is { } found)
            {
                runnable.Add(Script(script, found));
            }
        }

        return new TrackPlan(
            runnable.ToImmutable(),
            [.. config.Files.Where(each => used.Contains((TrackKind.File, each.Name))).Select(File)],
            [.. config.Processes.Where(each => used.Contains((TrackKind.Process, each.Name))).Select(Process)]);
    }

    /// <summary>What one instance tracks: by itself, and what its sync group does.</summary>
    /// <remarks>
    /// As in keepalived, weights of a member do not count, since the members must agree; sync_group_tracking_weight
    /// makes them count.
    /// </remarks>
    internal static ImmutableArray<TrackedItem> Items(
        VrrpInstance instance, SyncGroup? group, TrackPlan plan, Action<string> complain)
    {
        var items = ImmutableArray.CreateBuilder<TrackedItem>();
        foreach (Track track in instance.Tracks)
        {
            if (group is { TrackingWeight: false } && track.Weight != 0)
            {
                complain($"({instance.Name}) ignoring tracked {track.Kind.ToString().ToLowerInvariant()} {track.Name} "
                    + "with weights due to sync group");
                continue;
            }

            items.Add(Item(track));
        }

        items.AddRange((group?.Tracks ?? []).Select(Item));
        return [.. items.Where(item => IsKnown(item.Id, plan))];
    }

    private static TrackedItem Item(Track track) => new(
        new TrackerId(Enum.Parse<TrackerKind>(track.Kind.ToString()), track.Name), track.Weight, track.Reverse);

    /// <summary>A script that must not run, and BFD, which nobody speaks yet, would be waited for for ever.</summary>
    private static bool IsKnown(TrackerId id, TrackPlan plan) => id.Kind switch
    {
        TrackerKind.Script => plan.Scripts.Any(script => script.Name == id.Name),
        TrackerKind.Bfd => false,
        _ => true,
    };

    private static ScriptTrackerSettings Script(TrackScript script, Script found) => new(script.Name, found)
    {
        IntervalMicroseconds = Microseconds(script.Interval),
        TimeoutMicroseconds = script.Timeout > TimeSpan.Zero ? Microseconds(script.Timeout) : null,
        Rise = Math.Max(1, script.Rise),
        Fall = Math.Max(1, script.Fall),
        StartsFailed = script.InitFail,
    };

    private static FileTrackerSettings File(TrackFile file) => new(file.Name, file.Path)
    {
        InitialValue = file.InitialValue,
        Overwrite = file.Overwrite,
    };

    private static ProcessTrackerSettings Process(TrackProcess process) => new(
        process.Name,
        new ProcessMatch(
            process.Command[0],
            process.Command[1..],
            process.Match switch
            {
                Config.ParameterMatch.Partial => ParameterMatch.Leading,
                Config.ParameterMatch.Initial => ParameterMatch.LeadingPart,
                Config.ParameterMatch.None when process.Command.Length == 1 => ParameterMatch.None,
                _ => ParameterMatch.Exact,
            },
            process.FullCommand))
    {
        Quorum = process.Quorum,
        QuorumMax = process.QuorumMax ?? int.MaxValue,
        ForkDelayMicroseconds = Microseconds(process.ForkDelay),
        TerminateDelayMicroseconds = Microseconds(process.TerminateDelay),
    };

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
