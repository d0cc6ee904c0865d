using System;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>keepalived's HTTP_GET and SSL_GET: one page and what it must be.</summary>
/// <param name="settings">Where the page is.</param>
/// <param name="page">Which, and what it must be.</param>
/// <param name="clock">Measures the timeouts.</param>
public sealed class HttpProbe(HttpProbeSettings settings, HttpPage page, TimeProvider clock) : IProbe
{
    private readonly int _windowStart =
        Math.Max((page.Pattern?.Text.OffsetMin ?? 0) - BodyPattern.LookBehindOctetsMax, 0);

    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        int window = page.Pattern is null ? 0 : BodyPattern.WindowOctetsMax + BodyPattern.LookBehindOctetsMax;
        using var answer = new HttpAnswer(page.Digest is not null, _windowStart, window);
        ProbeResult result = await new HttpExchange(settings, page, clock)
            .RunAsync(answer, cancellation).ConfigureAwait(false);
        return (result.Succeeded ? Judge(answer) : result) with { Subject = page.Path };
    }

    private ProbeResult Judge(HttpAnswer answer)
    {
        if (!page.Codes.Contains(answer.Status))
        {
            return new ProbeResult(ProbeFailure.WrongAnswer, answer.Status == 0
                ? "the answer is not HTTP"
                : $"HTTP status code {answer.Status}, wanted {page.Codes}")
            {
                Phrase = "HTTP status code error to",
            };
        }

        string phrase = "HTTP status code";
        if (page.Digest is not null)
        {
            string digest = answer.Digest();
            if (!digest.Equals(page.Digest, StringComparison.OrdinalIgnoreCase))
            {
                return new ProbeResult(ProbeFailure.WrongAnswer, $"MD5 digest {digest}, wanted {page.Digest}")
                {
                    Phrase = "MD5 digest error to",
                };
            }

            phrase = "MD5 digest";
        }

        if (page.Pattern is { } pattern)
        {
            if (!pattern.Accepts(answer.Window, _windowStart, out string why))
            {
                return new ProbeResult(ProbeFailure.WrongAnswer, why) { Phrase = "Regex match failed" };
            }

            phrase = "Regex match";
        }

        return ProbeResult.Success with { Phrase = phrase };
    }
}
