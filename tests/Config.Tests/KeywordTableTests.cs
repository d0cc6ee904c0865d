using System;
using System.IO;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Every keyword has a verdict in <c>docs/keywords.md</c>, which <c>UPDATE_CASES=1</c> writes.</summary>
public sealed class KeywordTableTests
{
    private static readonly string Document = Path.Combine(Sample.Root, "docs", "keywords.md");

    [Fact]
    public void The_document_is_what_the_code_says()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1")
        {
            File.WriteAllText(Document, KeywordTable.Markdown());
        }

        Assert.Equal(File.ReadAllText(Document), KeywordTable.Markdown());
    }

    [Fact]
    public void Every_keyword_of_keepalived_is_read_in_its_block() =>
        Assert.All(KeywordCatalogTests.Grammars, grammar => Assert.Empty(
            KeywordCatalog.Of(grammar.Block).Concat(KeywordCatalog.OwnOf(grammar.Block)).Except(grammar.Keywords)));

    [Fact]
    public void Every_block_of_keepalived_has_a_grammar() =>
        Assert.Empty(KeywordCatalog.BlockNames.Except(KeywordCatalogTests.Grammars.Select(grammar => grammar.Block)));

    [Fact]
    public void What_is_not_carried_out_is_a_keyword_of_its_block()
    {
        Assert.All(Unwired.Entries.Where(one => one.Block != "virtual_ipaddress" && !one.What.StartsWith('(')), one =>
            Assert.True(
                KeywordCatalog.TryFind(one.Block, one.What, out _)
                    || KeywordCatalog.OwnOf(one.Block).Contains(one.What),
                $"{one}"));
        Assert.All(Unwired.Entries.Where(one => one.Block == "virtual_ipaddress"), one =>
            Assert.Contains(one.What, VirtualAddressReader.Options));
    }

    [Fact]
    public void What_has_no_effect_is_a_keyword_of_its_block_and_of_no_other_list()
    {
        Assert.All(NoEffect.Entries.Where(one => !one.Keyword.StartsWith('(')), one =>
        {
            Assert.True(KeywordCatalog.TryFind(one.Block, one.Keyword, out _), $"{one}");
            Assert.False(Unwired.Has(one.Block, one.Keyword), $"{one}");
        });
    }

    [Theory]
    [InlineData("global_defs", "router_id", "implemented")]
    [InlineData("global_defs", "flow_table_size", "implemented")]
    [InlineData("global_defs", "vrrp_priority", "no effect: XdpLvs is one process")]
    [InlineData("vrrp_instance", "priority", "implemented")]
    [InlineData("virtual_server", "persistence_engine", "refused: the forwarder reads no Call-ID")]
    [InlineData("virtual_server", "lb_algo", "implemented")]
    [InlineData("TCP_CHECK", "connect_port", "implemented")]
    public void A_keyword_has_one_verdict(string block, string keyword, string verdict) =>
        Assert.StartsWith(verdict, KeywordTable.Verdict(block, keyword));

    [Theory]
    [InlineData("| `priority` | implemented | `100` |")]
    [InlineData("| `advert_int` | implemented | `1` |")]
    [InlineData("| `lvs_timeouts` | implemented | `tcp 900 tcpfin 120 udp 300` |")]
    [InlineData("| `offload` (XdpLvs's own) | implemented | `auto` |")]
    public void Defaults_are_those_of_the_model(string line) => Assert.Contains(line, KeywordTable.Markdown());
}
