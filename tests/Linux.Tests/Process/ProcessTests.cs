using System;
using System.IO;
using System.Threading.Tasks;
using XdpLvs.Linux.Process;
using Xunit;

namespace XdpLvs.Linux.Tests.Process;

public sealed class ProcessTests
{
    [Theory]
    [InlineData("000001ffffffffff", CapabilitySet.None)]
    [InlineData("0000000000000000", (CapabilitySet)15)]
    [InlineData("0000000000003000", CapabilitySet.Bpf | CapabilitySet.IpcLock)]
    [InlineData("0000008000004000", CapabilitySet.NetAdmin | CapabilitySet.NetRaw)]
    public void Names_the_capabilities_that_are_missing(string effective, CapabilitySet missing) =>
        Assert.Equal(missing, Capabilities.Missing(["Name:\tx", "CapPrm:\t000001ffffffffff", "CapEff:\t" + effective]));

    [Fact]
    public void Without_an_answer_every_capability_is_missing() =>
        Assert.Equal((CapabilitySet)15, Capabilities.Missing([]));

    [Fact]
    public void The_clock_goes_forward_and_allocates_nothing()
    {
        long start = Clock.NowMicroseconds, last = start;
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool back = false;
        for (int i = 0; i < 10_000; i++)
        {
            long now = Clock.NowMicroseconds;
            back |= now < last;
            last = now;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.False(back);
        Assert.InRange(last - start, 1, 10_000_000);
    }

    [Fact]
    public void A_thread_stays_where_it_is_pinned()
    {
        string? allowed = null;
        var thread = new System.Threading.Thread(() =>
        {
            Affinity.PinCurrentThread(0);
            allowed = File.ReadAllText("/proc/thread-self/status");
        });
        thread.Start();
        thread.Join();

        Assert.Contains("Cpus_allowed_list:\t0\n", allowed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processor_that_is_not_there_is_refused() =>
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => Affinity.PinCurrentThread(1000)).Number);

    [Fact]
    public async Task What_runs_in_a_namespace_leaves_everybody_else_outside()
    {
        using var network = new TestNetwork();
        string outside = OwnNamespace(), inside = network.Here.Run(OwnNamespace);
        var workers = new Task<string>[16];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = Task.Run(OwnNamespace, TestContext.Current.CancellationToken);
        }

        Assert.NotEqual(outside, inside);
        Assert.Equal(outside, OwnNamespace());
        Assert.All(await Task.WhenAll(workers), seen => Assert.Equal(outside, seen));
    }

    [Fact]
    public void An_exception_in_a_namespace_comes_out_as_it_is()
    {
        using var network = new TestNetwork();
        Assert.Throws<InvalidDataException>(() => network.Here.Run(() => throw new InvalidDataException()));
    }

    [Fact]
    public void A_namespace_is_found_by_process_too()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: enters a network namespace");
        using var own = NetworkNamespace.OfProcess(Environment.ProcessId);
        Assert.Equal(OwnNamespace(), own.Run(OwnNamespace));
    }

    [Fact]
    public void A_namespace_that_is_not_there_is_named()
    {
        var refused = Assert.Throws<LinuxException>(() => NetworkNamespace.Open("xln-none"));
        Assert.Equal("open /run/netns/xln-none: ENOENT (No such file or directory)", refused.Message);
    }

    private static string OwnNamespace() => File.ResolveLinkTarget("/proc/thread-self/ns/net", false)!.Name;
}
