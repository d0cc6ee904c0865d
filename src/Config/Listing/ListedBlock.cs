using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>A block of the configuration in force, as it can be shown.</summary>
/// <param name="Kind">What kind of block it is, as <see cref="KeywordTable"/> names it.</param>
/// <param name="Name">The words behind its keyword; empty if there are none.</param>
/// <param name="Origin">Where it was written; null if nowhere.</param>
/// <param name="Values">Its values, defaults filled in.</param>
/// <param name="Blocks">The blocks inside it.</param>
public sealed record ListedBlock(
    string Kind,
    string Name,
    SourceSpan? Origin,
    ImmutableArray<ListedValue> Values,
    ImmutableArray<ListedBlock> Blocks);

/// <summary>One value in force.</summary>
/// <param name="Keyword">Its keyword; empty for a line of a list.</param>
/// <param name="Text">The value as it would be written; asterisks for a secret.</param>
/// <param name="Origin">Where it was written, here or around here; null: it is the default.</param>
/// <param name="Note">What becomes of it if it is not carried out; null: it is.</param>
public sealed record ListedValue(string Keyword, string Text, SourceSpan? Origin, string? Note);
