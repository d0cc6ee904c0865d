using System;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests;

/// <summary>A director that has nothing to forward hardly uses the processor.</summary>
public sealed class IdleTests(LivingPair pair) : IClassFixture<LivingPair>
{
    private const double ShareMax = 0.02; // loose: the figure itself is what 'perf idle' measures

    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task An_idle_master_uses_less_than_two_hundredths_of_a_core()
    {
        // An earlier request touches the whole path once: what is compiled on the way is not idling.
        await pair.Client.GetAsync("http://192.168.5.100/", stop: TestContext.Current.CancellationToken);
        TimeSpan before = pair.Master.ProcessorTime();

        await Task.Delay(Watched, TestContext.Current.CancellationToken);

        TimeSpan used = pair.Master.ProcessorTime() - before;
        Assert.True(used / Watched < ShareMax, $"{used.TotalMilliseconds:0} ms in {Watched.TotalSeconds:0} s");
    }
}
