using System.Net;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>keepalived's lines, which operators search for.</summary>
public sealed class CheckLogTests
{
    private static readonly CheckSubject Subject = new(
        "[192.168.5.103]:tcp:80", "[192.168.5.100]:tcp:80", "192.168.5.103");

    [Fact]
    public void A_service_is_written_as_keepalived_does() =>
        Assert.Equal(
            "[192.168.5.103]:tcp:80", CheckLog.Service(new IPEndPoint(IPAddress.Parse("192.168.5.103"), 80), "tcp"));

    [Theory]
    [InlineData(CheckKind.Tcp, "TCP connection to [192.168.5.103]:tcp:80 success.")]
    [InlineData(CheckKind.Http, "Remote Web server [192.168.5.103]:tcp:80 succeed on service.")]
    [InlineData(CheckKind.Ssl, "Remote Web server [192.168.5.103]:tcp:80 succeed on service.")]
    [InlineData(CheckKind.Smtp, "Remote SMTP server [192.168.5.103]:tcp:80 succeed on service.")]
    [InlineData(CheckKind.Dns, "DNS_CHECK ([192.168.5.103]:tcp:80) success.")]
    [InlineData(CheckKind.Udp, "UDP connection to [192.168.5.103]:tcp:80 success.")]
    [InlineData(CheckKind.Ping, "ICMP connection to [192.168.5.103]:tcp:80 success.")]
    [InlineData(CheckKind.Misc, "Misc check to [192.168.5.103] for [it] succeeded.")]
    [InlineData(CheckKind.File, "([192.168.5.103]:tcp:80): tracked file it leaving FAULT state")]
    [InlineData(CheckKind.Bfd, "BFD check of [it] RS([192.168.5.103]:tcp:80) is UP")]
    public void A_success(CheckKind kind, string line) => Assert.Equal(
        line,
        CheckLog.Line(
            kind,
            new Verdict(1, true, true, CheckNews.Succeeded, 0, ProbeResult.Success with { Subject = "it" }),
            Subject));

    [Theory]
    [InlineData(CheckKind.Tcp, "TCP_CHECK on service [192.168.5.103]:tcp:80 failed after 2 retries.")]
    [InlineData(CheckKind.Http, "HTTP_CHECK on service [192.168.5.103]:tcp:80 failed after 2 retries.")]
    [InlineData(CheckKind.Smtp, "SMTP_CHECK words after 2 retries")]
    [InlineData(CheckKind.Dns, "DNS_CHECK ([192.168.5.103]:tcp:80) words after 2 retries")]
    [InlineData(CheckKind.Udp, "UDP_CHECK on service [192.168.5.103]:tcp:80 failed after 2 retries.")]
    [InlineData(
        CheckKind.Ping,
        "ICMP CHECK on service [192.168.5.103]:tcp:80 of [192.168.5.100]:tcp:80 failed after 2 retries.")]
    [InlineData(CheckKind.Misc, "Misc check to [192.168.5.103] for [it] words.")]
    [InlineData(CheckKind.File, "([192.168.5.103]:tcp:80): tracked file it now FAULT state")]
    [InlineData(CheckKind.Bfd, "BFD check of [it] RS([192.168.5.103]:tcp:80) is DOWN")]
    public void A_failure_after_retries(CheckKind kind, string line) =>
        Assert.Equal(
            line, CheckLog.Line(kind, Failed(CheckNews.Failed, ProbeFailure.Refused) with { Retries = 2 }, Subject));

    [Theory]
    [InlineData(CheckKind.Tcp, "TCP_CHECK on service [192.168.5.103]:tcp:80 failed.")]
    [InlineData(CheckKind.Http, "HTTP_CHECK on service [192.168.5.103]:tcp:80 failed.")]
    [InlineData(CheckKind.Dns, "DNS_CHECK ([192.168.5.103]:tcp:80) words")]
    [InlineData(CheckKind.Udp, "UDP_CHECK on service [192.168.5.103]:tcp:80 failed.")]
    [InlineData(CheckKind.Ping, "ICMP CHECK on service [192.168.5.103]:tcp:80 failed.")]
    public void A_first_failure(CheckKind kind, string line) =>
        Assert.Equal(line, CheckLog.Line(kind, Failed(CheckNews.Failed, ProbeFailure.Refused), Subject));

    [Theory]
    [InlineData(CheckKind.Tcp, ProbeFailure.Timeout, "TCP connection to [192.168.5.103]:tcp:80 timeout.")]
    [InlineData(CheckKind.Tcp, ProbeFailure.Refused, "TCP connection to [192.168.5.103]:tcp:80 failed.")]
    [InlineData(CheckKind.Http, ProbeFailure.WrongAnswer, "words server [192.168.5.103]:tcp:80.")]
    [InlineData(CheckKind.Udp, ProbeFailure.WrongAnswer, "UDP check to [192.168.5.103]:tcp:80 reply data mismatch.")]
    [InlineData(CheckKind.Udp, ProbeFailure.Refused, "UDP connection to [192.168.5.103]:tcp:80 failed.")]
    [InlineData(CheckKind.Ping, ProbeFailure.Timeout, "ICMP connection to address [192.168.5.103]:tcp:80 timeout.")]
    [InlineData(
        CheckKind.Ping,
        ProbeFailure.Unreachable,
        "ICMP connection to [192.168.5.103]:tcp:80 of [192.168.5.100]:tcp:80 failed.")]
    public void A_failed_try(CheckKind kind, ProbeFailure failure, string line) =>
        Assert.Equal(line, CheckLog.Line(kind, Failed(CheckNews.FailedTry, failure), Subject));

    [Fact]
    public void A_page_that_passed_while_its_server_is_down() => Assert.Equal(
        "MD5 digest success to [192.168.5.103]:tcp:80 url(/a)",
        CheckLog.Line(
            CheckKind.Http,
            new Verdict(
                1, false, false, CheckNews.PassedTurn, 0,
                ProbeResult.Success with { Phrase = "MD5 digest", Subject = "/a" }),
            Subject));

    [Theory]
    [InlineData(CheckKind.Tcp, "=> TCP CHECK failed on service <=")]
    [InlineData(CheckKind.Http, "=> CHECK failed on service : HTTP request failed <=")]
    [InlineData(CheckKind.Smtp, "=> CHECK failed on service : words <=")]
    [InlineData(CheckKind.Dns, "=> DNS_CHECK: failed on service <=")]
    [InlineData(CheckKind.Misc, "=> MISC CHECK failed on service <=")]
    [InlineData(CheckKind.Bfd, "=> BFD CHECK it failed on service <=")]
    [InlineData(CheckKind.File, null)]
    public void A_mail(CheckKind kind, string? text) =>
        Assert.Equal(text, CheckLog.Mail(kind, Failed(CheckNews.Failed, ProbeFailure.Refused)));

    private static Verdict Failed(CheckNews news, ProbeFailure failure) => new(
        1, false, true, news, 0, new ProbeResult(failure, "reason") { Phrase = "words", Subject = "it" });
}
