using System;
using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace XdpLvs.Config;

/// <summary>Cuts one line, whose comment is gone, into words by keepalived's rules; see <c>README.md</c>.</summary>
/// <remarks>
/// Blanks separate words; a double quote starts a word that ends at the next one; braces outside quotes are words
/// wherever they stand. Behind the keyword of a script, <see cref="ScriptWords"/> has the rules.
/// </remarks>
internal ref struct Lexer
{
    private const char NoBreakSpace = '\u00A0', IdeographicSpace = '\u3000';

    private static readonly SearchValues<char> Stops = SearchValues.Create(" \t\r\v\f\u00A0\u3000\"{}\\$");

    private readonly ReadOnlySpan<char> _text;
    private readonly bool _endsAtComment;
    private readonly WordPool _pool;
    private readonly Reporter _report;
    private readonly ImmutableArray<Word>.Builder _words;
    private PlaceCursor _places;
    private int _at;
    private bool _isScript, _isFirst;

    private Lexer(
        ReadOnlySpan<char> text,
        ReadOnlySpan<Part> parts,
        bool endsAtComment,
        WordPool pool,
        ImmutableArray<Word>.Builder words,
        Reporter report)
    {
        _text = text;
        (_endsAtComment, _pool, _words, _report) = (endsAtComment, pool, words, report);
        _places = new PlaceCursor(text, parts);
        _isFirst = true;
    }

    /// <summary>Whether a character separates words.</summary>
    public static bool IsBlank(char c) =>
        c is ' ' or '\t' or '\r' or '\v' or '\f' or NoBreakSpace or IdeographicSpace;

    /// <summary>Adds the words of a line to <paramref name="words"/>.</summary>
    public static void Read(
        ReadOnlySpan<char> text,
        ReadOnlySpan<Part> parts,
        bool endsAtComment,
        WordPool pool,
        ImmutableArray<Word>.Builder words,
        Reporter report)
    {
        var lexer = new Lexer(text, parts, endsAtComment, pool, words, report);
        lexer.Read();
    }

    private void Read()
    {
        while (_at < _text.Length)
        {
            char c = _text[_at];
            if (IsBlank(c))
            {
                NoticeForeignBlank(c);
                int next = _text[_at..].IndexOfAnyExcept(' ', '\t');
                _at = next < 0 ? _text.Length : _at + Math.Max(1, next);
            }
            else if (c is '{' or '}')
            {
                Add(_at, ++_at, c == '{' ? "{" : "}", c == '{' ? WordKind.Open : WordKind.Close);
                (_isScript, _isFirst) = (false, true);
            }
            else if (_isScript)
            {
                ReadScriptWord();
            }
            else
            {
                ReadWord(c);
            }
        }
    }

    private void ReadWord(char first)
    {
        int index = _words.Count;
        if (first == '"')
        {
            ReadQuoted();
        }
        else
        {
            ReadPlain();
        }

        _isScript = _isFirst && ScriptWords.IsScript(_words[index].Text);
        _isFirst = false;
    }

    private void ReadPlain()
    {
        int start = _at;
        bool isEscaped = false;
        while (_at < _text.Length)
        {
            int next = _text[_at..].IndexOfAny(Stops);
            _at = next < 0 ? _text.Length : _at + next;
            int step = next < 0 ? 0 : StepOver(_text[_at..], ref isEscaped);
            if (step == 0)
            {
                break;
            }

            _at += step;
        }

        ReadOnlySpan<char> word = _text[start.._at];
        Add(start, _at, isEscaped ? Unescape(word) : _pool.Get(word), WordKind.Plain);
    }

    private void ReadQuoted()
    {
        int start = _at++;
        int length = _text[_at..].IndexOf('"');
        bool isClosed = length >= 0;
        ReadOnlySpan<char> inside = isClosed ? _text.Slice(_at, length) : _text[_at..].TrimEnd('\r');
        _at = isClosed ? _at + length + 1 : _text.Length;
        Add(start, _at, _pool.Get(inside), WordKind.Quoted);
        if (!isClosed)
        {
            _report.Error(_words[^1] with { Length = 1 }, "this '\"' has no partner before the end of its line");
        }
    }

    private void ReadScriptWord()
    {
        int start = _at;
        string word = ScriptWords.Take(_text, ref _at, out char open);
        bool isQuoted = _text[start] is '"' or '\'';
        Add(start, _at, word, isQuoted ? WordKind.Quoted : WordKind.Plain);
        if (open != '\0')
        {
            Word place = _words[^1] with { Length = isQuoted ? 1 : _words[^1].Length };
            _report.Error(place, open == '\\'
                ? "nothing stands behind this word's '\\'"
                : $"this word's {open} has no partner before the end of its line");
        }
    }

    private void Add(int start, int end, string text, WordKind kind)
    {
        bool isCut = _endsAtComment && end == _text.Length && kind == WordKind.Plain;
        _words.Add(_places.Place(start, end, text, kind, isCut));
    }

    private readonly void NoticeForeignBlank(char c)
    {
        if (c is NoBreakSpace or IdeographicSpace && _report.IsFirst(nameof(NoticeForeignBlank)))
        {
            string name = c == NoBreakSpace ? "no-break space (U+00A0)" : "ideographic space (U+3000)";
            PlaceCursor places = _places; // a copy: the cursor only goes forward
            _report.Notice(
                places.Place(_at, _at + 1, "", WordKind.Plain),
                $"{name} taken as a blank, here and in the rest of the file; keepalived would not");
        }
    }

    /// <summary>How much of a word starts at a character that may end it; 0 if it does.</summary>
    private static int StepOver(ReadOnlySpan<char> text, ref bool isEscaped)
    {
        bool isEscape = IsEscape(text);
        isEscaped |= isEscape;
        return isEscape ? 2 : text[0] is '\\' or '$' ? Math.Max(1, References.BracedLength(text)) : 0;
    }

    /// <summary>keepalived 2.4: a backslash keeps <c>#</c> and <c>!</c> from starting a comment.</summary>
    private static bool IsEscape(ReadOnlySpan<char> text) => text is ['\\', '#' or '!', ..];

    private static string Unescape(ReadOnlySpan<char> word)
    {
        var text = new StringBuilder(word.Length);
        for (int i = 0; i < word.Length; i++)
        {
            i += IsEscape(word[i..]) ? 1 : 0;
            text.Append(word[i]);
        }

        return text.ToString();
    }
}
