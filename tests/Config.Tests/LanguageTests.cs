using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>What is said about words that have no meaning where they stand.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("lb_algo rr", "lb_alg rr", "20:5: error: unknown keyword 'lb_alg'; did you mean 'lb_algo'?")]
    [InlineData("priority 100", "prioritty 90", "8:5: error: unknown keyword 'prioritty'; did you mean 'priority'?")]
    [InlineData("retry 2", "rety 2", "27:13: error: unknown keyword 'rety'; did you mean 'retry'?")]
    [InlineData("retry 2", "Retry 2", "27:13: error: unknown keyword 'Retry'; did you mean 'retry'?")]
    [InlineData("retry 2", "quorun 2", "27:13: error: unknown keyword 'quorun'")]
    [InlineData("router_id", "wurstbrot", "2:5: error: unknown keyword 'wurstbrot'")]
    [InlineData("weight 1", "quorom 1", "24:9: error: unknown keyword 'quorom'")]
    [InlineData(
        "priority 100",
        "delay_loop 6",
        "8:5: error: 'delay_loop' has no place in vrrp_instance; it belongs in virtual_server, real_server, TCP_CHECK")]
    [InlineData(
        "weight 1",
        "lb_algo rr",
        "24:9: error: 'lb_algo' has no place in real_server; it belongs in virtual_server")]
    [InlineData("weight 1", "// x", "24:9: error: '//' is not a comment: comments start with '!' or '#'")]
    [InlineData(
        "lb_algo rr",
        "nat_mask 255.255.255.0\nlb_algo rr",
        "20:5: error: 'nat_mask' is a word of old keepalived versions; it never meant anything in DR: remove the line")]
    [InlineData(
        "lb_algo rr",
        "hashed\nlb_algo rr",
        "20:5: notice: 'hashed' has no effect here: kernel IPVS sets this by itself and so shows nothing")]
    [InlineData(
        "priority 100",
        "smtp_alert\npriority 100",
        "8:5: warning: 'smtp_alert' is understood, but XdpLvs does not carry it out yet")]
    [InlineData(
        "priority 100",
        "virtual_rules {\n}\npriority 100",
        "8:5: error: 'virtual_rules' is understood, but XdpLvs does not carry it out yet")]
    [InlineData(
        "vrrp_instance",
        "garp_group {\n interface a\n}\nvrrp_instance",
        "4:1: error: 'garp_group' is understood, but XdpLvs does not carry it out yet")]
    public void A_word_without_meaning_is_one_finding_at_its_place(string old, string replacement, string finding)
    {
        string[] findings = Sample.With(old, replacement).Findings();

        Assert.Contains(finding, findings);
        Assert.InRange(findings.Count(text => text.Contains("error:", StringComparison.Ordinal)), 0, 1);
    }

    [Fact]
    public void An_unknown_block_is_skipped_whole_and_is_one_error()
    {
        ParseResult result = Sample.With(
            "virtual_server", "virtual_sever 1.2.3.4 80 {\n a\n real_server {\n weight {\n } }\n}\nvirtual_server");

        Assert.Equal(
            ["18:1: error: unknown keyword 'virtual_sever'; its block is skipped; did you mean 'virtual_server'?"],
            result.Findings());
        Assert.Equal(2, result.Service().RealServers.Length);
    }

    [Theory]
    [InlineData("weight 1", "weight")]
    [InlineData("priority 100", "priority")]
    public void A_missing_value_is_an_error_and_leaves_the_default(string line, string keyword)
    {
        ParseResult result = Sample.With(line, keyword);

        Assert.Contains($"error: '{keyword}' lacks its value: a number from", Assert.Single(result.Findings()));
        Assert.Equal(100, result.Instance().Priority);
        Assert.Equal(1, result.Service().RealServers[0].Weight);
    }

    [Fact]
    public void Words_behind_those_that_a_keyword_needs_are_ignored_loudly()
    {
        Assert.Equal(
            ["5:18: warning: this is ignored, but it is no comment: comments start with '!' or '#'"],
            Sample.With("state MASTER", "state MASTER //note").Findings());
        Assert.Equal(
            ["8:18: warning: this is ignored: 'priority' takes one word"],
            Sample.With("priority 100", "priority 100 200 300").Findings());
    }

    [Fact]
    public void A_keyword_in_a_line_of_another_is_pointed_at() =>
        Assert.Equal(
            ["8:18: warning: 'advert_int' is ignored here: every keyword needs a line of its own"],
            Sample.With("priority 100", "priority 100 advert_int 3").Findings());

    [Fact]
    public void Findings_come_in_the_order_of_the_file()
    {
        ParseResult result = Sample.With("protocol TCP", "protocol TCP\nx\n}\nglobal_defs {\ny\n}\n{");

        Assert.Equal(result.Diagnostics.OrderBy(finding => (finding.Line, finding.Column)), result.Diagnostics);
        Assert.True(result.Diagnostics.Length > 2);
    }

    [Fact]
    public void Findings_without_end_are_cut_off_but_errors_are_never_hidden()
    {
        string notices = string.Concat(Enumerable.Repeat("virtual_server 1.2.3.4 80 {\n}\n", 5000));
        ParseResult result = Sample.Parse(notices + "x\n");

        Assert.True(result.HasErrors);
        Assert.Equal(1000, result.Diagnostics.Count(finding => finding.Severity == Severity.Error));
        Assert.Single(result.Findings(), text => text.EndsWith("the rest are not listed)", StringComparison.Ordinal));
    }

    [Fact]
    public void An_empty_text_is_an_empty_configuration()
    {
        ParseResult result = Sample.Parse("");

        Assert.Empty(result.Diagnostics);
        Assert.False(result.HasErrors);
        Assert.Equal(GlobalSettings.Default, result.Config.Globals);
    }
}
