using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>What curl reports of one transfer.</summary>
/// <param name="Code">curl's exit code: 0 fine, 7 refused, 28 timed out, 56 reset; see EXIT CODES of curl(1).</param>
/// <param name="Seconds">From start to end.</param>
/// <param name="Error">Its own words.</param>
internal sealed record CurlResult(int Code, double Seconds, string Error);

/// <summary>curl on a host of the lab.</summary>
internal static class Curl
{
    private const string Limit = "25";

    /// <summary>
    /// The names of the servers that answered some requests, each on a connection of its own; only of answers that came
    /// within a second.
    /// </summary>
    public static IReadOnlySet<string> Names(LabHost client, string url, int count) =>
        Answers(client, url, count, seconds: 1).ToHashSet();

    /// <summary>The answers to some requests, one after the other, each on a connection of its own.</summary>
    public static IReadOnlyList<string> Answers(LabHost client, string url, int count, int seconds = 5)
    {
        CommandResult result = client.Exec(
            ["curl", "-s", "-g", "-H", "Connection: close",
                "--max-time", seconds.ToString(CultureInfo.InvariantCulture), .. Enumerable.Repeat(url, count)]);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What becomes of one request, for a message.</summary>
    public static string Describe(LabHost client, string url) =>
        client.Exec("curl", "-sS", "-g", "-v", "--max-time", "2", url) is var result
            ? result.Output + result.Error : "";

    /// <summary>Fetches a file.</summary>
    public static CurlResult Download(LabHost client, string url, string target) =>
        Transfer(client, "-o", target, url);

    /// <summary>Puts a file there.</summary>
    public static CurlResult Upload(LabHost client, string source, string url) =>
        Transfer(client, "-T", source, "-H", "Expect:", "-o", "/dev/null", url);

    private static CurlResult Transfer(LabHost client, params string[] words)
    {
        CommandResult result = client.Exec(
            ["curl", "-sS", "-g", "-f", "--max-time", Limit, "-w", "%{time_total}", .. words]);
        _ = double.TryParse(result.Output, CultureInfo.InvariantCulture, out double seconds);
        return new CurlResult(result.ExitCode, seconds, result.Error.Trim());
    }
}
