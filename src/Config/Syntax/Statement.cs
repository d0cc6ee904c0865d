using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>The words of one line, or of one part of it between braces, and the block they open, if they do.</summary>
internal sealed class Statement(ImmutableArray<Word> words)
{
    /// <summary>All words; empty only for a block without a keyword.</summary>
    public ImmutableArray<Word> Words { get; } = words;

    /// <summary>The first word's text.</summary>
    public string Keyword => Words.IsEmpty ? "" : Words[0].Text;

    /// <summary>The block it opens. Set once, while the tree is built.</summary>
    public Block? Body { get; set; }

    /// <summary>The place of the words, or of the first <paramref name="count"/> if there are more.</summary>
    public Word Header(int count = int.MaxValue) =>
        Words.IsEmpty ? Body!.Open : Words[0].To(Words[System.Math.Min(count, Words.Length) - 1]);
}

/// <summary>The statements between two braces.</summary>
/// <param name="open">The opening brace, or the word behind which it is missing.</param>
internal sealed class Block(Word open)
{
    /// <summary>The opening brace.</summary>
    public Word Open { get; } = open;

    /// <summary>What stands inside, in order.</summary>
    public List<Statement> Statements { get; } = [];

    /// <summary>Whether a statement with this keyword stands inside.</summary>
    public bool Mentions(string keyword) => Statements.Any(statement => statement.Keyword == keyword);
}
