using System;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Nothing is accepted and silently ignored, nothing secret is said, all can be shown.</summary>
public sealed class HonestyTests
{
    [Theory]
    [InlineData("vrrp_garp_extra_if 0", 0)]
    [InlineData("vrrp_garp_extra_if 0.1", 1)]
    [InlineData("vrrp_owner_ignore_adverts off", 0)]
    [InlineData("vrrp_owner_ignore_adverts", 1)]
    [InlineData("smtp_alert no", 0)]
    public void What_is_not_carried_out_is_said_unless_nothing_had_to_be_done(string line, int findings) =>
        Assert.Equal(findings, Sample.With("router_id youxi1", line).Diagnostics.Length);

    [Fact]
    public void Every_keyword_that_is_not_carried_out_is_said_in_its_block()
    {
        foreach ((string block, string what) in Unwired.Entries.Where(one =>
            one.Block is "global_defs" or "vrrp_instance" or "virtual_server" or "real_server" && one.What[0] != '('))
        {
            string place = block switch
            {
                "global_defs" => "router_id youxi1",
                "vrrp_instance" => "advert_int 1",
                "virtual_server" => "delay_loop 6",
                _ => "weight 1",
            };
            string[] values = [" {\n}", "", " 2", " 10.0.0.9", " 224.0.0.9", " ff02::9"];

            Assert.True(
                values.Any(value => Sample.With(place, what + value).Findings().Any(text =>
                    text.Contains($"'{what}' is understood, but", StringComparison.Ordinal))),
                $"{block}: {what}");
        }
    }

    [Fact]
    public void Every_keyword_without_effect_is_said_once()
    {
        foreach ((string block, string keyword) in NoEffect.Entries.Where(one =>
            one.Block == "global_defs" && one.Keyword[0] != '('))
        {
            string[] findings = Sample.With("router_id youxi1", $"{keyword} 10").Findings();

            Assert.Single(findings, text =>
                text.Contains($"notice: '{keyword}' has no effect", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("net_namespace x", "'net_namespace' is not supported: start the daemon inside it")]
    [InlineData("virtual_server 10.0.0.1 80 {\npersistence_engine sip\n}", "'persistence_engine' is not supported")]
    public void What_is_refused_says_why(string text, string error)
    {
        ParseResult result = Sample.Parse(text);

        Assert.Contains(result.Findings(), one => one.Contains($"error: {error}", StringComparison.Ordinal));
        Assert.Empty(result.Config.Services);
    }

    [Theory]
    [InlineData("auth_pass 1111", "auth_pass CANARY")]
    [InlineData("auth_pass 1111", "auth_pass CANARYCANARY")]
    [InlineData("auth_pass 1111", "auth_pass CANARY!x")]
    [InlineData("auth_pass 1111", "auth_pass x CANARY")]
    [InlineData("auth_pass 1111", "auth_pas CANARY")]
    [InlineData("auth_pass 1111", "AUTH_PASS CANARY")]
    [InlineData("auth_pass 1111", "auth_pass \"CANARY\" priority")]
    [InlineData("    authentication {", "    authentication { auth_pass CANARY")]
    [InlineData("auth_type PASS", "auth_type PASS auth_pass CANARY")]
    [InlineData("advert_int 1", "auth_hmac {\nkey CANARY\n}")]
    [InlineData("advert_int 1", "auth_hmac {\nkey 300 CANARY\n}")]
    [InlineData("advert_int 1", "auth_hmac {\nkey 3 CANARY x\n}")]
    [InlineData("global_defs", "SSL {\npassword CANARY\n}\nglobal_defs")]
    [InlineData("global_defs", "SSL {\npassword CANARY CANARY\n}\nglobal_defs")]
    [InlineData("global_defs", "SSL {\npasword CANARY\n}\nglobal_defs")]
    public void A_secret_is_never_said(string old, string replacement)
    {
        ParseResult result = Sample.With(old, replacement);
        var listing = ConfigListing.Of(result.Config);
        string all = DiagnosticFormatter.FormatAll(result)
            + string.Join('\n', result.Diagnostics)
            + ListingFormatter.Text(listing)
            + ListingFormatter.Json(listing)
            + string.Join('\n', result.Config.Instances)
            + string.Join('\n', result.Config.HeldBack)
            + result.Config.Tls;

        Assert.DoesNotContain("CANARY", all);
    }

    [Fact]
    public void A_covered_line_keeps_its_places() =>
        Assert.Equal("  auth_pass ******* * *", Secrets.Hide("  auth_pass \"a-b-c\" # x"));

    [Fact]
    public void Every_value_in_force_says_where_it_comes_from()
    {
        ParseResult result = Sample.With("delay_loop 6", "delay_loop 6\nalpha\nweight 9");
        string text = ListingFormatter.Text(ConfigListing.Of(result.Config));

        Assert.Matches(@"\n    priority 100 +# t\.conf:8\n", text);
        Assert.Matches(@"\n    preempt_delay 0 +# default\n", text);
        Assert.Matches(@"\n            delay_loop 6 +# t\.conf:19\n", text);
        Assert.Matches(@"\n            retry 2 +# t\.conf:29\n", text);
        Assert.Matches(@"\n            retry 1 +# default\n", text);
        Assert.Matches(@"\n        weight 1 +# t\.conf:26\n", text);
        Assert.Matches(@"\n        weight 9 +# t\.conf:21\n", text);
        Assert.Matches(@"\n        192\.168\.5\.100/32 dev ens33 scope 0 +# t\.conf:15\n", text);
    }

    [Fact]
    public void The_same_is_there_as_json()
    {
        string json = ListingFormatter.Json(ConfigListing.Of(Sample.Parse(Sample.Text).Config));
        using var document = JsonDocument.Parse(json);

        JsonElement instance = document.RootElement.EnumerateArray()
            .Single(block => block.GetProperty("block").GetString() == "vrrp_instance");
        JsonElement priority = instance.GetProperty("values").EnumerateArray()
            .Single(value => value.GetProperty("keyword").GetString() == "priority");
        Assert.Equal(("100", "t.conf", 8), (
            priority.GetProperty("value").GetString(),
            priority.GetProperty("file").GetString(),
            priority.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void What_is_left_alone_shows_as_such()
    {
        string text = ListingFormatter.Text(ConfigListing.Of(
            Sample.With("router_id youxi1", "vrrp_priority -5\nvrrp_owner_ignore_adverts").Config));

        Assert.Matches(@"\n    vrrp_priority -5 +# t\.conf:2, no effect\n", text);
        Assert.Matches(@"\n    vrrp_owner_ignore_adverts on +# t\.conf:3, not carried out yet\n", text);
    }
}
