using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The list of keepalived's keywords agrees with the grammars.</summary>
public sealed class KeywordCatalogTests
{
    [Fact]
    public void Every_keyword_with_a_meaning_is_one_of_keepalived()
    {
        (string Block, IEnumerable<string> Keywords)[] grammars =
        [
            (KeywordCatalog.Top, ModelReader.Grammar.Keywords),
            ("global_defs", GlobalReader.Grammar.Keywords),
            ("vrrp_instance", VrrpReader.Grammar.Keywords),
            ("authentication", VrrpReader.AuthenticationGrammar.Keywords),
            ("virtual_server", VirtualServerReader.Grammar.Keywords),
            ("real_server", RealServerReader.Grammar.Keywords),
            ("TCP_CHECK", RealServerReader.TcpCheckGrammar.Keywords.Except(["nb_get_retry"])),
        ];

        Assert.All(grammars, grammar =>
            Assert.Subset(KeywordCatalog.Of(grammar.Block).ToHashSet(), grammar.Keywords.ToHashSet()));
    }

    [Theory]
    [InlineData("global_defs", "vrrp_strict", true, false)]
    [InlineData("global_defs", "enable_snmp_vrrp", true, true)]
    [InlineData("vrrp_instance", "track_script", true, false)]
    [InlineData("vrrp_instance", "notify_master", true, true)]
    [InlineData("virtual_server", "sorry_server", true, false)]
    [InlineData("real_server", "uthreshold", true, false)]
    [InlineData("real_server", "notify_down", true, true)]
    [InlineData("real_server", "lb_algo", false, false)]
    public void A_keyword_has_its_block_and_its_weight(string block, string keyword, bool isThere, bool isCosmetic)
    {
        Assert.Equal(isThere, KeywordCatalog.TryFind(block, keyword, out bool cosmetic));
        Assert.Equal(isCosmetic, cosmetic);
    }

    [Fact]
    public void The_list_is_complete()
    {
        string[] blocks = [.. KeywordCatalog.HomesOf("delay_loop"), .. KeywordCatalog.HomesOf("interval")];

        Assert.Equal(["virtual_server", "real_server", "TCP_CHECK"], blocks.Take(3));
        Assert.Equal("vrrp_script", blocks[^1]);
        Assert.Equal(10, KeywordCatalog.Checkers.Length);
        Assert.Equal(25 + 140, KeywordCatalog.Of(KeywordCatalog.Top).Concat(KeywordCatalog.Of("global_defs")).Count());
    }
}
