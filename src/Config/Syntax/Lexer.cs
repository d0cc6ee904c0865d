using System;
using System.Buffers;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>Cuts text into lines of words by keepalived's rules; see <c>README.md</c> of this project.</summary>
/// <remarks>
/// Blanks separate words; <c>!</c> and <c>#</c> start a comment anywhere outside double quotes, also inside a word;
/// a double quote starts a word that ends at the next one; braces outside quotes are words wherever they stand.
/// </remarks>
internal ref struct Lexer
{
    private const char ByteOrderMark = '\uFEFF', NoBreakSpace = '\u00A0', IdeographicSpace = '\u3000';

    private static readonly SearchValues<char> VariableCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_ ");

    private readonly ReadOnlySpan<char> _text;
    private readonly Reporter _report;
    private int _at, _line, _column;
    private bool _foreignBlankSeen;

    private Lexer(string text, Reporter report)
    {
        _text = text;
        _report = report;
        (_at, _line, _column) = (text.StartsWith(ByteOrderMark) ? 1 : 0, 1, 1);
    }

    /// <summary>The lines of <paramref name="text"/> that have words, in order.</summary>
    public static List<ImmutableArray<Word>> Read(string text, Reporter report)
    {
        var lexer = new Lexer(text, report);
        var lines = new List<ImmutableArray<Word>>();
        while (lexer._at < text.Length)
        {
            ImmutableArray<Word> words = lexer.ReadLine();
            if (!words.IsEmpty)
            {
                lines.Add(words);
            }
        }

        return lines;
    }

    private ImmutableArray<Word> ReadLine()
    {
        ImmutableArray<Word>.Builder words = ImmutableArray.CreateBuilder<Word>();
        while (_at < _text.Length && _text[_at] != '\n')
        {
            char c = _text[_at];
            if (IsBlank(c))
            {
                NoticeForeignBlank(c);
                Advance();
            }
            else if (IsComment(c))
            {
                SkipToEndOfLine();
            }
            else
            {
                words.Add(ReadWord(c));
            }
        }

        _at++;
        (_line, _column) = (_line + 1, 1);
        return words.DrainToImmutable();
    }

    private Word ReadWord(char first)
    {
        if (first is '{' or '}')
        {
            int column = _column;
            Advance();
            return new Word(first.ToString(), first == '{' ? WordKind.Open : WordKind.Close, _line, column, 1);
        }

        return first == '"' ? ReadQuoted() : ReadPlain();
    }

    private Word ReadPlain()
    {
        (int start, int column) = (_at, _column);
        int variableEnd = _at;
        while (_at < _text.Length && (_at < variableEnd || !EndsPlain(_text[_at])))
        {
            variableEnd = Math.Max(variableEnd, _at + VariableLength(_text[_at..]));
            Advance();
        }

        bool isCut = _at < _text.Length && IsComment(_text[_at]);
        string text = _text[start.._at].ToString();
        return new Word(text, WordKind.Plain, _line, column, _column - column, isCut);
    }

    private Word ReadQuoted()
    {
        int column = _column;
        Advance();
        int start = _at;
        while (_at < _text.Length && _text[_at] is not ('"' or '\n'))
        {
            Advance();
        }

        ReadOnlySpan<char> inside = _text[start.._at];
        bool isClosed = _at < _text.Length && _text[_at] == '"';
        if (isClosed)
        {
            Advance();
        }

        string text = (isClosed ? inside : inside.TrimEnd('\r')).ToString();
        var word = new Word(text, WordKind.Quoted, _line, column, _column - column);
        if (!isClosed)
        {
            _report.Error(word with { Length = 1 }, "this '\"' has no partner before the end of its line");
        }

        return word;
    }

    private void SkipToEndOfLine()
    {
        int length = _text[_at..].IndexOf('\n');
        _at = length < 0 ? _text.Length : _at + length;
    }

    private void NoticeForeignBlank(char c)
    {
        if (c is NoBreakSpace or IdeographicSpace && !_foreignBlankSeen)
        {
            _foreignBlankSeen = true;
            string name = c == NoBreakSpace ? "no-break space (U+00A0)" : "ideographic space (U+3000)";
            var word = new Word("", WordKind.Plain, _line, _column, 1);
            _report.Notice(word, $"{name} taken as a blank, here and in the rest of the file; keepalived would not");
        }
    }

    /// <summary>One char on; the second half of a surrogate pair is not a column of its own.</summary>
    private void Advance()
    {
        bool pair = char.IsHighSurrogate(_text[_at])
            && _at + 1 < _text.Length
            && char.IsLowSurrogate(_text[_at + 1]);
        _at += pair ? 2 : 1;
        _column++;
    }

    /// <summary>The length of a variable in braces at the start of the text: its braces open no block.</summary>
    private static int VariableLength(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("${"))
        {
            return 0;
        }

        int name = text[2..].IndexOfAnyExcept(VariableCharacters) + 2;
        return name > 2 && text[name] == '}' ? name + 1 : 0;
    }

    private static bool IsComment(char c) => c is '!' or '#';

    private static bool IsBlank(char c) =>
        c is ' ' or '\t' or '\r' or '\v' or '\f' or NoBreakSpace or IdeographicSpace;

    private static bool EndsPlain(char c) => c is '\n' or '"' or '{' or '}' || IsBlank(c) || IsComment(c);
}
