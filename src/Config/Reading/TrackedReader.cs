using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Reads what can be tracked: <c>vrrp_script</c>, <c>track_file</c>, <c>vrrp_track_process</c>.</summary>
internal static class TrackedReader
{
    private const int WeightMax = 253, ProcessWeightMax = 254;

    /// <summary>The keywords of <c>vrrp_script</c>.</summary>
    public static Grammar<Draft<TrackScript>> ScriptGrammar { get; } = new(
        "vrrp_script",
        Options<TrackScript>.Script("script", (all, command) =>
            all with { Command = all.Command with { Words = command.Words } }),
        Options<TrackScript>.SomeSeconds("interval", (all, time) => all with { Interval = time }),
        Options<TrackScript>.SomeSeconds("timeout", (all, time) => all with { Timeout = time }),
        Weight<TrackScript>(WeightMax, (all, weight, reverse) => all with { Weight = weight, Reverse = reverse }),
        Options<TrackScript>.Number("rise", 1, int.MaxValue, (all, count) => all with { Rise = count }),
        Options<TrackScript>.Number("fall", 1, int.MaxValue, (all, count) => all with { Fall = count }),
        Options<TrackScript>.Any("user", User, words: 2),
        Options<TrackScript>.Switch("init_fail", (all, isOn) => all with { InitFail = isOn }));

    /// <summary>The keywords of <c>track_file</c>.</summary>
    public static Grammar<Draft<TrackFile>> FileGrammar { get; } = new(
        "track_file",
        Options<TrackFile>.Text("file", "a path", (all, path) => all with { Path = path }),
        Weight<TrackFile>(int.MaxValue, (all, weight, reverse) => all with { Weight = weight, Reverse = reverse }),
        Options<TrackFile>.Any("init_file", InitFile, words: 2));

    /// <summary>The keywords of <c>vrrp_track_process</c>.</summary>
    public static Grammar<Draft<TrackProcess>> ProcessGrammar { get; } = new(
        "vrrp_track_process",
        Options<TrackProcess>.Any("process", Process, words: int.MaxValue - 1),
        Options<TrackProcess>.Choice(
            "param_match",
            [("exact", ParameterMatch.Exact), ("partial", ParameterMatch.Partial), ("initial", ParameterMatch.Initial)],
            (all, match) => all with { Match = match }),
        Weight<TrackProcess>(
            ProcessWeightMax, (all, weight, reverse) => all with { Weight = weight, Reverse = reverse }),
        Options<TrackProcess>.Number("quorum", 1, 65535, (all, count) => all with { Quorum = count }),
        Options<TrackProcess>.Number("quorum_max", 0, 65535, (all, count) => all with { QuorumMax = count }),
        Options<TrackProcess>.Seconds("delay", (all, time) => all with { TerminateDelay = time, ForkDelay = time }),
        Options<TrackProcess>.Seconds("terminate_delay", (all, time) => all with { TerminateDelay = time }),
        Options<TrackProcess>.Seconds("fork_delay", (all, time) => all with { ForkDelay = time }),
        Options<TrackProcess>.Switch("full_command", (all, isOn) => all with { FullCommand = isOn }));

    /// <summary>The scripts.</summary>
    public static ImmutableArray<TrackScript> ReadScripts(
        IEnumerable<Statement> blocks, Definitions definitions, Reporter report) =>
        Named.ReadAll(blocks, report, (block, name, header) =>
        {
            Draft<TrackScript> draft = Draft<TrackScript>.Read(
                ScriptGrammar, block, new TrackScript { Name = name, Span = report.Span(header) }, report);
            TrackScript script = draft.Model with { Origins = draft.Origins };
            if (script.Command.Words.IsEmpty)
            {
                Requires(block, "script", header, report);
                definitions.LeftOut.Add((TrackKind.Script, name));
                return null;
            }

            definitions.Add(TrackKind.Script, name, script.Weight, script.Reverse);
            return script with { Timeout = script.Timeout > TimeSpan.Zero ? script.Timeout : script.Interval };
        });

    /// <summary>The files.</summary>
    public static ImmutableArray<TrackFile> ReadFiles(
        IEnumerable<Statement> blocks, Definitions definitions, Reporter report) =>
        Named.ReadAll(blocks, report, (block, name, header) =>
        {
            Draft<TrackFile> draft = Draft<TrackFile>.Read(
                FileGrammar, block, new TrackFile { Name = name, Span = report.Span(header) }, report);
            TrackFile file = draft.Model with { Origins = draft.Origins };
            if (file.Path.Length == 0)
            {
                Requires(block, "file", header, report);
                definitions.LeftOut.Add((TrackKind.File, name));
                return null;
            }

            definitions.Add(TrackKind.File, name, file.Weight, file.Reverse);
            return file;
        });

    /// <summary>The processes.</summary>
    public static ImmutableArray<TrackProcess> ReadProcesses(
        IEnumerable<Statement> blocks, Definitions definitions, Reporter report) =>
        Named.ReadAll(blocks, report, (block, name, header) =>
        {
            Draft<TrackProcess> draft = Draft<TrackProcess>.Read(
                ProcessGrammar, block, new TrackProcess { Name = name, Span = report.Span(header) }, report);
            TrackProcess process = draft.Model with { Origins = draft.Origins };
            if (process.Command.IsEmpty)
            {
                Requires(block, "process", header, report);
                definitions.LeftOut.Add((TrackKind.Process, name));
                return null;
            }

            definitions.Add(TrackKind.Process, name, process.Weight, process.Reverse);
            return process;
        });

    /// <summary>The keyword <c>weight NUMBER [reverse]</c>.</summary>
    public static Rule<Draft<TModel>> Weight<TModel>(int max, Func<TModel, int, bool, TModel> set) =>
        Options<TModel>.Any(
            "weight",
            (draft, statement, report) =>
            {
                if (report.TryWeight(statement, max, out int weight, out bool reverse))
                {
                    draft.Model = set(draft.Model, weight, reverse);
                }
            },
            words: 2);

    /// <summary>What is missing is an error; what could not be used has been one already.</summary>
    private static void Requires(Statement block, string keyword, Word header, Reporter report)
    {
        if (block.Body!.Mentions(keyword))
        {
            report.Warning(header, $"this is left out, because its '{keyword}' cannot be used");
        }
        else
        {
            report.Error(header, $"this needs '{keyword}'; it is left out");
        }
    }

    private static void User(Draft<TrackScript> draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "the name of a user", out Word user))
        {
            string? group = statement.Words.Length > 2 ? statement.Words[2].Text : null;
            ScriptCommand command = draft.Model.Command with { User = user.Text, Group = group };
            draft.Model = draft.Model with { Command = command };
        }
    }

    private static void InitFile(Draft<TrackFile> draft, Statement statement, Reporter report)
    {
        int value = 0;
        foreach (Word word in statement.Words.Skip(1).Take(2))
        {
            if (word.Text == "overwrite")
            {
                draft.Model = draft.Model with { Overwrite = true };
            }
            else if (!report.TryNumber("init_file", word, int.MinValue, int.MaxValue, out value))
            {
                return;
            }
        }

        draft.Model = draft.Model with { InitialValue = value };
    }

    private static void Process(Draft<TrackProcess> draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "the name of a program", out _))
        {
            draft.Model = draft.Model with { Command = [.. statement.Words.Skip(1).Select(word => word.Text)] };
        }
    }
}

/// <summary>Reads blocks that have a name behind their keyword, unique in the file.</summary>
internal static class Named
{
    /// <summary>What is made of each; a second one of a name is reported and left out.</summary>
    public static ImmutableArray<TModel> ReadAll<TModel>(
        IEnumerable<Statement> blocks, Reporter report, Func<Statement, string, Word, TModel?> read)
        where TModel : class
    {
        ImmutableArray<TModel>.Builder all = ImmutableArray.CreateBuilder<TModel>();
        var names = new HashSet<string>();
        foreach (Statement block in blocks)
        {
            Word header = block.Header(2);
            if (!report.TryWord(block, "a name", out Word name))
            {
                continue;
            }

            if (!names.Add(name.Text))
            {
                report.Error(
                    header, $"{block.Keyword} {Reporter.Quote(name.Text)} exists already; this one is left out");
            }
            else if (read(block, name.Text, header) is { } model)
            {
                all.Add(model);
            }
        }

        return all.ToImmutable();
    }
}
