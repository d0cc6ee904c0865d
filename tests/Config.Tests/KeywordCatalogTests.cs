using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The list of keepalived's keywords agrees with the grammars.</summary>
public sealed class KeywordCatalogTests
{
    /// <summary>The grammars of all blocks.</summary>
    internal static (string Block, IEnumerable<string> Keywords)[] Grammars { get; } =
    [
        (KeywordCatalog.Top, ModelReader.Grammar.Keywords),
        ("global_defs", GlobalReader.Grammar.Keywords),
        ("vrrp_instance", VrrpReader.Grammar.Keywords),
        ("authentication", AuthenticationReader.Grammar.Keywords),
        ("auth_hmac", AuthenticationReader.HmacGrammar.Keywords),
        ("vrrp_sync_group", SyncGroupReader.Grammar.Keywords),
        ("track_group", SyncGroupReader.TrackGroupGrammar.Keywords),
        ("garp_group", StaticReader.GarpGrammar.Keywords),
        ("SSL", StaticReader.TlsGrammar.Keywords),
        ("vrrp_script", TrackedReader.ScriptGrammar.Keywords),
        ("track_file", TrackedReader.FileGrammar.Keywords),
        ("vrrp_track_process", TrackedReader.ProcessGrammar.Keywords),
        ("bfd_instance", BfdReader.Grammar.Keywords),
        ("virtual_server", VirtualServerReader.Grammar.Keywords),
        ("real_server", RealServerReader.Grammar.Keywords),
        ("TCP_CHECK", CheckReader.TcpGrammar.Keywords.Except(["nb_get_retry"])),
        ("HTTP_GET", HttpReader.HttpGrammar.Keywords),
        ("SSL_GET", HttpReader.SslGrammar.Keywords),
        ("url", HttpReader.UrlGrammar.Keywords),
        ("SMTP_CHECK", OtherChecks.SmtpGrammar.Keywords.Except(["nb_get_retry"])),
        ("host", OtherChecks.HostGrammar.Keywords),
        ("DNS_CHECK", OtherChecks.DnsGrammar.Keywords.Except(["nb_get_retry"])),
        ("UDP_CHECK", OtherChecks.UdpGrammar.Keywords.Except(["nb_get_retry"])),
        ("PING_CHECK", OtherChecks.PingGrammar.Keywords.Except(["nb_get_retry"])),
        ("MISC_CHECK", OtherChecks.MiscGrammar.Keywords),
        ("FILE_CHECK", OtherChecks.FileGrammar.Keywords),
        ("BFD_CHECK", OtherChecks.BfdGrammar.Keywords),
    ];

    [Fact]
    public void Every_keyword_with_a_meaning_is_one_of_keepalived_or_one_of_ours()
    {
        Assert.All(Grammars, grammar =>
            Assert.Subset(
                KeywordCatalog.Of(grammar.Block).Concat(KeywordCatalog.OwnOf(grammar.Block)).ToHashSet(),
                grammar.Keywords.ToHashSet()));
        Assert.All(Grammars, grammar => Assert.Subset(
            grammar.Keywords.ToHashSet(), KeywordCatalog.OwnOf(grammar.Block).ToHashSet()));
    }

    [Fact]
    public void Our_own_keywords_are_not_keepalived_s_and_stand_in_the_readme()
    {
        string readme = File.ReadAllText(Path.Combine(Sample.Root, "src", "Config", "README.md"));
        string[] own = [.. KeywordCatalog.OwnOf("global_defs"), .. KeywordCatalog.OwnOf("real_server")];

        Assert.Equal(15, own.Length);
        Assert.All(own, keyword => Assert.Contains($"`{keyword} ", readme));
        Assert.All(own, keyword => Assert.False(KeywordCatalog.TryFind("global_defs", keyword, out _)));
    }

    [Theory]
    [InlineData("global_defs {\nflow_tabel_size 9\n}", "2:1: error: unknown keyword 'flow_tabel_size'; did you m")]
    [InlineData("global_defs {\nslow_start 9\n}", "2:1: error: 'slow_start' has no place in global_defs; it belong")]
    [InlineData("sloppy_tcp on", "1:1: error: 'sloppy_tcp' has no place in top level; it belongs in global_defs")]
    public void Our_own_keywords_are_known_by_place_and_spelling(string text, string error) =>
        Assert.StartsWith(error, Assert.Single(Sample.Parse(text).Findings()));

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
