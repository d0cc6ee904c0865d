using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Turns lines of words into a tree of statements, whatever the braces look like.</summary>
/// <remarks>
/// When the file has more braces of one kind than of the other, the missing ones are put where a keyword shows that
/// they belong, so that one missing brace is one error. The tree may be deep: nothing here recurses.
/// </remarks>
internal sealed class TreeBuilder
{
    /// <summary>Keywords that always open a block and whose lines can stand nowhere else.</summary>
    private static readonly FrozenSet<string> AlwaysBlocks = new[]
    {
        "global_defs", "vrrp_instance", "authentication", "virtual_ipaddress", "virtual_ipaddress_excluded",
        "virtual_server", "real_server", "vrrp_script", "vrrp_sync_group", "virtual_server_group",
        "TCP_CHECK", "HTTP_GET", "SSL_GET", "SMTP_CHECK", "DNS_CHECK", "MISC_CHECK", "UDP_CHECK", "url",
    }.ToFrozenSet();

    /// <summary>Keywords that never stand inside a block.</summary>
    private static readonly FrozenSet<string> AlwaysOnTop = new[]
    {
        "global_defs", "vrrp_instance", "virtual_server", "vrrp_script", "vrrp_sync_group", "virtual_server_group",
        "bfd_instance",
    }.ToFrozenSet();

    private const int LostBracesMax = 8; // the deepest block of keepalived is half of that

    private readonly Reporter _report;
    private readonly Stack<(Statement? Owner, Block Block)> _open = [];
    private int _surplusOpens, _surplusCloses;

    private TreeBuilder(List<ImmutableArray<Word>> lines, Reporter report)
    {
        _report = report;
        _open.Push((null, new Block(default)));
        foreach (ImmutableArray<Word> line in lines)
        {
            foreach (ref readonly Word word in line.AsSpan())
            {
                _surplusOpens += word.Kind == WordKind.Open ? 1 : word.Kind == WordKind.Close ? -1 : 0;
            }
        }

        _surplusCloses = -_surplusOpens;
    }

    private Block Current => _open.Peek().Block;

    /// <summary>The whole file as one block.</summary>
    public static Block Build(List<ImmutableArray<Word>> lines, Reporter report)
    {
        var builder = new TreeBuilder(lines, report);
        for (int i = 0; i < lines.Count; i++)
        {
            builder.AddLine(lines[i], i + 1 < lines.Count ? lines[i + 1][0] : null);
        }

        return builder.Finish();
    }

    private void AddLine(ImmutableArray<Word> line, Word? behind)
    {
        int start = 0;
        for (int i = 0; i <= line.Length; i++)
        {
            bool isBrace = i < line.Length && line[i].Kind is WordKind.Open or WordKind.Close;
            if (!isBrace && i < line.Length)
            {
                continue;
            }

            if (i > start)
            {
                AddStatement(new Statement(i - start == line.Length ? line : line[start..i]));
            }

            if (isBrace && line[i].Kind == WordKind.Open)
            {
                OpenBlock(line[i]);
            }
            else if (isBrace)
            {
                CloseBlock(line[i], i + 1 < line.Length ? line[i + 1] : behind);
            }

            start = i + 1;
        }
    }

    private void AddStatement(Statement statement)
    {
        OpenMissingBlock();
        CloseMissingBlocks(statement);
        Current.Statements.Add(statement);
    }

    private void OpenBlock(Word brace)
    {
        Statement? owner = Current.Statements.LastOrDefault();
        if (owner is not { Body: null })
        {
            _report.Error(brace, "there is no keyword in front of this '{'; the block is skipped");
            owner = new Statement([]);
            Current.Statements.Add(owner);
        }

        Push(owner, brace);
    }

    private void Push(Statement owner, Word brace)
    {
        owner.Body = new Block(brace);
        _open.Push((owner, owner.Body));
    }

    private void CloseBlock(Word brace, Word? next)
    {
        OpenMissingBlock();
        if (_open.Count == 1 || ClosesTooEarly(next))
        {
            _surplusCloses--;
            _report.Error(brace, "this '}' closes nothing");
            return;
        }

        _open.Pop();
    }

    /// <summary>With too many closing braces around, a block keyword without '{' has lost its own.</summary>
    private void OpenMissingBlock()
    {
        Statement? last = _surplusCloses > 0 ? Current.Statements.LastOrDefault() : null;
        if (last is { Body: null } && AlwaysBlocks.Contains(last.Keyword))
        {
            _surplusCloses--;
            _report.Error(last.Header(), $"'{last.Keyword}' opens a block, but the '{{' is missing behind it");
            Push(last, last.Words[^1]);
        }
    }

    /// <summary>With too many opening braces around, a keyword in an impossible place shows where one ended.</summary>
    private void CloseMissingBlocks(Statement statement)
    {
        int depth = DepthAboveHome(statement.Keyword);
        if (depth == 0 || depth > _surplusOpens)
        {
            return;
        }

        for (; depth > 0; depth--)
        {
            _surplusOpens--;
            (Statement? owner, Block block) = _open.Pop();
            Word next = statement.Words[0];
            string where = next.Origin?.File == block.Open.Origin?.File ? "in" : $"of {next.Origin?.File},";
            string before = $"'{statement.Keyword}' {where} line {next.Line}";
            _report.Error(block.Open, $"{Describe(owner)} is not closed: its '}}' is missing before {before}");
        }
    }

    /// <summary>How many open blocks stand between here and where the keyword can stand.</summary>
    private int DepthAboveHome(string keyword)
    {
        if (_surplusOpens <= 0)
        {
            return 0;
        }

        if (AlwaysOnTop.Contains(keyword))
        {
            return _open.Count - 1;
        }

        var homes = KeywordCatalog.HomesOf(keyword).ToHashSet();
        int depth = 0;
        foreach ((Statement? owner, _) in _open.Take(homes.Count == 0 ? 0 : Math.Min(_surplusOpens, LostBracesMax) + 1))
        {
            if (homes.Contains(owner?.Keyword ?? KeywordCatalog.Top))
            {
                return depth;
            }

            depth++;
        }

        return 0;
    }

    /// <summary>
    /// With too many closing braces around, one is wrong if what follows belongs into the block that it would close,
    /// and not around that.
    /// </summary>
    private bool ClosesTooEarly(Word? next)
    {
        if (_surplusCloses <= 0 || next is not { Kind: WordKind.Plain } word)
        {
            return false;
        }

        var homes = KeywordCatalog.HomesOf(word.Text).ToHashSet();
        string inner = _open.Peek().Owner?.Keyword ?? KeywordCatalog.Top;
        string outer = _open.ElementAt(1).Owner?.Keyword ?? KeywordCatalog.Top;
        return homes.Contains(inner) && !homes.Contains(outer);
    }

    private Block Finish()
    {
        OpenMissingBlock();
        while (_open.Count > 1)
        {
            (Statement? owner, Block block) = _open.Pop();
            _report.Error(block.Open, $"{Describe(owner)} is not closed: its '}}' is missing");
        }

        return Current;
    }

    private static string Describe(Statement? owner) =>
        string.IsNullOrEmpty(owner?.Keyword) ? "this block" : $"the block of {Reporter.Quote(owner.Keyword)}";
}
