using System.Net;

namespace XdpLvs.Checks;

/// <summary>Of whom a line speaks, as keepalived writes them.</summary>
/// <param name="RealServer">"[192.168.5.103]:tcp:80": the real server, with its virtual server's protocol.</param>
/// <param name="VirtualServer">"[192.168.5.100]:tcp:80".</param>
/// <param name="Address">"192.168.5.103".</param>
public readonly record struct CheckSubject(string RealServer, string VirtualServer, string Address);

/// <summary>Says what a check found in keepalived's words, which operators search for.</summary>
public static class CheckLog
{
    /// <summary>A service as keepalived writes it: <c>[192.168.5.103]:tcp:80</c>.</summary>
    /// <param name="server">Address and port.</param>
    /// <param name="protocol">tcp or udp: that of the virtual server, not of the check.</param>
    public static string Service(IPEndPoint server, string protocol) =>
        $"[{server.Address}]:{protocol}:{server.Port}";

    /// <summary>The line for a verdict that has news.</summary>
    public static string Line(CheckKind kind, in Verdict verdict, in CheckSubject subject)
    {
        string server = subject.RealServer;
        return kind switch
        {
            CheckKind.Tcp => Tcp(verdict, server),
            CheckKind.Http or CheckKind.Ssl => Http(verdict, server),
            CheckKind.Smtp => Smtp(verdict, server),
            CheckKind.Dns => Dns(verdict, server),
            CheckKind.Udp => Udp(verdict, server),
            CheckKind.Ping => Ping(verdict, server, subject.VirtualServer),
            CheckKind.Misc => Misc(verdict, subject.Address),
            CheckKind.File => $"({server}): tracked file {verdict.Result.Subject} "
                + (verdict.Result.Succeeded ? "leaving FAULT state" : "now FAULT state"),
            _ => $"BFD check of [{verdict.Result.Subject}] RS({server}) is {(verdict.IsUp ? "UP" : "DOWN")}",
        };
    }

    /// <summary>The text of keepalived's mail about a change; null: it sends none for this kind.</summary>
    public static string? Mail(CheckKind kind, in Verdict verdict)
    {
        string? what = (kind, verdict.IsUp) switch
        {
            (CheckKind.Tcp, true) => "TCP CHECK succeed on service",
            (CheckKind.Tcp, false) => "TCP CHECK failed on service",
            (CheckKind.Http or CheckKind.Ssl or CheckKind.Smtp, true) => "CHECK succeed on service",
            (CheckKind.Http or CheckKind.Ssl, false) => "CHECK failed on service : HTTP request failed",
            (CheckKind.Smtp, false) => $"CHECK failed on service : {verdict.Result.Phrase}",
            (CheckKind.Dns, true) => "DNS_CHECK: succeed on service",
            (CheckKind.Dns, false) => "DNS_CHECK: failed on service",
            (CheckKind.Udp, true) => "UDP CHECK succeed on service",
            (CheckKind.Udp, false) => "UDP CHECK failed on service",
            (CheckKind.Ping, true) => "ICMP CHECK succeed on service",
            (CheckKind.Ping, false) => "ICMP CHECK failed on service",
            (CheckKind.Misc, true) => "MISC CHECK succeeded on service",
            (CheckKind.Misc, false) =>
                $"MISC CHECK {(verdict.Result.Failure == ProbeFailure.Timeout ? "timed out" : "failed")} on service",
            (CheckKind.Bfd, true) => $"BFD CHECK {verdict.Result.Subject} succeeded on service",
            (CheckKind.Bfd, false) => $"BFD CHECK {verdict.Result.Subject} failed on service",
            _ => null,
        };
        return what is null ? null : $"=> {what} <=";
    }

    private static string Tcp(in Verdict verdict, string server) => verdict.News switch
    {
        CheckNews.Succeeded => $"TCP connection to {server} success.",
        CheckNews.Failed => $"TCP_CHECK on service {server} failed{Retries(verdict)}.",
        _ when verdict.Result.Failure == ProbeFailure.Timeout => $"TCP connection to {server} timeout.",
        _ => $"TCP connection to {server} failed.",
    };

    private static string Http(in Verdict verdict, string server) => verdict.News switch
    {
        CheckNews.Succeeded => $"Remote Web server {server} succeed on service.",
        CheckNews.Failed => $"HTTP_CHECK on service {server} failed{Retries(verdict)}.",
        CheckNews.PassedTurn => $"{verdict.Result.Phrase} success to {server} url({verdict.Result.Subject})",
        _ => $"{verdict.Result.Phrase ?? verdict.Result.Reason} server {server}.",
    };

    private static string Smtp(in Verdict verdict, string server) => verdict.News == CheckNews.Succeeded
        ? $"Remote SMTP server {server} succeed on service."
        : $"SMTP_CHECK {verdict.Result.Phrase ?? $"{verdict.Result.Reason}, server {server}"}{Retries(verdict)}";

    private static string Dns(in Verdict verdict, string server) => verdict.News == CheckNews.Succeeded
        ? $"DNS_CHECK ({server}) success." // keepalived is silent here: its "Adding service" line has to do
        : $"DNS_CHECK ({server}) {verdict.Result.Phrase ?? verdict.Result.Reason}{Retries(verdict)}";

    private static string Udp(in Verdict verdict, string server) => verdict.News switch
    {
        CheckNews.Succeeded => $"UDP connection to {server} success.",
        CheckNews.Failed => $"UDP_CHECK on service {server} failed{Retries(verdict)}.",
        _ when verdict.Result.Failure == ProbeFailure.WrongAnswer => $"UDP check to {server} reply data mismatch.",
        _ => $"UDP connection to {server} failed.",
    };

    private static string Ping(in Verdict verdict, string server, string service) => verdict.News switch
    {
        CheckNews.Succeeded => $"ICMP connection to {server} success.",
        CheckNews.Failed when verdict.Retries == 0 => $"ICMP CHECK on service {server} failed.",
        CheckNews.Failed => $"ICMP CHECK on service {server} of {service} failed{Retries(verdict)}.",
        _ when verdict.Result.Failure == ProbeFailure.Timeout => $"ICMP connection to address {server} timeout.",
        _ => $"ICMP connection to {server} of {service} failed.",
    };

    private static string Misc(in Verdict verdict, string address)
    {
        ProbeResult result = verdict.Result;
        string end = result.Succeeded ? "succeeded" : result.Phrase ?? $"failed ({result.Reason})";
        return $"Misc check to [{address}] for [{verdict.Result.Subject}] {end}.";
    }

    private static string Retries(in Verdict verdict) =>
        verdict is { News: CheckNews.Failed, Retries: > 0 } ? $" after {verdict.Retries} retries" : "";
}
