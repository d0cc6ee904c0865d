using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>Reads blocks that have a name behind their keyword, unique in the file.</summary>
internal static class Named
{
    /// <summary>What is made of each; a second one of a name is reported and left out.</summary>
    public static ImmutableArray<TModel> ReadAll<TModel>(
        IEnumerable<Statement> blocks, Reporter report, Func<Statement, string, Word, TModel?> read)
        where TModel : class
    {
        ImmutableArray<TModel>.Builder all = ImmutableArray.CreateBuilder<TModel>();
        var names = new HashSet<string>();
        foreach (Statement block in blocks)
        {
            Word header = block.Header(2);
            if (!report.TryWord(block, "a name", out Word name))
            {
                continue;
            }

            if (!names.Add(name.Text))
            {
                report.Error(
                    header, $"{block.Keyword} {Reporter.Quote(name.Text)} exists already; this one is left out");
            }
            else if (read(block, name.Text, header) is { } model)
            {
                all.Add(model);
            }
        }

        return all.ToImmutable();
    }
}
