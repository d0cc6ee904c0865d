using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Globalization;
using System.Text;

namespace XdpLvs.Config;

/// <summary>The variables of a configuration, and the lines in which their values stand in their place.</summary>
/// <remarks>keepalived.conf(5), "Parameter substitution" and "Pre-defined definitions".</remarks>
internal sealed class Substitution(ReadOptions options, Budget budget, Reporter report)
{
    private const int RandomMax = 32767;

    private static readonly string[] BuiltIns = ["_PWD", "_INSTANCE", "_RANDOM", "_ENV", "_HASH", "_BANG"];

    private readonly Random _random = new(options.RandomSeed);
    private readonly HashSet<string> _expanding = [];

    /// <summary>What is defined now; a later line may define it anew.</summary>
    public Dictionary<string, Definition> Definitions { get; } = [];

    /// <summary>The folder of the file that is being read.</summary>
    public string Folder { get; set; } = "";

    /// <summary>The variable that a whole line is a reference to; null for any other line.</summary>
    public Definition? Whole(SourceLine line)
    {
        ReadOnlySpan<char> text = line.Text;
        bool isReference = References.TryRead(text, out Reference reference) && reference.Arguments.Length == 0;
        foreach (char c in isReference ? text[reference.Length..] : [])
        {
            isReference &= Lexer.IsBlank(c);
        }

        return isReference ? Definitions.GetValueOrDefault(reference.Name) : null;
    }

    /// <summary>The line with every reference replaced; one that is not defined stays.</summary>
    /// <param name="line">The line.</param>
    /// <param name="mayContinue">Whether nothing stands behind it, so that several lines may end it.</param>
    /// <param name="rest">The lines behind the first, when it ended with a reference to several.</param>
    public SourceLine Replace(SourceLine line, bool mayContinue, out ReadOnlySpan<SourceLine> rest)
    {
        rest = [];
        string text = line.Text;
        if (!text.Contains('$', StringComparison.Ordinal))
        {
            return line;
        }

        var result = new LineBuilder(line);
        int at = 0;
        for (int dollar = text.IndexOf('$'); dollar >= 0; dollar = text.IndexOf('$', Math.Max(at, dollar + 1)))
        {
            if (!References.TryRead(text.AsSpan(dollar), out Reference reference))
            {
                continue;
            }

            int end = dollar + reference.Length;
            bool isLast = mayContinue && text.AsSpan(end).Trim().IsEmpty;
            var use = new Use(line, dollar, reference, isLast);
            if (Value(use, out string? context) is { } value)
            {
                result.Copy(at, dollar);
                result.Put(value, line.Place(dollar, end), context!);
                at = end;
            }
            else if (isLast && Definitions.GetValueOrDefault(reference.Name) is { IsMultiline: true } several)
            {
                result.Copy(at, dollar);
                rest = Continue(several, line.Place(dollar, end), result);
                return result.ToLine();
            }
        }

        if (at == 0)
        {
            return line;
        }

        result.Copy(at, text.Length);
        return result.ToLine();
    }

    /// <summary>A text that is no line, such as the list of a repetition, with every reference replaced.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it stands.</param>
    public string ReplaceText(string text, Word place)
    {
        if (!text.Contains('$', StringComparison.Ordinal) || text.AsSpan().TrimStart().StartsWith('~'))
        {
            return text;
        }

        Origin origin = place.Origin ?? new Origin("");
        var line = new SourceLine(text, [new Part(0, origin, place.Line, place.Column, Math.Max(1, place.Length))]);
        return Replace(line, mayContinue: false, out _).Text;
    }

    /// <summary>Lines of a definition, explained by the place that used it.</summary>
    public static string UsedAt(string name, Word place) =>
        $"in the expansion of ${name} at {place.Origin?.File}:{place.Line.ToString(CultureInfo.InvariantCulture)}";

    private ReadOnlySpan<SourceLine> Continue(Definition several, Word place, LineBuilder result)
    {
        ImmutableArray<SourceLine> lines = several.Lines;
        if (!lines.IsEmpty)
        {
            string first = ReplaceText(lines[0].Text, place);
            result.Put(first, place, several.Context);
        }

        return lines.IsEmpty ? [] : lines.AsSpan()[1..];
    }

    /// <summary>What stands in place of a reference; null leaves it. What is wrong with it is reported.</summary>
    private string? Value(Use use, out string? context)
    {
        (Reference reference, string name) = (use.Reference, use.Reference.Name);
        context = null;
        if (!Definitions.TryGetValue(name, out Definition? definition))
        {
            context = $"${name} is built in";
            return BuiltIn(reference, use.Place) ?? Undefined(use);
        }

        if (reference.Arguments.Length > 0 || !(reference.HasBraces || use.IsSeparated))
        {
            if (!use.IsPassword)
            {
                report.Fault(use.Place, $"'${name}' is replaced only before a blank", $"${{{name}}}");
            }

            return null;
        }

        if (definition.IsMultiline)
        {
            if (!use.IsLast)
            {
                report.Fault(use.Place, $"'${name}' stands for several lines, so nothing may stand behind it");
            }

            return null;
        }

        if (!_expanding.Add(name))
        {
            report.Fault(use.Place, $"'${name}' contains itself, so there is no end to it");
            return null;
        }

        string value = budget.TrySpend(definition.Lines[0].Text.Length, use.Line)
            ? ReplaceText(definition.Lines[0].Text, use.Place)
            : "";
        _expanding.Remove(name);
        context = definition.Context;
        return value;
    }

    private string? BuiltIn(Reference reference, Word place)
    {
        switch (reference.Name)
        {
            case "_PWD":
                return Path.GetFullPath(Folder.Length == 0 ? "." : Folder);
            case "_INSTANCE":
                return options.ConfigId;
            case "_HASH":
                return "#";
            case "_BANG":
                return "!";
            case "_ENV" when References.NameLength(reference.Arguments) == reference.Arguments.Length
                && reference.Arguments.Length > 0:
                string? value = options.EnvironmentVariable(reference.Arguments);
                if (value is null)
                {
                    report.Fault(place, $"the environment has no variable '{reference.Arguments}'");
                }

                return value ?? "";
            case "_RANDOM":
                return RandomNumber(reference.Arguments, place);
            default:
                return null;
        }
    }

    private string RandomNumber(string arguments, Word place)
    {
        string[] bounds = arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        (int min, int max) = (0, RandomMax);
        bool reads = bounds.Length <= 2
            && (bounds.Length < 1 || TryNumber(bounds[0], out min))
            && (bounds.Length < 2 || TryNumber(bounds[1], out max));
        if (!reads || min > max)
        {
            report.Fault(place, "'_RANDOM' takes two whole numbers, the least and the greatest");
            return "0";
        }

        return _random.NextInt64(min, (long)max + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Says that a name is not defined, unless the text may well mean the dollar sign.</summary>
    private string? Undefined(Use use)
    {
        string name = use.Reference.Name;
        IEnumerable<string> known = name.StartsWith('_') ? [.. BuiltIns, .. Definitions.Keys] : Definitions.Keys;
        string? nearest = Spelling.Nearest(name, known);
        if (nearest is null && (use.IsPassword || use.IsQuoted))
        {
            return null; // as in keepalived: a script or a password may have its own dollar signs
        }

        if (use.Line.Text.AsSpan(use.End).TrimStart().StartsWith('='))
        {
            report.Fault(use.Place, $"'${name}' is not defined; a definition has no blank in front of its '='");
            return null;
        }

        string suggestion = use.Reference.HasBraces ? $"${{{nearest}}}" : $"${nearest}";
        report.Fault(use.Place, $"'${name}' is not defined", nearest is null ? null : suggestion);
        return null;
    }

    /// <summary>A reference where it is used.</summary>
    /// <param name="Line">The line it stands in.</param>
    /// <param name="Start">Its dollar sign.</param>
    /// <param name="Reference">The reference.</param>
    /// <param name="IsLast">Whether the line ends with it, and several lines may stand there.</param>
    private readonly record struct Use(SourceLine Line, int Start, Reference Reference, bool IsLast)
    {
        public int End => Start + Reference.Length;

        public Word Place => Line.Place(Start, End);

        /// <summary>keepalived wants a blank, a comma, ")" or the end; quotes and braces are as clear.</summary>
        public bool IsSeparated => End == Line.Text.Length
            || Line.Text[End] is ',' or ')' or '"' or '{' or '}'
            || Lexer.IsBlank(Line.Text[End]);

        /// <summary>Whether it stands in a password, which may well have a dollar sign.</summary>
        public bool IsPassword => Line.Text.AsSpan().TrimStart().StartsWith("auth_pass");

        /// <summary>Whether it stands between double quotes.</summary>
        public bool IsQuoted => Line.Text.AsSpan(0, Start).Count('"') % 2 == 1;
    }

    /// <summary>A line that is put together from pieces of another and from values.</summary>
    private sealed class LineBuilder(SourceLine source)
    {
        private readonly StringBuilder _text = new();
        private readonly ImmutableArray<Part>.Builder _parts = ImmutableArray.CreateBuilder<Part>();

        public void Copy(int start, int end)
        {
            if (start == end)
            {
                return;
            }

            foreach (Part part in source.Slice(start, end).Parts)
            {
                _parts.Add(part with { Start = part.Start + _text.Length });
            }

            _text.Append(source.Text, start, end - start);
        }

        public void Put(string value, Word place, string context)
        {
            var origin = new Origin(place.Origin?.File ?? "", context);
            _parts.Add(new Part(_text.Length, origin, place.Line, place.Column, Math.Max(1, place.Length)));
            _text.Append(value);
        }

        public SourceLine ToLine() => new(_text.ToString(), _parts.ToImmutable(), source.EndsAtComment);
    }
}
