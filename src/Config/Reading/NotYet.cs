using System;
using System.Buffers;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>The parts of keepalived's language that are recognised only to say that they are missing.</summary>
internal static class NotYet
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    private static readonly ImmutableArray<string> Repetitions = ["~SEQ(", "~SEQx(", "~LST("];

    /// <summary>Whether the statement uses one of them; then that has been reported and it is skipped.</summary>
    public static bool Report(Statement statement, Reporter report)
    {
        Word first = statement.Words[0];
        if (first.Text is "include" or "includer" or "includem" or "includew" or "includeb" or "includea")
        {
            report.Error(statement.Header(2), $"'{first.Text}' is not supported yet; write the text in this file");
            return true;
        }

        if (first.Kind == WordKind.Plain && first.Text.StartsWith('@'))
        {
            report.Error(first, $"lines for one director only ({Reporter.Quote(first.Text)}) are not supported yet");
            return true;
        }

        foreach (Word word in statement.Words)
        {
            if (Find(word, statement.Keyword == "auth_pass", report) is { } message)
            {
                report.Error(word, message);
                return true;
            }
        }

        return false;
    }

    /// <summary>The variable that a word defines, as in <c>$NAME=value</c>; null if it does not.</summary>
    public static string? DefinedVariable(Word word)
    {
        int end = word.Kind == WordKind.Plain && word.Text.StartsWith('$') ? word.Text.IndexOf('=') : -1;
        return end > 1 && word.Text.AsSpan(1, end - 1).IndexOfAnyExcept(NameCharacters) < 0
            ? word.Text[1..end]
            : null;
    }

    /// <summary>A password may hold a dollar sign: keepalived leaves alone what is not a variable.</summary>
    private static string? Find(Word word, bool isPassword, Reporter report)
    {
        if (DefinedVariable(word) is { } defined)
        {
            return $"variables are not supported yet; '${defined}' is not defined";
        }

        bool isLiteral(string name) =>
            isPassword && !report.Variables.Contains(name) && !word.Text.Contains("${_", StringComparison.Ordinal);
        if (VariableIn(word.Text) is { } used && !isLiteral(used))
        {
            return $"variables are not supported yet; '${used}' is not replaced, and this line is skipped";
        }

        bool isList = Repetitions.Any(word.Text.Contains);
        return isList && !isPassword ? "~SEQ and ~LST are not supported yet; this line is skipped" : null;
    }

    /// <summary>The first variable that a text refers to as <c>$NAME</c> or <c>${NAME}</c>.</summary>
    /// <remarks>Outside quotes the brace has split the word already: a trailing dollar sign is what remains.</remarks>
    private static string? VariableIn(string text)
    {
        int dollar = text.IndexOf('$');
        if (dollar < 0)
        {
            return null;
        }

        ReadOnlySpan<char> rest = text.AsSpan(dollar + 1).TrimStart('{');
        int end = rest.IndexOfAnyExcept(NameCharacters);
        ReadOnlySpan<char> name = end < 0 ? rest : rest[..end];
        return name.IsEmpty || char.IsAsciiDigit(name[0]) ? null : name.ToString();
    }
}
