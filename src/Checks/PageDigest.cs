using System;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>keepalived's genhash: the digest that an HTTP_GET or SSL_GET of the same page would compare.</summary>
public static class PageDigest
{
    /// <summary>Asks for a page.</summary>
    /// <param name="settings">Where it is.</param>
    /// <param name="page">Which; what it must be does not matter.</param>
    /// <param name="clock">Measures the timeouts.</param>
    /// <param name="cancellation">Given up.</param>
    /// <returns>The MD5 of the body, 32 hexadecimal digits; null with the reason if there was no answer.</returns>
    public static async Task<(string? Digest, int Status, string Reason)> AskAsync(
        HttpProbeSettings settings, HttpPage page, TimeProvider clock, CancellationToken cancellation)
    {
        using var answer = new HttpAnswer(wantsDigest: true, windowStart: 0, windowOctets: 0);
        ProbeResult result = await new HttpExchange(settings, page, clock)
            .RunAsync(answer, cancellation).ConfigureAwait(false);
        return result.Succeeded ? (answer.Digest(), answer.Status, "") : (null, 0, result.Reason);
    }
}
