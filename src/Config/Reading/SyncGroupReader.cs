using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

using On = Options<SyncGroup>;

/// <summary>Reads <c>vrrp_sync_group</c> and <c>track_group</c>, when all instances are known.</summary>
internal static class SyncGroupReader
{
    /// <summary>The keywords of <c>vrrp_sync_group</c>.</summary>
    public static Grammar<Draft<SyncGroup>> Grammar { get; } = new(
        "vrrp_sync_group",
        [
            On.Block("group", (draft, block, report) =>
                draft.Model = draft.Model with { Instances = draft.Model.Instances.AddRange(Names(block)) }),
            .. System.Array.ConvertAll<string, Rule<Draft<SyncGroup>>>(
                ["track_interface", "track_script", "track_file", "track_process", "track_bfd"],
                keyword => On.Block(keyword, (_, _, _) => { })),
            .. NotifyRules.Of<SyncGroup>(isGroup: true, (all, change) => all with { Notify = change(all.Notify) }),
            On.Switch("smtp_alert", (all, isOn) => all with { SmtpAlert = isOn }),
            On.Switch("sync_group_tracking_weight", (all, isOn) => all with { TrackingWeight = isOn }),
            On.Switch("notify_priority_changes", (all, isOn) => all with { NotifyPriorityChanges = isOn }),
            .. On.Noted("global_tracking"),
        ]);

    /// <summary>The keywords of <c>track_group</c>.</summary>
    public static Grammar<Draft<ImmutableArray<string>>> TrackGroupGrammar { get; } = new(
        "track_group",
        Options<ImmutableArray<string>>.Block("group", (draft, block, report) =>
            draft.Model = draft.Model.AddRange(Names(block))));

    /// <summary>The sync groups.</summary>
    public static ImmutableArray<SyncGroup> ReadAll(
        IEnumerable<Statement> blocks,
        VrrpBuilder instances,
        GlobalSettings globals,
        Definitions definitions,
        Reporter report)
    {
        var taken = new Dictionary<string, string>();
        return Named.ReadAll(blocks, report, (block, name, header) =>
        {
            var initial = new SyncGroup
            {
                Name = name,
                SmtpAlert = globals.Mail.Vrrp ?? globals.Mail.All ?? false,
                NotifyPriorityChanges = globals.Vrrp.NotifyPriorityChanges,
                Span = report.Span(header),
            };
            Draft<SyncGroup> draft = Draft<SyncGroup>.Read(Grammar, block, initial, report);
            ImmutableArray<string> members = [.. Members(draft.Model.Instances, block, instances, report)
                .Where(member => IsFree(member, name, taken, block, report))];
            if (members.Length < 2)
            {
                string count = members.IsEmpty ? "no instance" : "one instance only";
                report.Warning(header, $"this group has {count}: there is nothing to synchronise");
            }

            return members.IsEmpty ? null : draft.Model with
            {
                Instances = members,
                Tracks = TrackReader.ReadAll(block.Body!, definitions, report),
                Origins = draft.Origins,
            };
        });
    }

    /// <summary>The track groups.</summary>
    public static ImmutableArray<TrackGroup> ReadTrackGroups(
        IEnumerable<Statement> blocks, VrrpBuilder instances, Definitions definitions, Reporter report) =>
        Named.ReadAll(blocks, report, (block, name, header) =>
        {
            ImmutableArray<string> named =
                Draft<ImmutableArray<string>>.Read(TrackGroupGrammar, block, [], report).Model;
            definitions.TrackGroups.Add(name);
            return new TrackGroup(name, [.. Members(named, block, instances, report)], report.Span(header));
        });

    private static bool IsFree(
        string member, string group, Dictionary<string, string> taken, Statement block, Reporter report)
    {
        bool isFree = taken.TryAdd(member, group);
        if (!isFree)
        {
            report.Error(
                PlaceOf(member, block),
                $"instance {Reporter.Quote(member)} is in group {Reporter.Quote(taken[member])} already");
        }

        return isFree;
    }

    private static List<string> Names(Statement block) =>
        [.. block.Body!.Statements.SelectMany(line => line.Words).Select(word => word.Text)];

    private static IEnumerable<string> Members(
        ImmutableArray<string> names, Statement block, VrrpBuilder instances, Reporter report)
    {
        foreach (string name in names)
        {
            bool runs = instances.Instances.Any(instance => instance.Name == name);
            if (!runs && instances.Names.Contains(name))
            {
                report.Warning(PlaceOf(name, block), $"instance {Reporter.Quote(name)} was left out, here too");
            }
            else if (!runs)
            {
                report.Error(
                    PlaceOf(name, block),
                    $"there is no vrrp_instance {Reporter.Quote(name)}",
                    Spelling.Nearest(name, instances.Names));
            }
            else
            {
                yield return name;
            }
        }
    }

    private static Word PlaceOf(string name, Statement block) =>
        block.Body!.Statements
            .Where(statement => statement.Keyword == "group" && statement.Body is not null)
            .SelectMany(statement => statement.Body!.Statements)
            .SelectMany(line => line.Words)
            .Last(word => word.Text == name);
}
