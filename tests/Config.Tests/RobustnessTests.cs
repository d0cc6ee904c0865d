using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>No text is too strange. A failure prints its seed; put it into the call to see it again.</summary>
public sealed class RobustnessTests
{
    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(20); // a limit for hangs, not a measurement

    private static readonly string[] RealFiles =
    [
        .. Directory.EnumerateFiles(Sample.Cases, "*.conf", SearchOption.AllDirectories).Order()
            .Select(File.ReadAllText),
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "\n", " ", "\"", "!", "#", "\r\n", "\t", "\u3000", "\u00A0", "\uFEFF", "$X", "${X}",
        "$X=", "@a", "~SEQ(a,1)", "名", "😀", "\uD83D", "\uDE00", "\0", "e\u0301", "0", "1", "-1",
        "99999999999999999999", "0x", "1.5", ".", "/", "10.0.0.1", "10.0.0.1/24", "fe80::1", "PASS", "AH",
        "MASTER", "rr", "DR", "TCP", "on", "global_defs", "router_id", "notification_email", "lvs_timeouts",
        "tcp", "vrrp_version", "vrrp_instance", "state", "interface", "priority", "virtual_router_id",
        "advert_int", "authentication", "auth_type", "auth_pass", "virtual_ipaddress", "dev", "scope",
        "virtual_server", "lb_algo", "lb_kind", "protocol", "persistence_timeout",
        "persistence_granularity", "alpha", "real_server", "weight", "TCP_CHECK", "TCP_CHEK", "HTTP_GET",
        "connect_port", "retry", "nb_get_retry", "include", "2001:db8::1", "2001:db8::2", "::", "::1%eth0", "fwmark",
        "group", "UDP", "SCTP", "wlc", "sh", "mh", "twos", "sh-port", "mh-fallback", "flag-1", "flag-3", "ops", "off",
        "quorum", "hysteresis", "sorry_server", "sorry_server_inhibit", "ip_family", "inet6", "255.0.255.0", "129",
        "uthreshold", "lthreshold", "slow_start", "lvs_method", "bindto", "connect_ip", "virtual_server_group",
        "flow_table_size", "fragment_table_size", "new_flows_per_second", "expire_nodest_conn", "conn_reuse_mode",
        "sloppy_tcp", "reset_rate", "134217729", "2147483647",
        .. KeywordCatalog.BlockNames.SelectMany(KeywordCatalog.Of).Distinct(),
    ];

    private static readonly string[] Headers =
        ["10.0.0.1 80", "10.0.0.1", "10.0.0.1 0", "2001:db8::1 80", "2001:db8::1 0", "fwmark 1", "x 80", "10.0.0.1 x"];

    private static readonly string[] ServiceLines =
    [
        "lb_algo sh", "lb_algo mh", "lb_algo wlc", "lb_algo x", "sh-port", "sh-fallback off", "mh-port", "mh-fallback",
        "flag-1", "flag-2", "flag-3", "ops", "ops off", "protocol TCP", "protocol SCTP", "persistence_timeout",
        "persistence_timeout 0", "persistence_timeout 9", "persistence_granularity 24", "persistence_granularity 129",
        "persistence_granularity 255.0.255.0", "persistence_granularity 0.0.0.0", "quorum 2147483647", "quorum 2",
        "quorum 0", "hysteresis 2147483647", "hysteresis 1", "sorry_server 10.0.0.2", "sorry_server 2001:db8::2 81",
        "sorry_server 10.0.0.9 81", "sorry_server_inhibit", "sorry_server_lvs_method NAT", "inhibit_on_failure",
        "weight 0", "weight 65535", "ip_family inet6", "lvs_method TUN", "alpha", "TCP_CHECK { }", "real_server",
    ];

    private static readonly string[] ServerLines =
    [
        "weight 0", "weight 65535", "uthreshold 5", "uthreshold 2147483647", "lthreshold 5", "lthreshold 6",
        "slow_start 1.5", "slow_start -1", "lvs_method NAT", "lvs_method DR", "inhibit_on_failure", "TCP_CHECK { }",
        "TCP_CHECK { connect_port 1 }", "TCP_CHECK {\nconnect_ip 2001:db8::3\nbindto 10.0.0.1\n}",
        "TCP_CHECK {\nbindto ::1\n}", "HTTP_GET { }",
    ];

    [Fact]
    public void Any_soup_of_words_is_read() =>
        OneOf(Pieces).Array[0, 120].Sample(pieces => AssertSane(string.Join(' ', pieces)), iter: 1000);

    [Fact]
    public void Any_soup_of_glued_words_is_read() =>
        OneOf(Pieces).Array[0, 120].Sample(pieces => AssertSane(string.Concat(pieces)), iter: 1000);

    [Fact]
    public void Any_text_is_read() => Gen.String[0, 200].Sample(AssertSane, iter: 1000);

    [Fact]
    public void Any_mutation_of_a_real_file_is_read() =>
        Gen.Select(OneOf(RealFiles), Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5000], Gen.Int[0, 200], Gen.Int[0, 5000])
                .Array[1, 6])
            .Sample((text, changes) => AssertSane(changes.Aggregate(text, Mutate)), iter: 1000);

    [Fact]
    public void Any_services_with_any_keywords_are_read() =>
        Gen.Select(OneOf(ServiceLines).Array[0, 12], OneOf(ServerLines).Array[0, 6], OneOf(Headers))
            .Sample(
                (service, server, header) => AssertSane(
                    $"virtual_server {header} {{\nlb_algo rr\nlb_kind DR\nprotocol UDP\n"
                    + $"{string.Join('\n', service)}\nreal_server 10.0.0.2 {{\n{string.Join('\n', server)}\n}}\n"
                    + $"real_server 2001:db8::2 81 {{\n{string.Join('\n', server)}\n}}\n}}\n"),
                iter: 3000);

    [Theory]
    [InlineData("{", "")]
    [InlineData("a{", "")]
    [InlineData("real_server{", "")]
    [InlineData("virtual_server{real_server{", "")]
    [InlineData("virtual_server{", "")]
    [InlineData("}", "")]
    [InlineData("real_server\n", "}")]
    [InlineData("\"", "")]
    [InlineData("x\n", "")]
    [InlineData("weight 1\n", "")]
    [InlineData("${", "")]
    [InlineData("$", "")]
    public void A_huge_text_is_read_quickly(string piece, string end)
    {
        string text = new StringBuilder().Insert(0, piece, 200_000 / piece.Length)
            .Insert(0, end, end.Length * 10_000).ToString();

        AssertSane(text);
    }

    [Theory]
    [InlineData("vrrp_instance {0} {{\ninterface e{0}\nvirtual_router_id 1\nvirtual_ipaddress {{\n10.0.0.1\n}}\n}}\n")]
    [InlineData("virtual_server 10.0.0.1 80 {{\nreal_server 10.0.0.1 80 {{\nTCP_CHECK {{\n}}\n}}\n}}\n")]
    public void A_huge_configuration_is_read_quickly(string block)
    {
        var text = new StringBuilder();
        for (int i = 0; i < 10_000; i++)
        {
            text.AppendFormat(null, block, i);
        }

        AssertSane(text.ToString());
    }

    private static Gen<string> OneOf(string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Mutate(string text, (int Kind, int At, int Length, int To) change)
    {
        int at = change.At % (text.Length + 1);
        int length = Math.Min(change.Length, text.Length - at);
        string chunk = text.Substring(at, length);
        string without = text.Remove(at, length);
        return change.Kind switch
        {
            0 => without,
            1 => text.Insert(at, chunk),
            2 => without.Insert(change.To % (without.Length + 1), chunk),
            _ => text.Insert(at, Pieces[change.To % Pieces.Length]),
        };
    }

    private static void AssertSane(string text)
    {
        var watch = Stopwatch.StartNew();
        ParseResult result = Sample.Parse(text);
        Assert.True(watch.Elapsed < Quickly, $"{watch.Elapsed} for {text.Length} characters");
        Assert.NotEmpty(ListingFormatter.Json(ConfigListing.Of(result.Config)));
        string[] lines = (text.StartsWith('\uFEFF') ? text[1..] : text).Split('\n');
        var lengths = new Dictionary<int, int>();
        foreach (Diagnostic finding in result.Diagnostics)
        {
            Assert.InRange(finding.Line, 1, lines.Length);
            if (!lengths.TryGetValue(finding.Line, out int runes))
            {
                runes = lengths[finding.Line] = lines[finding.Line - 1].EnumerateRunes().Count();
            }

            Assert.InRange(finding.Column, 1, runes);
            Assert.InRange(finding.Length, 1, runes - finding.Column + 1);
            Assert.NotEmpty(finding.Message);
        }

        Invariants.AssertHold(result.Config);
        ParseResult first = result with { Diagnostics = [.. result.Diagnostics.Take(20)] };
        Assert.Equal(first.Diagnostics.IsEmpty, DiagnosticFormatter.FormatAll(first).Length == 0);
    }
}
