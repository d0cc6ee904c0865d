using System;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Tests;

/// <summary>Waits for what the kernel or another thread will do, as briefly as it takes.</summary>
internal static class Eventually
{
    private const long PatienceMicroseconds = 30_000_000;

    /// <summary>Fails with these words when it does not happen within 30 s.</summary>
    public static Task Async(Func<bool> happened, string otherwise) => Async(happened, () => otherwise);

    /// <summary>As above; the words are made when they are needed.</summary>
    public static async Task Async(Func<bool> happened, Func<string> otherwise)
    {
        long deadline = Clock.NowMicroseconds + PatienceMicroseconds;
        while (!happened())
        {
            if (Clock.NowMicroseconds > deadline && !happened())
            {
                Assert.Fail(otherwise());
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
