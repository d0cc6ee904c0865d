using System;
using System.Linq;
using System.Net;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Checks of every kind: their own keywords, their defaults, and what they inherit.</summary>
public sealed class CheckTests
{
    [Fact]
    public void An_http_check_has_keepalived_s_defaults()
    {
        HttpCheck check = Read("HTTP_GET {\n url {\n path /a\n }\n }").Check<HttpCheck>();

        HttpUrl url = Assert.Single(check.Urls);
        Assert.Equal(("/a", null, 0), (url.Path, url.VirtualHost, url.Digest.Length));
        Assert.Equal([new StatusRange(200, 299)], url.Status);
        Assert.Equal((false, HttpVersion.Http10), (check.IsTls, check.Version));
        Assert.Equal((1, Sample.Seconds(3)), (check.Timing.Retry, check.Timing.DelayBeforeRetry));
        Assert.Equal((IPAddress.Parse("10.0.0.2"), (ushort)80), (check.Target.Ip, check.Target.Port));
    }

    [Fact]
    public void An_http_check_says_everything_itself()
    {
        HttpCheck check = Read(
            """
            SSL_GET {
                http_protocol 1.1
                enable_sni
                sni_name a.example
                fast_recovery
                tls_compliant
                virtualhost b.example
                url {
                    path /x
                    digest 9b3a0c85a887a256d6939da88aabd8cd
                    status_code 200 301-302
                    regex "^ok$"
                    regex_no_match
                    regex_options caseless multiline
                    regex_min_offset 3
                    regex_max_offset 9
                    regex_stack 1024 2048
                }
                url {
                    path /y
                    virtualhost c.example
                    tls_compliant off
                }
            }
            """).Check<HttpCheck>();

        HttpUrl url = check.Urls[0];
        Assert.Equal((true, HttpVersion.Http11, true), (check.IsTls, check.Version, check.EnableSni));
        Assert.Equal(("a.example", true, true), (check.SniName, check.FastRecovery, check.TlsCompliant));
        Assert.Equal([new StatusRange(200, 200), new StatusRange(301, 302)], url.Status);
        Assert.Equal((0x9b, 0xcd, 16), (url.Digest[0], url.Digest[15], url.Digest.Length));
        Assert.Equal(("^ok$", true, 3, 9), (url.Regex, url.RegexNoMatch, url.RegexMinOffset, url.RegexMaxOffset));
        Assert.Equal(["caseless", "multiline"], url.RegexOptions);
        Assert.Equal(["b.example", "c.example"], check.Urls.Select(one => one.VirtualHost));
        Assert.Equal([true, false], check.Urls.Select(one => one.TlsCompliant));
    }

    [Theory]
    [InlineData("", "", "", null)]
    [InlineData("virtualhost a", "", "", "a")]
    [InlineData("virtualhost a", "virtualhost b", "", "b")]
    [InlineData("virtualhost a", "virtualhost b", "virtualhost c", "c")]
    public void A_virtual_host_is_inherited(string service, string server, string check, string? host) =>
        Assert.Equal(
            host,
            Read($"{server}\nHTTP_GET {{\n{check}\nurl {{\npath /\n}}\n}}", service)
                .Check<HttpCheck>().Urls[0].VirtualHost);

    [Theory]
    [InlineData("DNS_CHECK { }", 3, 60)]
    [InlineData("UDP_CHECK { }", 1, 1)]
    [InlineData("PING_CHECK { }", 1, 1)]
    [InlineData("SMTP_CHECK { }", 1, 1)]
    [InlineData("MISC_CHECK {\nmisc_path /m\n}", 0, 1)]
    public void Each_kind_has_its_own_retries(string block, int retry, int delay)
    {
        ICheck check = Read(block).Check<ICheck>();
        ICheck told = Read($"retry 7\ndelay_before_retry 8\n{block}").Check<ICheck>();

        Assert.Equal((retry, Sample.Seconds(delay)), (check.Timing.Retry, check.Timing.DelayBeforeRetry));
        Assert.Equal((7, Sample.Seconds(8)), (told.Timing.Retry, told.Timing.DelayBeforeRetry));
    }

    [Fact]
    public void A_script_runs_with_its_arguments_and_may_take_as_long_as_the_time_between_checks()
    {
        MiscCheck check = Read(
            "delay_loop 9\nMISC_CHECK {\nmisc_path \"/bin/x -a 'b c'\"\nuser nobody nogroup\nmisc_dynamic\n}")
            .Check<MiscCheck>();

        Assert.Equal(["/bin/x", "-a", "b c"], check.Command.Words);
        Assert.Equal(("nobody", "nogroup", true), (check.Command.User, check.Command.Group, check.Dynamic));
        Assert.Equal(Sample.Seconds(9), check.Timeout);
    }

    [Fact]
    public void Octets_are_written_freely()
    {
        UdpCheck check = Read(
            "UDP_CHECK {\npayload Ab12f 3 456 546443123\nrequire_reply 0x xF\n"
            + "min_reply_length 2\nmax_reply_length 9\n}")
            .Check<UdpCheck>();

        Assert.Equal("AB120F0345065464431203", Convert.ToHexString(check.Payload.AsSpan()));
        Assert.Equal([((byte)0, (byte)0xF0), ((byte)0x0F, (byte)0x0F)], check.Reply);
        Assert.Equal((true, 2, 9), (check.RequireReply, check.ReplyLengthMin, check.ReplyLengthMax));
    }

    [Fact]
    public void A_mail_server_may_be_checked_at_several_addresses()
    {
        SmtpCheck check = Read(
            """
            SMTP_CHECK {
                helo_name me
                connect_timeout 4
                host {
                    connect_ip 10.0.0.8
                    connect_port 2525
                }
                host {
                    connect_timeout 2
                }
            }
            """).Check<SmtpCheck>();

        Assert.Equal("me", check.HeloName);
        Assert.Equal(["10.0.0.8:2525", "10.0.0.2:80"], check.Hosts.Select(host => $"{host.Ip}:{host.Port}"));
        Assert.Equal([Sample.Seconds(4), Sample.Seconds(2)], check.Hosts.Select(host => host.ConnectTimeout));
    }

    [Fact]
    public void A_check_may_name_what_is_defined_behind_it()
    {
        const string definitions = "track_file f {\nfile /f\nweight 3\n}\nbfd_instance b {\nneighbor_ip 10.0.0.9\n}\n";
        ParseResult result = Read("FILE_CHECK {\ntrack_file f\n}\nBFD_CHECK {\nname b\nalpha\n}", after: definitions);

        RealServer server = result.Service().RealServers[0];
        Assert.Equal(("f", 3), (((FileCheck)server.Checks[0]).TrackFile, ((FileCheck)server.Checks[0]).Weight));
        Assert.Equal(("b", true), (((BfdCheck)server.Checks[1]).Instance, server.Checks[1].Timing.Alpha));
    }

    [Fact]
    public void A_check_connects_from_where_it_is_told()
    {
        TcpCheck check = Read(
            "TCP_CHECK {\nbind_port 99\nbind_if eth9\nfwmark 5\nlog_all_failures\nbindto 10.0.0.7\n}").Check();

        CheckTarget target = check.Target;
        Assert.Equal((99, "eth9", 5), (target.BindPort, target.BindInterface, target.Fwmark));
        Assert.Equal(("10.0.0.7", true), ($"{target.BindTo}", check.Timing.LogAllFailures));
    }

    [Theory]
    [InlineData("HTTP_GET {\n}", "this check needs a 'url' with a 'path'")]
    [InlineData("HTTP_GET {\nurl {\n}\n}", "this 'url' needs a 'path'")]
    [InlineData("HTTP_GET {\nurl {\npath /\nstatus_cod 200\n}\n}", "unknown keyword 'status_cod'; did you mean 'statu")]
    [InlineData("HTTP_GET {\nurl {\npath /\nstatus_code 99\n}\n}", "'99' is not a status code, 100 to 599, or a rang")]
    [InlineData("HTTP_GET {\nurl {\npath /\ndigest 12\n}\n}", "'12' is not an MD5 digest, 32 hexadecimal digits")]
    [InlineData("HTTP_GET {\nurl {\npath /\nregex_options casless\n}\n}", "'casless' is not an option of regular exp")]
    [InlineData("HTTP_GET {\nhttp_protocol 2\nurl {\npath /\n}\n}", "'2' is not one of 1.0, 1.0C, 1.0c, 1.1, 1.1K")]
    [InlineData("MISC_CHECK {\n}", "this check needs a 'misc_path'")]
    [InlineData("MISC_CHECK {\nmisc_path \"\"\n}", "'misc_path' needs a command, this is empty")]
    [InlineData("FILE_CHECK {\n}", "this check needs the name of a track_file")]
    [InlineData("FILE_CHECK {\ntrack_file x\n}", "there is no track_file 'x'")]
    [InlineData("BFD_CHECK {\nname x\n}", "there is no bfd_instance 'x'")]
    [InlineData("DNS_CHECK {\ntype AAAAA\n}", "'AAAAA' is not a type of DNS record")]
    [InlineData("UDP_CHECK {\npayload 1g\n}", "these are not hexadecimal digits")]
    public void What_is_wrong_in_a_check_is_said_and_its_server_stays_out(string block, string error)
    {
        ParseResult result = Read(block);

        Assert.Contains(result.Findings(), text => text.Contains($"error: {error}", StringComparison.Ordinal));
        Assert.True(result.Service().RealServers[0].CheckNotUnderstood);
    }

    private static ParseResult Read(string server, string service = "", string after = "") => Sample.Parse(
        $"virtual_server 10.0.0.1 80 {{\nlb_algo rr\nlb_kind DR\nprotocol TCP\n{service}\n"
        + $"real_server 10.0.0.2 80 {{\n{server}\n}}\n}}\n{after}");
}
