using System;
using XdpLvs.Linux.Bpf;
using XdpLvs.Linux.Process;
using Xunit;

namespace XdpLvs.Linux.Tests;

public sealed class KernelTicksTests : IDisposable
{
    private readonly KernelTicks _ticks;

    public KernelTicksTests()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: runs a program in the kernel");
        _ticks = new KernelTicks();
    }

    public void Dispose() => _ticks?.Dispose();

    [Fact]
    public void Ticks_go_by_the_clock()
    {
        long began = Clock.NowMicroseconds;
        ulong before = _ticks.Now, after = before;
        for (int i = 0; i < 10_000_000 && after < before + 3; i++)
        {
            after = _ticks.Now;
        }

        Assert.True(after >= before + 3, "the clock stands still");
        double elapsed = (Clock.NowMicroseconds - began) / 1e6;
        Assert.InRange((after - before) / (double)Clock.TicksPerSecond, 0, elapsed + (2.0 / Clock.TicksPerSecond));
    }

    [Fact]
    public void A_second_from_now_is_a_second_of_ticks_away()
    {
        ulong now = _ticks.Now, then = _ticks.After(TimeSpan.FromSeconds(1));

        Assert.InRange(Clock.TicksPerSecond, 24, 10_000);
        Assert.True(then > now + (ulong)Clock.TicksPerSecond, "too soon");
    }
}
