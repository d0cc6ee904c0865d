using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>Asks again and again until something is so. Deadlines are generous: who passes does not wait.</summary>
internal static class Soon
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>True as soon as it holds, false when the limit has passed.</summary>
    public static async Task<bool> HoldsAsync(Func<bool> holds, TimeSpan? limit = null)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        long deadline = TimeProvider.System.Microseconds() + (long)(limit ?? Usual).TotalMicroseconds;
        while (!holds())
        {
            if (TimeProvider.System.Microseconds() > deadline)
            {
                return false;
            }

            await Task.Delay(Pause, stop);
        }

        return true;
    }

    /// <summary>Fails with the reason, asked for at the end, unless it holds within the limit.</summary>
    public static async Task RequireAsync(Func<bool> holds, Func<string> reason, TimeSpan? limit = null)
    {
        if (!await HoldsAsync(holds, limit))
        {
            Assert.Fail(reason());
        }
    }
}
