using System;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Tests;

/// <summary>Waits for what the kernel or another thread will do, as briefly as it takes.</summary>
internal static class Eventually
{
    private const long PatienceMicroseconds = 15_000_000;

    /// <summary>Fails with these words when it does not happen within 15 s.</summary>
    public static async Task Async(Func<bool> happened, string otherwise)
    {
        long deadline = Clock.NowMicroseconds + PatienceMicroseconds;
        while (!happened())
        {
            Assert.True(Clock.NowMicroseconds < deadline, otherwise);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
