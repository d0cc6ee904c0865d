using System;

namespace XdpLvs.Config;

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
