using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>What one keyword of a block does to the thing that the block describes.</summary>
/// <param name="Keyword">The keyword.</param>
/// <param name="OpensBlock">Whether it opens a block of its own.</param>
/// <param name="Apply">Takes the statement over.</param>
/// <param name="Words">How many words behind it mean something; those behind them are ignored, loudly.</param>
internal sealed record Rule<TDraft>(
    string Keyword, bool OpensBlock, Action<TDraft, Statement, Reporter> Apply, int Words = 1);

/// <summary>The keywords of one kind of block, and what is said about all other words.</summary>
/// <typeparam name="TDraft">What the block describes while it is being read.</typeparam>
internal sealed class Grammar<TDraft>
{
    private readonly string _block;
    private readonly FrozenDictionary<string, Rule<TDraft>> _rules;
    private readonly ImmutableArray<string> _candidates;

    public Grammar(string block, params Rule<TDraft>[] rules)
    {
        _block = block;
        _rules = rules.ToFrozenDictionary(rule => rule.Keyword);
        IEnumerable<string> known = KeywordCatalog.Of(block).Concat(KeywordCatalog.OwnOf(block));
        _candidates = [.. rules.Select(rule => rule.Keyword), .. known.Order(StringComparer.Ordinal)];
    }

    /// <summary>The keywords with a meaning.</summary>
    public IEnumerable<string> Keywords => _rules.Keys;

    /// <summary>Reads a block statement by statement; what cannot be understood is reported and skipped.</summary>
    /// <param name="body">The block.</param>
    /// <param name="draft">What it describes.</param>
    /// <param name="report">Where findings go.</param>
    /// <param name="skipped">Hears of each statement that was skipped, with what was probably meant.</param>
    public void Read(Block body, TDraft draft, Reporter report, Action<Statement, string?>? skipped = null)
    {
        foreach (Statement statement in body.Statements)
        {
            if (statement.Words.IsEmpty)
            {
                skipped?.Invoke(statement, null);
            }
            else if (!_rules.TryGetValue(statement.Keyword, out Rule<TDraft>? rule))
            {
                string? meant = Refuse(statement, report);
                skipped?.Invoke(statement, meant);
            }
            else if (rule.OpensBlock && statement.Body is null)
            {
                report.Error(statement.Words[0], $"'{rule.Keyword}' needs a block, but there is no '{{' behind it");
                skipped?.Invoke(statement, null);
            }
            else
            {
                Apply(rule, statement, draft, report, skipped);
            }
        }
    }

    private void Apply(
        Rule<TDraft> rule, Statement statement, TDraft draft, Reporter report, Action<Statement, string?>? skipped)
    {
        if (!rule.OpensBlock && statement.Body is { } body)
        {
            report.Error(body.Open, $"'{rule.Keyword}' does not open a block; the block is skipped");
            skipped?.Invoke(statement, null);
        }

        WarnOfIgnored(rule, statement, report);
        int errors = report.ErrorCount;
        rule.Apply(draft, statement, report);
        bool isRead = report.ErrorCount == errors;
        if (isRead && draft is BlockDraft block)
        {
            block.Note(_block, statement, report);
        }

        bool isTold = !isRead && !rule.OpensBlock;
        if (!isTold && (NoEffect.Report(_block, statement, report) | Unwired.Report(_block, statement, report)))
        {
            skipped?.Invoke(statement, null);
        }
    }

    /// <summary>keepalived ignores words that it needs none of; what was meant by them is lost.</summary>
    private void WarnOfIgnored(Rule<TDraft> rule, Statement statement, Reporter report)
    {
        if (statement.Words.Length <= 1 + rule.Words)
        {
            return;
        }

        Word word = statement.Words[1 + rule.Words];
        Word rest = word.To(statement.Words[^1]);
        bool isComment = word.Kind == WordKind.Plain
            && (word.Text.StartsWith("//", StringComparison.Ordinal)
                || word.Text.StartsWith("/*", StringComparison.Ordinal));
        if (word.Kind == WordKind.Plain && _rules.ContainsKey(word.Text))
        {
            report.Warning(word, $"'{word.Text}' is ignored here: every keyword needs a line of its own");
        }
        else if (isComment)
        {
            report.Warning(rest, "this is ignored, but it is no comment: comments start with '!' or '#'");
        }
        else if (Secrets.IsSecret(_block, rule.Keyword))
        {
            report.Warning(rest, "this is ignored: a secret with blanks in it needs double quotes");
        }
        else
        {
            string count = rule.Words switch { 0 => "no word", 1 => "one word", _ => $"{rule.Words} words" };
            report.Warning(rest, $"this is ignored: '{rule.Keyword}' takes {count}");
        }
    }

    /// <summary>Says why a statement has no rule. Returns what was probably meant.</summary>
    private string? Refuse(Statement statement, Reporter report)
    {
        Word keyword = statement.Words[0];
        string quoted = Reporter.Quote(keyword.Text);
        string blockSkipped = statement.Body is null ? "" : "; its block is skipped";
        if (!report.ListsErrors)
        {
            report.Error(keyword, "");
            return null;
        }

        string[] homes = [.. KeywordCatalog.HomesOf(keyword.Text).Take(3)];
        string? suggestion = null;
        if (KeywordCatalog.Advice(keyword.Text) is { } advice)
        {
            report.Error(keyword, $"{quoted} is a word of old keepalived versions; {advice}");
        }
        else if (keyword.Text.StartsWith("//", StringComparison.Ordinal)
            || keyword.Text.StartsWith("/*", StringComparison.Ordinal))
        {
            report.Error(keyword, $"{quoted} is not a comment: comments start with '!' or '#'");
        }
        else if (homes.Length > 0)
        {
            string place = string.Join(", ", homes);
            report.Error(keyword, $"{quoted} has no place in {_block}; it belongs in {place}{blockSkipped}");
        }
        else
        {
            suggestion = Spelling.Nearest(keyword.Text, _candidates);
            report.Error(keyword, $"unknown keyword {quoted}{blockSkipped}", suggestion);
        }

        return suggestion;
    }
}
