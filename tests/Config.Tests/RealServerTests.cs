using System.Linq;
using System.Net;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The keywords of <c>real_server</c> and of the checks in it.</summary>
public sealed class RealServerTests
{
    [Fact]
    public void A_real_server_is_read_with_its_defaults()
    {
        RealServer server = Sample.Parse(Sample.Text).Service().RealServers[1];

        Assert.Equal(("192.168.5.104", 80, 1), (server.Address.ToString(), server.Port, server.Weight));
        Assert.Equal((false, false, false), (server.InhibitOnFailure, server.Alpha, server.CheckNotUnderstood));
        Assert.Equal(new SourceSpan("t.conf", 30, 5, 28), server.Span);
        Assert.Equal(81, Assert.IsType<TcpCheck>(Assert.Single(server.Checks)).Port);
    }

    [Fact]
    public void A_check_is_read_with_its_defaults()
    {
        ParseResult result = Sample.Parse(
            """
            virtual_server 10.0.0.1 80 {
                lb_algo rr
                lb_kind DR
                protocol TCP
                real_server 10.0.0.2 80 { TCP_CHECK { } }
            }
            """);

        Assert.Equal(
            new TcpCheck(
                new CheckTarget(
                    IPAddress.Parse("10.0.0.2"),
                    80,
                    ConnectTimeout: Sample.Seconds(5),
                    BindTo: null,
                    BindPort: 0,
                    BindInterface: null,
                    Fwmark: 0),
                new CheckTiming(
                    Retry: 1,
                    DelayBeforeRetry: Sample.Seconds(1),
                    DelayLoop: Sample.Seconds(60),
                    Warmup: Sample.Seconds(60),
                    Alpha: false,
                    LogAllFailures: false),
                new SourceSpan("t.conf", 5, 31, 9)),
            result.Check());
    }

    [Fact]
    public void A_check_says_everything_itself()
    {
        ParseResult result = Sample.With(
            "connect_timeout 3",
            """
            connect_ip 10.0.0.9
            connect_port 8080
            connect_timeout 0.25
            bindto 10.0.0.8
            delay_before_retry 0
            delay_loop 4
            warmup 0
            alpha
            """);

        TcpCheck check = result.Check();
        Assert.Empty(result.Diagnostics);
        Assert.Equal(("10.0.0.9", 8080, "10.0.0.8"), ($"{check.Ip}", check.Port, $"{check.BindTo}"));
        Assert.Equal((Sample.Seconds(0.25), 2), (check.ConnectTimeout, check.Retry));
        Assert.Equal((Sample.Seconds(0), Sample.Seconds(4)), (check.DelayBeforeRetry, check.DelayLoop));
        Assert.Equal((Sample.Seconds(0), true), (check.Warmup, check.Alpha));
    }

    [Theory]
    [InlineData("retry", "7", "8", "9")]
    [InlineData("connect_timeout", "7", "8", "9")]
    [InlineData("delay_before_retry", "7", "8", "9")]
    [InlineData("delay_loop", "7", "8", "9")]
    [InlineData("warmup", "7", "8", "9")]
    [InlineData("alpha", "on", "off", "on")]
    public void What_a_check_does_not_say_is_said_around_it(string keyword, string outer, string middle, string inner)
    {
        string clean = Sample.Text
            .Replace("    retry 2\n", "", System.StringComparison.Ordinal)
            .Replace("    connect_timeout 3\n", "", System.StringComparison.Ordinal)
            .Replace("    delay_loop 6\n", "", System.StringComparison.Ordinal);
        string all = clean.Replace("lb_algo", $"{keyword} {outer}\nlb_algo", System.StringComparison.Ordinal);
        string server = all.Replace("weight 1", $"{keyword} {middle}", System.StringComparison.Ordinal);
        string check = new System.Text.RegularExpressions.Regex("TCP_CHECK {")
            .Replace(server, $"TCP_CHECK {{ {keyword} {inner}", 1);

        string[] values =
            [.. new[] { all, server, check }.Select(text => ValueOf(Sample.Parse(text).Check(), keyword))];

        Assert.Equal([outer, middle, inner], values);
        Assert.Equal(outer, ValueOf((TcpCheck)Sample.Parse(check).Service().RealServers[1].Checks[0], keyword));
    }

    [Theory]
    [InlineData("weight 9", 9, false)]
    [InlineData("inhibit_on_failure", 1, true)]
    public void A_virtual_server_sets_defaults_for_its_real_servers(string line, int weight, bool inhibit)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{line}");

        RealServer second = result.Service().RealServers[1];
        Assert.Empty(result.Diagnostics);
        Assert.Equal((weight, inhibit), (second.Weight, second.InhibitOnFailure));
        Assert.Equal(1, result.Service().RealServers[0].Weight);
    }

    [Fact]
    public void The_old_name_of_retry_works_and_is_noticed()
    {
        ParseResult result = Sample.With("retry 2", "nb_get_retry 3");

        Assert.StartsWith("27:13: notice: 'nb_get_retry' is taken as 'retry'", Assert.Single(result.Findings()));
        Assert.Equal(3, result.Check().Retry);
    }

    [Theory]
    [InlineData("connect_port 0", "'0' is outside the range of a port, 1 to 65535")]
    [InlineData("connect_port http", "'http' is not a whole number; a port takes 1 to 65535")]
    [InlineData("connect_ip www", "'www' is not an IPv4 or IPv6 address")]
    [InlineData("bindto ::1", "a check of 192.168.5.103 cannot come from an IPv6 address")]
    [InlineData("retry -1", "'-1' is outside the range of retry, 0 to 2147483647")]
    [InlineData("bind_port 9", "'bind_port' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("conect_port 9", "unknown keyword 'conect_port'; did you mean 'connect_port'?")]
    public void A_bad_line_in_a_check_is_an_error_and_the_check_goes_on(string line, string error)
    {
        ParseResult result = Sample.With("retry 2", line);

        RealServer server = result.Service().RealServers[0];
        Assert.Contains($"error: {error}", Assert.Single(result.Findings()));
        Assert.False(server.CheckNotUnderstood);
        TcpCheck check = result.Check();
        Assert.Equal((80, 1, null), (check.Port, check.Retry, check.BindTo));
    }

    [Theory]
    [InlineData("TCP_CHEK {", "unknown keyword 'TCP_CHEK'; its block is skipped; did you mean 'TCP_CHECK'?")]
    [InlineData("TCPCHECK {", "unknown keyword 'TCPCHECK'; its block is skipped; did you mean 'TCP_CHECK'?")]
    [InlineData("whatever {", "unknown keyword 'whatever'; its block is skipped")]
    [InlineData("HTTP_GET {", "'HTTP_GET' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("SSL_GET {", "'SSL_GET' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("SMTP_CHECK {", "'SMTP_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("DNS_CHECK {", "'DNS_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("MISC_CHECK {", "'MISC_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("UDP_CHECK {", "'UDP_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("PING_CHECK {", "'PING_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("FILE_CHECK {", "'FILE_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("BFD_CHECK {", "'BFD_CHECK' is understood, but XdpLvs does not carry it out yet")]
    [InlineData("{", "there is no keyword in front of this '{'; the block is skipped", "weight 1\n        ")]
    public void A_check_that_is_not_understood_keeps_its_server_out_of_service(
        string opening, string error, string replaced = "")
    {
        ParseResult result = Sample.With(replaced + "TCP_CHECK {", opening);

        Assert.Single(result.Findings(), text => text.Contains($"error: {error}", System.StringComparison.Ordinal));
        Assert.Contains(
            "23:5: warning: this real server stays out of service, because a check of it was not understood",
            result.Findings());
        Assert.Equal([true, false], result.Service().RealServers.Select(server => server.CheckNotUnderstood));
        Assert.Empty(result.Service().RealServers[0].Checks.OfType<TcpCheck>());
    }

    [Theory]
    [InlineData("weight 1", "connect_port 81", true)]
    [InlineData("weight 1", "TCP_CHEK", true)]
    [InlineData("weight 1", "weigth 1", false)]
    [InlineData("weight 1", "notify_up \"x\"", false)]
    [InlineData("retry 2", "url { path / }", true)]
    public void Only_what_may_have_been_a_check_does_that(string old, string replacement, bool isOut)
    {
        ParseResult result = Sample.With(old, replacement);

        Assert.Equal([isOut, false], result.Service().RealServers.Select(server => server.CheckNotUnderstood));
    }

    [Theory]
    [InlineData("TCP_CHECK { }", true)]
    [InlineData("TCP_CHEK { }", true)]
    [InlineData("connect_port 81", true)]
    [InlineData("quorum 1x", false)]
    [InlineData("foo { }", false)]
    public void A_check_outside_the_real_servers_keeps_all_of_them_out(string stray, bool areOut)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo rr\n{stray}");

        Assert.True(result.HasErrors);
        Assert.Equal([areOut, areOut], result.Service().RealServers.Select(server => server.CheckNotUnderstood));
    }

    [Fact]
    public void A_real_server_may_have_several_checks()
    {
        ParseResult result = Sample.With("weight 1", "TCP_CHECK { connect_port 1 }\nTCP_CHECK { connect_port 2 }");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(
            [1, 2, 80],
            result.Service().RealServers[0].Checks.Cast<TcpCheck>().Select(check => (int)check.Port));
    }

    [Fact]
    public void Another_port_than_the_virtual_servers_is_checked_but_not_served()
    {
        ParseResult result = Sample.With(".103 80", ".103 8080");

        Assert.Equal(
            ["23:31: warning: DR cannot change ports: port 80 is taken; checks still use 8080"], result.Findings());
        Assert.Equal((80, 8080), (result.Service().RealServers[0].Port, result.Check().Port));
    }

    [Theory]
    [InlineData(".103")]
    [InlineData(".103 0")]
    public void Without_a_port_it_is_the_virtual_servers(string written)
    {
        ParseResult result = Sample.With(".103 80", written);

        Assert.Empty(result.Diagnostics);
        Assert.Equal((80, 80), (result.Service().RealServers[0].Port, result.Check().Port));
    }

    [Theory]
    [InlineData("192.168.5.104 80", "30:5: error: real server 192.168.5.104 exists already in this virtual server")]
    [InlineData("fe80::1 80", "23:17: error: 'fe80::1' is link-local: it does not say behind which interface")]
    [InlineData("192.168.5.103 65536", "23:31: error: '65536' is outside the range of a port, 0 to 65535")]
    [InlineData("www 80", "23:17: error: 'www' is not an IPv4 or IPv6 address")]
    [InlineData("", "23:5: error: 'real_server' lacks its value: an IPv4 or IPv6 address")]
    public void A_real_server_that_is_no_other_is_left_out(string header, string error)
    {
        ParseResult result = Sample.With("192.168.5.103 80", header);

        Assert.StartsWith(error, Assert.Single(result.Findings()));
        Assert.Equal("192.168.5.104", Assert.Single(result.Service().RealServers).Address.ToString());
    }

    [Fact]
    public void A_real_server_without_check_is_noticed() =>
        Assert.Equal(
            ["30:5: notice: this real server has no check: it always counts as alive"],
            Sample.With("TCP_CHECK {\n            connect_port 81\n        }\n", "\n").Findings());

    private static string ValueOf(TcpCheck check, string keyword) => keyword switch
    {
        "retry" => $"{check.Retry}",
        "connect_timeout" => $"{check.ConnectTimeout.TotalSeconds}",
        "delay_before_retry" => $"{check.DelayBeforeRetry.TotalSeconds}",
        "delay_loop" => $"{check.DelayLoop.TotalSeconds}",
        "warmup" => $"{check.Warmup.TotalSeconds}",
        _ => check.Alpha ? "on" : "off",
    };
}
