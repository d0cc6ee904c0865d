using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>One keyword of a block as it was written, of all its lines the one that counts: the last.</summary>
/// <param name="Keyword">The keyword.</param>
/// <param name="Text">The words behind it; asterisks where they are secret.</param>
/// <param name="Span">Its place in the file.</param>
public sealed record Written(string Keyword, string Text, SourceSpan Span);

/// <summary>
/// Where the values of a block come from. A keyword that is not here has its default; one that was inherited has the
/// place where it was written. Two origins are always equal: where something stands does not make it something else.
/// </summary>
public sealed class Origins
{
    private readonly FrozenDictionary<string, Written> _written;

    internal Origins(IEnumerable<Written> written) => _written = written.ToFrozenDictionary(one => one.Keyword);

    /// <summary>Nothing was written.</summary>
    public static Origins None { get; } = new([]);

    /// <summary>All that was written, in the order of the file.</summary>
    public IEnumerable<Written> All => _written.Values.OrderBy(one => one.Span.Line).ThenBy(one => one.Span.Column);

    /// <summary>What was written with the first of these keywords that was; null: the value is the default.</summary>
    public Written? Of(params string[] keywords)
    {
        foreach (string keyword in keywords)
        {
            if (_written.TryGetValue(keyword, out Written? written))
            {
                return written;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Origins;

    /// <inheritdoc/>
    public override int GetHashCode() => 0;
}
