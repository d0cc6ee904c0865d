using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>A block while it is being read: it remembers where its values come from.</summary>
internal class BlockDraft
{
    private readonly Dictionary<string, Written> _written = [];

    /// <summary>Where the values read so far come from.</summary>
    public Origins Origins => new(_written.Values);

    /// <summary>Takes note of a statement that was read without an error.</summary>
    public void Note(string blockName, Statement statement, Reporter report)
    {
        string text = Secrets.IsSecret(blockName, statement.Keyword) && statement.Words.Length > 1
            ? Secret.Mask
            : string.Join(' ', statement.Words.Skip(1).Select(word => word.Text));
        _written[statement.Keyword] = new Written(statement.Keyword, text, report.Span(statement.Header()));
    }

    /// <summary>Takes over where values come from that were written around this block and not in it.</summary>
    public void InheritOrigins(BlockDraft outer, IEnumerable<string> keywords)
    {
        foreach (string keyword in keywords)
        {
            if (outer._written.TryGetValue(keyword, out Written? written))
            {
                _written.TryAdd(keyword, written);
            }
        }
    }
}

/// <summary>A block of which every keyword changes one value of an immutable model.</summary>
/// <param name="initial">The model with its defaults.</param>
internal sealed class Draft<TModel>(TModel initial) : BlockDraft
{
    /// <summary>The model as far as it was read.</summary>
    public TModel Model { get; set; } = initial;

    /// <summary>Something was reported that the thing must not be used with.</summary>
    public bool IsLeftOut { get; set; }

    /// <summary>It is understood, but something that is not carried out yet keeps it from running.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Reads a block into a model.</summary>
    public static Draft<TModel> Read(Grammar<Draft<TModel>> grammar, Statement block, TModel initial, Reporter report)
    {
        var draft = new Draft<TModel>(initial);
        grammar.Read(block.Body!, draft, report);
        return draft;
    }
}
