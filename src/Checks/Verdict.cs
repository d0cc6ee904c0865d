using System.Net;

namespace XdpLvs.Checks;

/// <summary>What one check has to say about its real server.</summary>
/// <param name="Check">The number that the check was started with.</param>
/// <param name="IsUp">Whether the server may serve, as far as this check knows.</param>
/// <param name="IsChange">Whether that is new. If not, only the log is interested.</param>
/// <param name="News">What happened.</param>
/// <param name="Retries">For <see cref="CheckNews.Failed"/>: how many further tries failed after the first.</param>
/// <param name="Result">The result of the last try.</param>
public readonly record struct Verdict(
    int Check, bool IsUp, bool IsChange, CheckNews News, int Retries, ProbeResult Result);

/// <summary>Says what a check found in keepalived's words, which operators search for.</summary>
public static class CheckLog
{
    /// <summary>A service as keepalived writes it: <c>[192.168.5.103]:tcp:80</c>.</summary>
    /// <param name="server">Address and port.</param>
    /// <param name="protocol">tcp or udp: that of the virtual server, not of the check.</param>
    public static string Service(IPEndPoint server, string protocol) =>
        $"[{server.Address}]:{protocol}:{server.Port}";

    /// <summary>The line for a TCP_CHECK.</summary>
    /// <param name="verdict">What the check said.</param>
    /// <param name="service">What it checks, see <see cref="Service"/>.</param>
    public static string TcpLine(in Verdict verdict, string service) => verdict.News switch
    {
        CheckNews.Succeeded => $"TCP connection to {service} success.",
        CheckNews.Failed when verdict.Retries == 0 => $"TCP_CHECK on service {service} failed.",
        CheckNews.Failed => $"TCP_CHECK on service {service} failed after {verdict.Retries} retries.",
        _ when verdict.Result.Failure == ProbeFailure.Timeout => $"TCP connection to {service} timeout.",
        _ => $"TCP connection to {service} failed.",
    };
}
