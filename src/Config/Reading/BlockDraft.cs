using System;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>A block while it is being read: it remembers where its values come from.</summary>
internal class BlockDraft
{
    private readonly Dictionary<string, Written> _written = [];

    /// <summary>Where the values read so far come from.</summary>
    public Origins Origins => new(_written.Values);

    /// <summary>Takes note of a statement that was read without an error.</summary>
    public void Note(string blockName, Statement statement, Reporter report)
    {
        string text = Secrets.IsSecret(blockName, statement.Keyword) && statement.Words.Length > 1
            ? Secret.Mask
            : string.Join(' ', statement.Words.Skip(1).Select(word => word.Text));
        _written[statement.Keyword] = new Written(statement.Keyword, text, report.Span(statement.Header()));
    }

    /// <summary>Takes over where values come from that were written around this block and not in it.</summary>
    public void InheritOrigins(BlockDraft outer, IEnumerable<string> keywords)
    {
        foreach (string keyword in keywords)
        {
            if (outer._written.TryGetValue(keyword, out Written? written))
            {
                _written.TryAdd(keyword, written);
            }
        }
    }
}

/// <summary>A block of which every keyword changes one value of an immutable model.</summary>
/// <param name="initial">The model with its defaults.</param>
internal sealed class Draft<TModel>(TModel initial) : BlockDraft
{
    /// <summary>The model as far as it was read.</summary>
    public TModel Model { get; set; } = initial;

    /// <summary>Something was reported that the thing must not be used with.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>It is understood, but something that is not carried out yet keeps it from running.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Reads a block into a model.</summary>
    public static Draft<TModel> Read(Grammar<Draft<TModel>> grammar, Statement block, TModel initial, Reporter report)
    {
        var draft = new Draft<TModel>(initial);
        grammar.Read(block.Body!, draft, report);
        return draft;
    }
}

/// <summary>Makes rules that change one value of a model; what is wrong is said, and the default stays.</summary>
internal static class Options<TModel>
{
    /// <summary>A switch: on unless <c>off</c>, <c>no</c> or <c>false</c> stands behind it.</summary>
    public static Rule<Draft<TModel>> Switch(string keyword, Func<TModel, bool, TModel> set) =>
        Any(keyword, (draft, statement, report) => draft.Model = set(draft.Model, report.Switch(statement)));

    /// <summary>A whole number.</summary>
    public static Rule<Draft<TModel>> Number(string keyword, long min, long max, Func<TModel, int, TModel> set) =>
        Any(keyword, (draft, statement, report) =>
        {
            if (report.TryNumber(statement, min, max, out int number))
            {
                draft.Model = set(draft.Model, number);
            }
        });

    /// <summary>A time in seconds, zero included.</summary>
    public static Rule<Draft<TModel>> Seconds(
        string keyword, Func<TModel, TimeSpan, TModel> set, long max = Values.SecondsMax) =>
        Any(keyword, (draft, statement, report) =>
        {
            if (report.TryTimerOrZero(statement, out TimeSpan time, max))
            {
                draft.Model = set(draft.Model, time);
            }
        });

    /// <summary>A time in seconds above zero.</summary>
    public static Rule<Draft<TModel>> SomeSeconds(string keyword, Func<TModel, TimeSpan, TModel> set) =>
        Any(keyword, (draft, statement, report) =>
        {
            if (report.TryTimer(statement, out TimeSpan time))
            {
                draft.Model = set(draft.Model, time);
            }
        });

    /// <summary>One word.</summary>
    public static Rule<Draft<TModel>> Text(string keyword, string expected, Func<TModel, string, TModel> set) =>
        Any(keyword, (draft, statement, report) =>
        {
            if (report.TryWord(statement, expected, out Word word))
            {
                draft.Model = set(draft.Model, word.Text);
            }
        });

    /// <summary>One of some words.</summary>
    public static Rule<Draft<TModel>> Choice<TValue>(
        string keyword, (string Name, TValue Value)[] choices, Func<TModel, TValue, TModel> set) =>
        Any(keyword, (draft, statement, report) =>
        {
            if (report.TryChoice(statement, choices, out TValue value))
            {
                draft.Model = set(draft.Model, value);
            }
        });

    /// <summary>The name of an interface.</summary>
    public static Rule<Draft<TModel>> Interface(string keyword, Func<TModel, string, TModel> set) =>
        Any(keyword, (draft, statement, report) =>
        {
            if (report.TryWord(statement, "the name of a network interface", out Word word)
                && VrrpReader.IsInterfaceName(word, report))
            {
                draft.Model = set(draft.Model, word.Text);
            }
        });

    /// <summary>A command, with a user and a group behind it.</summary>
    public static Rule<Draft<TModel>> Script(string keyword, Func<TModel, ScriptCommand, TModel> set) =>
        Any(
            keyword,
            (draft, statement, report) =>
            {
                if (report.TryScript(statement, out ScriptCommand command))
                {
                    draft.Model = set(draft.Model, command);
                }
            },
            words: 3);

    /// <summary>A keyword that is read in a way of its own.</summary>
    public static Rule<Draft<TModel>> Any(
        string keyword, Action<Draft<TModel>, Statement, Reporter> apply, int words = 1) =>
        new(keyword, false, apply, words);

    /// <summary>A block.</summary>
    public static Rule<Draft<TModel>> Block(string keyword, Action<Draft<TModel>, Statement, Reporter> apply) =>
        new(keyword, true, apply);

    /// <summary>Keywords that change nothing here: why not stands in <see cref="NoEffect"/>.</summary>
    /// <param name="keywords">The keywords.</param>
    /// <param name="words">How many words each may have behind it.</param>
    /// <param name="needsWord">Whether each needs at least one.</param>
    public static Rule<Draft<TModel>>[] Noted(string keywords, int words = 1, bool needsWord = false) =>
    [
        .. Array.ConvertAll(keywords.Split(' '), keyword => Any(
            keyword,
            (_, statement, report) =>
            {
                if (needsWord)
                {
                    report.NeedsWord(statement, "a value");
                }
            },
            words)),
    ];

    /// <summary>Keywords that change nothing here and take a number.</summary>
    public static Rule<Draft<TModel>>[] NotedNumbers(string keywords, long min, long max) =>
        [.. Array.ConvertAll(keywords.Split(' '), keyword => Number(keyword, min, max, (model, _) => model))];
}
