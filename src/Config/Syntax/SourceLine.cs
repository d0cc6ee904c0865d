using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>A part of a line on its way to words, and where it was written.</summary>
/// <param name="Start">Its first character in the line.</param>
/// <param name="Origin">Its file.</param>
/// <param name="Line">The line there, from 1.</param>
/// <param name="Column">The column there, from 1.</param>
/// <param name="Length">
/// Code points of the reference that this part stands in place of; 0 if it stands here as it was written.
/// </param>
internal readonly record struct Part(int Start, Origin Origin, int Line, int Column, int Length)
{
    /// <summary>Whether it was written as it stands.</summary>
    public bool IsVerbatim => Length == 0;
}

/// <summary>The text of a line, without comment, and the places of its parts. It never changes.</summary>
/// <param name="Text">The text, from which replaced references are gone.</param>
/// <param name="Parts">Its parts in order; the first starts at 0.</param>
/// <param name="EndsAtComment">Whether a comment stood right behind the text.</param>
internal sealed record SourceLine(string Text, ImmutableArray<Part> Parts, bool EndsAtComment = false)
{
    /// <summary>The piece between two characters, with the places it had.</summary>
    public SourceLine Slice(int start, int end)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        for (int i = 0; i < Parts.Length; i++)
        {
            Part part = Parts[i];
            int next = i + 1 < Parts.Length ? Parts[i + 1].Start : int.MaxValue;
            if (part.Start >= end || next <= start)
            {
                continue;
            }

            int skipped = Math.Max(0, start - part.Start);
            int columns = part.IsVerbatim && skipped > 0 ? Runes.Count(Text.AsSpan(part.Start, skipped)) : 0;
            parts.Add(part with { Start = Math.Max(0, part.Start - start), Column = part.Column + columns });
        }

        if (parts.Count == 0)
        {
            Part last = Parts[^1];
            int columns = last.IsVerbatim ? Runes.Count(Text.AsSpan(last.Start)) : 0;
            parts.Add(last with { Start = 0, Column = last.Column + columns });
        }

        return new SourceLine(Text[start..end], parts.ToImmutable(), EndsAtComment && end == Text.Length);
    }

    /// <summary>The same without the blanks in front.</summary>
    public SourceLine TrimStart()
    {
        int start = 0;
        while (start < Text.Length && Lexer.IsBlank(Text[start]))
        {
            start++;
        }

        return start == 0 ? this : Slice(start, Text.Length);
    }

    /// <summary>The place of some characters of the line, at least one column wide.</summary>
    public Word Place(int start, int end)
    {
        var cursor = new PlaceCursor(Text, Parts.AsSpan());
        return cursor.Place(start, Math.Max(end, start + 1), "", WordKind.Plain);
    }

    /// <summary>The same text, every part of it explained by a context.</summary>
    public SourceLine In(string context)
    {
        var origins = new Dictionary<Origin, Origin>();
        var parts = ImmutableArray.CreateBuilder<Part>(Parts.Length);
        foreach (Part part in Parts)
        {
            if (!origins.TryGetValue(part.Origin, out Origin? origin))
            {
                origins[part.Origin] = origin = part.Origin with { Context = context };
            }

            parts.Add(part with { Origin = origin });
        }

        return this with { Parts = parts.ToImmutable() };
    }
}

/// <summary>
/// Turns places in a line into places in files. It only goes forward: a line may have millions of words.
/// </summary>
internal ref struct PlaceCursor(ReadOnlySpan<char> text, ReadOnlySpan<Part> parts)
{
    private readonly ReadOnlySpan<char> _text = text;
    private readonly ReadOnlySpan<Part> _parts = parts;
    private int _part, _at, _column = parts[0].Column;

    /// <summary>A word between two characters of the line.</summary>
    public Word Place(int start, int end, string word, WordKind kind, bool isCut = false)
    {
        if (_parts.Length == 1 && _parts[0].IsVerbatim)
        {
            return PlaceVerbatim(start, Math.Min(end, _text.Length), word, kind, isCut);
        }

        MoveTo(start);
        Part first = _parts[_part];
        int column = _column;
        bool endsInPair = end - start > 1 && end <= _text.Length
            && char.IsSurrogatePair(_text[end - 2], _text[end - 1]);
        MoveTo(end - (endsInPair ? 2 : 1));
        Part last = _parts[_part];
        bool isOneLine = last.Line == first.Line && last.Origin.File == first.Origin.File;
        int next = last.IsVerbatim ? _column + 1 : last.Column + last.Length;
        int length = isOneLine ? Math.Max(1, next - column) : Math.Max(1, first.Length);
        Origin origin = first.Origin.Context is null && isOneLine ? last.Origin : first.Origin;
        return new Word(word, kind, first.Line, column, length, isCut) { Origin = origin };
    }

    private Word PlaceVerbatim(int start, int end, string word, WordKind kind, bool isCut)
    {
        ref readonly Part part = ref _parts[0];
        int column = _column + (start > _at ? Runes.Count(_text[_at..start]) : 0);
        int length = end > start ? Runes.Count(_text[start..end]) : 0;
        (_at, _column) = (Math.Max(start, end), column + length);
        return new Word(word, kind, part.Line, column, Math.Max(1, length), isCut) { Origin = part.Origin };
    }

    private void MoveTo(int at)
    {
        while (_part + 1 < _parts.Length && _parts[_part + 1].Start <= at)
        {
            _part++;
            (_at, _column) = (_parts[_part].Start, _parts[_part].Column);
        }

        if (_parts[_part].IsVerbatim && at > _at)
        {
            _column += Runes.Count(_text[_at..Math.Min(at, _text.Length)]);
            _at = at;
        }
    }
}
