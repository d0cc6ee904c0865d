using System;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Verbs;

/// <summary><c>get URL</c>: a curl for machines without one.</summary>
internal static class GetVerb
{
    /// <summary>Prints the answer. Returns 0 when there was one.</summary>
    public static async Task<int> RunAsync(Uri url, int timeoutMs)
    {
        var timeout = TimeSpan.FromMilliseconds(timeoutMs);
        RequestResult result = await HttpRequest.GetAsync(url, timeout, TimeProvider.System);
        (result.Ok ? Console.Out : Console.Error).WriteLine(result.Body);
        return result.Ok ? 0 : 1;
    }
}
