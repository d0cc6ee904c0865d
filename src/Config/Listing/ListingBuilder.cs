using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Puts together a <see cref="ListedBlock"/>.</summary>
/// <param name="kind">What kind of block it is.</param>
/// <param name="name">The words behind its keyword.</param>
/// <param name="origin">Where it was written.</param>
/// <param name="origins">Where its values were written.</param>
internal sealed class ListingBuilder(string kind, string name, SourceSpan? origin, Origins origins)
{
    private readonly ImmutableArray<ListedValue>.Builder _values = ImmutableArray.CreateBuilder<ListedValue>();
    private readonly ImmutableArray<ListedBlock>.Builder _blocks = ImmutableArray.CreateBuilder<ListedBlock>();
    private readonly HashSet<string> _listed = [];

    /// <summary>
    /// Adds a value; null is a value that there is not. Where it comes from is looked up by its keyword, then by the
    /// others that say the same, here or in the origins around the block.
    /// </summary>
    public ListingBuilder Add(string keyword, object? value, params string[] synonyms)
    {
        _listed.Add(keyword);
        _listed.UnionWith(synonyms);
        if (Text(value) is { } text)
        {
            Written? written = origins.Of([keyword, .. synonyms]);
            _values.Add(new ListedValue(keyword, text, written?.Span, written is null ? null : NoteOf(keyword)));
        }

        return this;
    }

    /// <summary>Adds a value that comes from around the block unless it is written in it.</summary>
    public ListingBuilder Inherit(string keyword, object? value, Origins around, string aroundKeyword)
    {
        _listed.Add(keyword);
        if (Text(value) is { } text)
        {
            Written? written = origins.Of(keyword) ?? around.Of(aroundKeyword);
            _values.Add(new ListedValue(keyword, text, written?.Span, written is null ? null : NoteOf(keyword)));
        }

        return this;
    }

    /// <summary>Adds a list, a line for each entry; none if it is empty.</summary>
    public ListingBuilder AddLines(string keyword, IEnumerable<(string Text, SourceSpan? Span)> lines)
    {
        _listed.Add(keyword);
        ImmutableArray<ListedValue> values =
            [.. lines.Select(line => new ListedValue("", line.Text, line.Span, NoteOf(keyword)))];
        if (!values.IsEmpty)
        {
            _blocks.Add(new ListedBlock(keyword, "", origins.Of(keyword)?.Span, values, []));
        }

        return this;
    }

    /// <summary>Adds blocks that lie in this one.</summary>
    public ListingBuilder AddBlocks(IEnumerable<ListedBlock> blocks)
    {
        _blocks.AddRange(blocks);
        return this;
    }

    /// <summary>Whether the keyword was written in this block.</summary>
    public bool HasWritten(string keyword) => origins.Of(keyword) is not null;

    /// <summary>Says that a keyword is shown elsewhere.</summary>
    public ListingBuilder Skip(params string[] keywords)
    {
        _listed.UnionWith(keywords);
        return this;
    }

    /// <summary>The block, and in it what was written beside all that: keywords without effect.</summary>
    public ListedBlock Build()
    {
        foreach (Written written in origins.All.Where(one => !_listed.Contains(one.Keyword)))
        {
            if (KeywordCatalog.TryFind(kind, written.Keyword, out _))
            {
                _values.Add(new ListedValue(written.Keyword, written.Text, written.Span, NoteOf(written.Keyword)));
            }
        }

        return new ListedBlock(kind, name, origin, _values.ToImmutable(), _blocks.ToImmutable());
    }

    /// <summary>A default needs no note: nothing has to be done for it.</summary>
    private string? NoteOf(string keyword) => KeywordTable.Verdict(kind, keyword) switch
    {
        KeywordTable.Implemented => null,
        KeywordTable.NotYet => KeywordTable.NotYet,
        _ => "no effect",
    };

    /// <summary>A value as it would be written; null if there is none.</summary>
    private static string? Text(object? value) => value switch
    {
        null => null,
        bool isOn => isOn ? "on" : "off",
        TimeSpan time => FormattableString.Invariant($"{time.TotalSeconds:0.#######}"),
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
