using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>
/// What a variable stands for. Its own references are replaced where it is used, not where it is defined.
/// </summary>
/// <param name="Name">The name, without dollar sign.</param>
/// <param name="Lines">The value: one line, or those that <c>\</c> joined.</param>
/// <param name="IsMultiline">Whether <c>\</c> joined it, even if only one line is left.</param>
/// <param name="Context">What a message says about a word that came from it.</param>
internal sealed record Definition(string Name, ImmutableArray<SourceLine> Lines, bool IsMultiline, string Context);
