using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>
/// Does what stands at the start of a line for the line itself: conditions, definitions and repetitions; and replaces
/// variables. What is left has a meaning of its own.
/// </summary>
/// <param name="options">The configuration's id.</param>
/// <param name="variables">The variables.</param>
/// <param name="budget">How much may come of it.</param>
/// <param name="report">Where findings go.</param>
/// <param name="emit">Takes each line that is done.</param>
internal sealed class LineExpander(
    ReadOptions options, Substitution variables, Budget budget, Reporter report, Action<SourceLine> emit)
{
    private const int DepthMax = 32;

    private static readonly ImmutableArray<string> Repetitions = ["~SEQ(", "~SEQx(", "~LST("];

    /// <summary>Expands a line of a file.</summary>
    public void Expand(SourceLine line) => Expand(line, 0);

    private void Expand(SourceLine line, int depth)
    {
        line = line.TrimStart();
        if (depth > 0 && !budget.TrySpend(line.Text.Length, line))
        {
            return;
        }

        if (depth > DepthMax)
        {
            report.Fault(line.Place(0, line.Text.Length), $"expansions are nested more than {DepthMax} deep here");
            return;
        }

        while (line.Text.Length > 0 && !budget.IsSpent)
        {
            char first = line.Text[0];
            if (first == '@')
            {
                line = Condition(line);
            }
            else if (first == '$' && References.DefinedLength(line.Text) is > 0 and int length)
            {
                Define(line, length);
                return;
            }
            else if (first == '$' && variables.Whole(line) is { } whole)
            {
                ExpandWhole(line, whole, depth);
                return;
            }
            else if (first == '~' && TryRepeat(line, depth))
            {
                return;
            }
            else
            {
                line = ExpandHead(line, depth);
            }
        }
    }

    /// <summary>The line behind a condition that holds; an empty one otherwise.</summary>
    private SourceLine Condition(SourceLine line)
    {
        string text = line.Text;
        bool isNot = text.AsSpan(1).StartsWith('^');
        int start = isNot ? 2 : 1, end = start;
        while (end < text.Length && !Lexer.IsBlank(text[end]) && text[end] is not ('{' or '}'))
        {
            end++;
        }

        SourceLine rest = line.Slice(end, text.Length).TrimStart();
        if (end == start)
        {
            report.Fault(line.Place(0, start), "a configuration's id must stand right behind '@'");
            return rest;
        }

        if (rest.Text.Length == 0)
        {
            report.Warning(line.Place(0, end), $"nothing stands behind {Reporter.Quote(text[..end])}");
        }

        bool holds = text.AsSpan(start, end - start).SequenceEqual(options.ConfigId) != isNot;
        return holds ? rest : line.Slice(text.Length, text.Length);
    }

    /// <summary>A definition of one line; those of several are gathered before lines come here.</summary>
    private void Define(SourceLine line, int nameLength)
    {
        string name = line.Text[1..(nameLength + 1)];
        SourceLine value = line.Slice(nameLength + 2, line.Text.Length).TrimStart();
        value = value.Slice(0, value.Text.AsSpan().TrimEnd().Length);
        Word place = line.Place(0, nameLength + 1);
        variables.Definitions[name] = new Definition(
            name, [value], false, $"in the expansion of ${name}, defined at {place.Origin!.File}:{place.Line}");
    }

    private void ExpandWhole(SourceLine line, Definition whole, int depth)
    {
        string context = Substitution.UsedAt(whole.Name, line.Place(0, line.Text.Length));
        foreach (SourceLine inner in whole.Lines)
        {
            Expand(inner.In(context), depth + 1);
        }
    }

    /// <summary>Whether the line is a repetition, good or bad; then it is done.</summary>
    private bool TryRepeat(SourceLine line, int depth)
    {
        Word place = line.Place(0, line.Text.Length);
        var repetition = Repetition.Read(line.Text, text => variables.ReplaceText(text, place), out string? fault);
        if (repetition is null)
        {
            if (fault is not null)
            {
                int close = line.Text.IndexOf(')', StringComparison.Ordinal);
                report.Fault(line.Place(0, close < 0 ? line.Text.Length : close + 1), fault);
            }

            return fault is not null;
        }

        SourceLine rest = line.Slice(repetition.Length, line.Text.Length);
        var before = repetition.Names.Select(name => (name, variables.Definitions.GetValueOrDefault(name))).ToList();
        ImmutableArray<Part> parts = line.Slice(0, repetition.Length).Parts;
        for (long turn = 0; turn < repetition.Turns && !budget.IsSpent; turn++)
        {
            for (int i = 0; i < repetition.Names.Length; i++)
            {
                (string name, string value) = (repetition.Names[i], repetition.ValueAt(turn, i));
                variables.Definitions[name] = new Definition(
                    name, [new SourceLine(value, parts)], false, $"where ${name} is '{value}'");
            }

            Expand(rest, depth + 1);
        }

        foreach ((string name, Definition? old) in before)
        {
            if (old is null)
            {
                variables.Definitions.Remove(name);
            }
            else
            {
                variables.Definitions[name] = old;
            }
        }

        return true;
    }

    /// <summary>
    /// Replaces and hands on the line up to a brace behind which a new line might start. Returns the rest.
    /// </summary>
    private SourceLine ExpandHead(SourceLine line, int depth)
    {
        int end = HeadLength(line.Text);
        bool isAll = end == line.Text.Length;
        SourceLine head = isAll ? line : line.Slice(0, end);
        SourceLine replaced = variables.Replace(head, isAll, out ReadOnlySpan<SourceLine> rest);
        if (!ReferenceEquals(replaced, head) && StartsAnew(replaced.Text))
        {
            Expand(replaced, depth + 1);
        }
        else
        {
            Complain(replaced);
            emit(replaced);
        }

        if (!rest.IsEmpty)
        {
            string context = Substitution.UsedAt("a variable", line.Place(0, line.Text.Length));
            foreach (SourceLine inner in rest)
            {
                Expand(inner.In(context), depth + 1);
            }
        }

        return line.Slice(end, line.Text.Length).TrimStart();
    }

    /// <summary>Says what cannot be meant as it stands.</summary>
    private void Complain(SourceLine line)
    {
        string text = line.Text;
        if (text.AsSpan().TrimEnd().EndsWith('\\') && !text.AsSpan().TrimEnd().EndsWith("\\\\"))
        {
            int at = text.LastIndexOf('\\');
            report.Fault(line.Place(at, at + 1), "a '\\' at the end of a line continues only a definition, $NAME=");
        }

        foreach (string repetition in Repetitions)
        {
            int at = text.IndexOf(repetition, StringComparison.Ordinal);
            bool isText = at < 0 || text.AsSpan(0, at).Count('"') % 2 == 1
                || text.AsSpan().TrimStart().StartsWith("auth_pass");
            if (!isText)
            {
                report.Fault(
                    line.Place(at, at + repetition.Length),
                    $"'{repetition[..^1]}' repeats the rest of a line, and so must stand at its start");
            }
        }
    }

    private static bool StartsAnew(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        return text.StartsWith('@') || text.StartsWith('~') || References.DefinedLength(text) > 0;
    }

    /// <summary>The length up to the first brace outside quotes behind which something special starts.</summary>
    private static int HeadLength(string text)
    {
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            isQuoted ^= text[i] == '"';
            if (isQuoted)
            {
                continue;
            }

            i += References.BracedLength(text.AsSpan(i));
            if (i < text.Length && text[i] is '{' or '}' && StartsAnewOrRefers(text.AsSpan(i + 1)))
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    private static bool StartsAnewOrRefers(ReadOnlySpan<char> text) =>
        StartsAnew(text) || (text.TrimStart().StartsWith('$') && References.TryRead(text.TrimStart(), out _));
}
