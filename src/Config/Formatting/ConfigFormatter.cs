using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace XdpLvs.Config;

/// <summary>
/// Writes a configuration in one tidy form: a statement a line, four blanks for each block around it. Every comment
/// stays, and so does what the file means.
/// </summary>
/// <remarks>
/// Lines with <c>$</c>, <c>~</c>, <c>@</c>, <c>\</c> or <c>'</c>, and includes, keep their words as they are and only
/// move: what their braces mean is known after expansion only.
/// </remarks>
public sealed class ConfigFormatter
{
    private const int IndentSize = 4;

    private readonly List<TidyLine> _lines = [];
    private readonly List<string> _faults = [];
    private TidyLine? _opener;
    private int _depth, _definitionDepth, _verbatimDepth;
    private bool _isDefining, _hasExpansions, _wasConditional;

    private ConfigFormatter()
    {
    }

    /// <summary>Formats a text.</summary>
    /// <param name="text">The text, whatever it is.</param>
    /// <param name="fault">Why it cannot be formatted; null if it could.</param>
    /// <returns>The tidy form; null if there is none, because braces or quotes are missing.</returns>
    public static string? Format(string text, out string? fault)
    {
        var formatter = new ConfigFormatter();
        string[] lines = text.TrimStart('\uFEFF').Split('\n');
        for (int i = 0; i < lines.Length && formatter._faults.Count == 0; i++)
        {
            formatter.Add(lines[i].TrimEnd('\r'), i + 1);
        }

        if (formatter._depth != 0 && !formatter._hasExpansions)
        {
            formatter._faults.Add("a block is not closed: a '}' is missing");
        }

        fault = formatter._faults.FirstOrDefault();
        return fault is null ? formatter.Write() : null;
    }

    private void Add(string line, int number)
    {
        int comment = Comments.Start(line);
        string text = Trim(line.AsSpan(0, comment)).ToString(), remark = line[comment..].TrimEnd();
        bool continues = line.TrimEnd().EndsWith('\\');
        bool isDefinition = References.DefinedLength(BehindConditions(text)) > 0;
        if (_isDefining || (continues && isDefinition))
        {
            AddDefinition(text, remark, continues);
        }
        else if (text.Length == 0)
        {
            _lines.Add(new TidyLine(_depth, "", remark));
        }
        else if (text.AsSpan().IndexOfAny("$~@\\'") >= 0 || text.StartsWith("include", StringComparison.Ordinal))
        {
            AddVerbatim(text, remark);
        }
        else
        {
            AddTokens(text, remark, number);
        }
    }

    private void AddDefinition(string text, string remark, bool continues)
    {
        int inner = _isDefining ? 1 + _definitionDepth : 0;
        (int closes, int change) = Braces(text);
        _lines.Add(new TidyLine(_depth + Math.Max(0, inner - closes), text, remark));
        _definitionDepth = continues ? Math.Max(0, _definitionDepth + change) : 0;
        _isDefining = continues;
        _opener = null;
    }

    private void AddVerbatim(string text, string remark)
    {
        (int closes, int change) = Braces(text);
        bool isConditional = text.StartsWith('@');
        bool isAlternative = isConditional && _wasConditional; // of several such lines, only one opens the block
        change = isAlternative ? 0 : change;
        _hasExpansions |= text.AsSpan().IndexOfAny("$~@") >= 0;
        _verbatimDepth = isAlternative ? _verbatimDepth : Math.Max(0, _depth - closes);
        var line = new TidyLine(_verbatimDepth, text, remark);
        _lines.Add(line);
        _depth = Math.Max(0, _depth + change);
        _opener = change == 0 && !isConditional ? line : null;
        _wasConditional = isConditional;
    }

    private void AddTokens(string text, string remark, int number)
    {
        _wasConditional = false;
        int first = _lines.Count;
        var words = new List<string>();
        foreach (string token in Tokens(text, number))
        {
            if (token is not ("{" or "}"))
            {
                words.Add(token);
                continue;
            }

            Flush(words);
            if (token == "{")
            {
                Open(number);
            }
            else
            {
                Close(number);
            }
        }

        Flush(words);
        if (_faults.Count > 0)
        {
            return;
        }

        TidyLine last = _lines.Count > first ? _lines[^1] : _opener ?? _lines[^1];
        if (remark.Length > 0 && last.Remark.Length > 0)
        {
            _lines.Add(new TidyLine(_depth, "", remark)); // the opening line has a remark already
        }
        else
        {
            last.Remark += remark;
        }
    }

    private void Flush(List<string> words)
    {
        if (words.Count > 0)
        {
            _opener = new TidyLine(_depth, string.Join(' ', words), "");
            _lines.Add(_opener);
            words.Clear();
        }
    }

    /// <summary>The brace goes to the statement in front of it, wherever it stood.</summary>
    private void Open(int number)
    {
        if (_opener is null || _opener.Text.EndsWith('{') || _opener.Text == "}")
        {
            _faults.Add($"line {number}: there is no keyword in front of this '{{'");
            return;
        }

        _opener.Text += " {";
        _depth++;
        foreach (TidyLine between in _lines.Skip(_lines.LastIndexOf(_opener) + 1))
        {
            between.Depth = _depth;
        }
    }

    private void Close(int number)
    {
        if (_depth == 0 && !_hasExpansions)
        {
            _faults.Add($"line {number}: this '}}' closes nothing");
            return;
        }

        _depth = Math.Max(0, _depth - 1);
        _opener = new TidyLine(_depth, "}", "");
        _lines.Add(_opener);
    }

    private List<string> Tokens(string text, int number)
    {
        var tokens = new List<string>();
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            if (Lexer.IsBlank(text[at]))
            {
                at++;
                continue;
            }

            if (text[at] == '"')
            {
                int close = text.IndexOf('"', at + 1);
                at = close < 0 ? text.Length : close + 1;
                if (close < 0)
                {
                    _faults.Add($"line {number}: a '\"' has no partner before the end of its line");
                }
            }
            else if (text[at] is '{' or '}')
            {
                at++;
            }
            else
            {
                while (at < text.Length && !Lexer.IsBlank(text[at]) && text[at] is not ('"' or '{' or '}'))
                {
                    at++;
                }
            }

            tokens.Add(text[start..at]);
        }

        return tokens;
    }

    /// <summary>How many blocks a line closes before it opens any, and by how much the depth changes.</summary>
    private static (int Closes, int Change) Braces(string text)
    {
        int depth = 0, least = 0;
        char quote = '\0';
        for (int i = 0; i < text.Length; i++)
        {
            i += quote == '\0' ? References.BracedLength(text.AsSpan(i)) : 0;
            if (i >= text.Length)
            {
                break;
            }

            bool isQuote = text[i] is '"' or '\'' && text.IndexOf(text[i], i + 1) >= 0;
            quote = isQuote && quote == '\0' ? text[i] : text[i] == quote ? '\0' : quote;
            depth += quote != '\0' ? 0 : text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            least = Math.Min(least, depth);
        }

        return (-least, depth);
    }

    private static ReadOnlySpan<char> BehindConditions(ReadOnlySpan<char> text)
    {
        while (text.StartsWith('@') && text.IndexOfAny(' ', '\t') is > 0 and int blank)
        {
            text = text[blank..].TrimStart();
        }

        return text;
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text)
    {
        int start = 0, end = text.Length;
        while (start < end && Lexer.IsBlank(text[start]))
        {
            start++;
        }

        while (end > start && Lexer.IsBlank(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private string Write()
    {
        var text = new StringBuilder();
        TidyLine? before = null;
        bool isBlankDue = false;
        foreach (TidyLine line in _lines)
        {
            bool isBlank = line.Text.Length == 0 && line.Remark.Length == 0;
            if (isBlank)
            {
                isBlankDue = true;
                continue;
            }

            bool startsBlock = line is { Depth: 0 } && line.Text.EndsWith('{') && before is { Depth: 0, Text: "}" };
            bool mayPart = before is not null && !before.Text.EndsWith('{') && !line.Text.StartsWith('}');
            text.Append((isBlankDue && mayPart) || startsBlock ? "\n" : "");
            text.Append(' ', line.Depth * IndentSize).Append(line.Text);
            text.Append(line.Text.Length > 0 && line.Remark.Length > 0 ? " " : "").Append(line.Remark).Append('\n');
            (before, isBlankDue) = (line, false);
        }

        return text.ToString();
    }

    /// <summary>A line of the result while it is made.</summary>
    private sealed class TidyLine(int depth, string text, string remark)
    {
        public int Depth { get; set; } = depth;

        public string Text { get; set; } = text;

        public string Remark { get; set; } = remark;
    }
}
