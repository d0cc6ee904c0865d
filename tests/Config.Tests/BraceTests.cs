using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Blocks: where a brace may stand, and what happens when one is missing.</summary>
public sealed class BraceTests
{
    [Theory]
    [InlineData("TCP_CHECK {", "TCP_CHECK{")]
    [InlineData("TCP_CHECK {", "TCP_CHECK\n\n # why\n {")]
    [InlineData("192.168.5.103 80 {\n        weight 1", "192.168.5.103 80 { weight 1")]
    [InlineData("virtual_ipaddress {\n        192.168.5.100\n    }", "virtual_ipaddress { 192.168.5.100 }")]
    [InlineData("        192.168.5.100\n    }\n}", "        192.168.5.100\n}}")]
    public void Braces_may_stand_anywhere(string usual, string other)
    {
        ParseResult result = Sample.With(usual, other);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(2, result.Service().RealServers.Sum(server => server.Checks.Length));
    }

    [Theory]
    [InlineData("virtual_server 192.168.5.100 80 {", "18:1: error: 'virtual_server'")]
    [InlineData("TCP_CHECK {", "25:9: error: 'TCP_CHECK'")]
    [InlineData("real_server 192.168.5.103 80 {", "23:5: error: 'real_server'")]
    [InlineData("authentication {", "10:5: error: 'authentication'")]
    [InlineData("global_defs {", "1:1: error: 'global_defs'")]
    public void A_missing_opening_brace_is_one_error_and_costs_nothing(string line, string error)
    {
        ParseResult result = Sample.With(line, line.TrimEnd('{'));

        Assert.Equal($"{error} opens a block, but the '{{' is missing behind it", Assert.Single(result.Findings()));
        Assert.Equal("youxi1", result.Config.Globals.RouterId);
        Assert.Equal(8, result.Instance().Password.Length);
        Assert.Equal(2, result.Service().RealServers.Sum(server => server.Checks.Length));
    }

    [Theory]
    [InlineData("youxi1\n}", "1:13: error: the block of 'global_defs' is not closed: its '}' is missing before")]
    [InlineData("100\n    }\n}", "4:20: error: the block of 'vrrp_instance' is not closed: its '}' is missing before")]
    [InlineData("2\n        }\n    }", "23:34: error: the block of 'real_server' is not closed: its '}'")]
    public void A_missing_closing_brace_is_one_error_at_the_opening_one(string place, string error)
    {
        ParseResult result = Sample.With(place, place[..place.LastIndexOf('}')]);

        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Equal(2, result.Service().RealServers.Sum(server => server.Checks.Length));
        Assert.Single(result.Config.Instances);
    }

    [Fact]
    public void A_closing_brace_missing_at_the_end_is_reported_at_the_opening_one()
    {
        ParseResult result = Sample.Parse(Sample.Text.TrimEnd().TrimEnd('}'));

        string error = "18:33: error: the block of 'virtual_server' is not closed: its '}' is missing";
        Assert.Equal([error], result.Findings());
        Assert.Equal(2, result.Service().RealServers.Length);
    }

    [Fact]
    public void Fewer_braces_missing_than_a_place_would_need_are_not_put_there()
    {
        string[] findings = Sample.Parse("a {\nb {\nvirtual_server 1.2.3.4 80 {\n}\n}\n}\nglobal_defs {\n").Findings();

        Assert.Equal(
            [
                "1:1: error: unknown keyword 'a'; its block is skipped",
                "7:13: error: the block of 'global_defs' is not closed: its '}' is missing",
            ],
            findings);
    }

    [Fact]
    public void A_closing_brace_too_many_closes_nothing() =>
        Assert.Equal(["3:2: error: this '}' closes nothing"], Sample.With("youxi1\n}", "youxi1\n}}").Findings());

    [Fact]
    public void An_opening_brace_without_keyword_skips_its_block() =>
        Assert.Equal(
            ["4:1: error: there is no keyword in front of this '{'; the block is skipped"],
            Sample.With("vrrp_instance", "{ weight\n { } }\nvrrp_instance").Findings());

    [Fact]
    public void A_check_without_braces_keeps_its_server_out_of_service()
    {
        ParseResult result = Sample.With("TCP_CHECK {\n            connect_port 81\n        }", "TCP_CHECK");

        Assert.Equal("31:9: error: 'TCP_CHECK' needs a block, but there is no '{' behind it", result.Findings()[1]);
        Assert.Equal([false, true], result.Service().RealServers.Select(server => server.CheckNotUnderstood));
    }

    [Fact]
    public void A_block_behind_a_keyword_that_has_none_is_skipped()
    {
        ParseResult result = Sample.With("priority 100", "priority 100 { weight { } }");

        Assert.Equal(
            ["8:18: error: 'priority' does not open a block; the block is skipped"], result.Findings());
        Assert.Equal(100, result.Instance().Priority);
    }

    [Fact]
    public void The_body_of_a_check_whose_keyword_was_commented_out_is_not_forgotten()
    {
        ParseResult result = Sample.With("weight 1\n        TCP_CHECK {", "weight 1\n# TCP_CHECK\n {");

        Assert.True(result.Service().RealServers[0].CheckNotUnderstood);
        Assert.True(result.HasErrors);
    }

    [Fact]
    public void One_line_is_one_keyword_even_between_braces()
    {
        ParseResult result = Sample.With(
            "authentication {\n        auth_type PASS\n        auth_pass 1111\n    }",
            "authentication { auth_type PASS auth_pass 1111 }");

        Assert.Equal(
            [
                "10:5: error: there is no 'auth_pass', so nothing is authenticated",
                "10:37: warning: 'auth_pass' is ignored here: every keyword needs a line of its own",
            ],
            result.Findings());
    }
}
