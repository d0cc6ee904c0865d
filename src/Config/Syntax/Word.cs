using System;

namespace XdpLvs.Config;

/// <summary>What a word is to the grammar.</summary>
internal enum WordKind : byte
{
    /// <summary>Text between blanks.</summary>
    Plain,

    /// <summary>Text between double quotes, which are not part of it.</summary>
    Quoted,

    /// <summary>An opening brace.</summary>
    Open,

    /// <summary>A closing brace.</summary>
    Close,
}

/// <summary>One word and its place. Columns and lengths count code points; quotes count as part of the place.</summary>
/// <param name="Text">The word without quotes.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Length">How many code points it covers.</param>
/// <param name="IsCut">Whether a comment starts right behind it, with no blank in between.</param>
internal readonly record struct Word(
    string Text, WordKind Kind, int Line, int Column, int Length, bool IsCut = false)
{
    /// <summary>The file it stands in, and the expansion it came out of; null in the file that was asked for.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The place from the first of two words to the end of the second, if both stand in one line.</summary>
    public Word To(Word last) => last.Line == Line && last.Origin?.File == Origin?.File
        ? this with { Length = Math.Max(Length, last.Column + last.Length - Column) }
        : this;
}
