using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>Schedulers, their switches, and scheduling by the packet.</summary>
public sealed class SchedulingTests
{
    [Theory]
    [InlineData("rr", SchedulerKind.RoundRobin)]
    [InlineData("wrr", SchedulerKind.WeightedRoundRobin)]
    [InlineData("lc", SchedulerKind.LeastConnections)]
    [InlineData("wlc", SchedulerKind.WeightedLeastConnections)]
    [InlineData("lblc", SchedulerKind.LocalityLeastConnections)]
    [InlineData("lblcr", SchedulerKind.LocalityLeastConnectionsReplicated)]
    [InlineData("sh", SchedulerKind.SourceHashing)]
    [InlineData("mh", SchedulerKind.Maglev)]
    [InlineData("dh", SchedulerKind.DestinationHashing)]
    [InlineData("fo", SchedulerKind.WeightedFailover)]
    [InlineData("ovf", SchedulerKind.WeightedOverflow)]
    [InlineData("sed", SchedulerKind.ShortestExpectedDelay)]
    [InlineData("nq", SchedulerKind.NeverQueue)]
    [InlineData("twos", SchedulerKind.PowerOfTwo)]
    public void Every_scheduler_of_the_kernel_has_its_word(string word, SchedulerKind kind)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo {word}");

        Assert.Empty(result.Diagnostics);
        Assert.Equal(kind, result.Service().Scheduler);
    }

    [Fact]
    public void No_scheduler_is_without_a_word() =>
        Assert.Equal(
            Enum.GetValues<SchedulerKind>().Length,
            typeof(SchedulingTests).GetMethod(nameof(Every_scheduler_of_the_kernel_has_its_word))!
                .GetCustomAttributesData().Count(data => data.AttributeType == typeof(InlineDataAttribute)));

    [Theory]
    [InlineData("sh", "sh-port", SchedulerSwitches.UsePort)]
    [InlineData("sh", "sh-fallback", SchedulerSwitches.Fallback)]
    [InlineData("sh", "sh-port\nsh-fallback", SchedulerSwitches.UsePort | SchedulerSwitches.Fallback)]
    [InlineData("mh", "mh-port", SchedulerSwitches.UsePort)]
    [InlineData("mh", "mh-fallback\nmh-port", SchedulerSwitches.UsePort | SchedulerSwitches.Fallback)]
    [InlineData("sh", "flag-1", SchedulerSwitches.Fallback)]
    [InlineData("sh", "flag-2", SchedulerSwitches.UsePort)]
    [InlineData("mh", "flag-1\nflag-2", SchedulerSwitches.UsePort | SchedulerSwitches.Fallback)]
    [InlineData("mh", "flag-1\nmh-fallback", SchedulerSwitches.Fallback)]
    [InlineData("sh", "sh-port off", SchedulerSwitches.None)]
    [InlineData("sh", "sh-port\nsh-port off", SchedulerSwitches.None)]
    public void A_flag_of_its_scheduler_is_a_switch_in_front_of_it_or_behind(
        string scheduler, string flags, SchedulerSwitches switches)
    {
        ParseResult before = Sample.With("lb_algo rr", $"{flags}\nlb_algo {scheduler}");
        ParseResult behind = Sample.With("lb_algo rr", $"lb_algo {scheduler}\n{flags}");

        Assert.Empty(before.Diagnostics);
        Assert.Empty(behind.Diagnostics);
        Assert.Equal((switches, switches), (before.Service().SchedulerSwitches, behind.Service().SchedulerSwitches));
    }

    [Theory]
    [InlineData("rr", "sh-port", "error: 'sh-port' is for scheduler sh, not for rr; it is ignored")]
    [InlineData("mh", "sh-fallback", "error: 'sh-fallback' is for scheduler sh, not for mh; it is ignored")]
    [InlineData("sh", "mh-port", "error: 'mh-port' is for scheduler mh, not for sh; it is ignored")]
    [InlineData("wlc", "mh-fallback", "error: 'mh-fallback' is for scheduler mh, not for wlc; it is ignored")]
    [InlineData("rr", "flag-1", "warning: 'flag-1' means nothing to scheduler rr")]
    [InlineData("dh", "flag-2", "warning: 'flag-2' means nothing to scheduler dh")]
    [InlineData("sh", "flag-3", "warning: 'flag-3' means nothing to scheduler sh")]
    [InlineData("mh", "sh-prot", "error: unknown keyword 'sh-prot'; did you mean 'sh-port'?")]
    public void A_flag_that_its_scheduler_does_not_have_is_said_and_not_set(
        string scheduler, string flag, string finding)
    {
        ParseResult result = Sample.With("lb_algo rr", $"lb_algo {scheduler}\n{flag}");

        Assert.Equal([$"21:1: {finding}"], result.Findings());
        Assert.Equal(SchedulerSwitches.None, result.Service().SchedulerSwitches);
    }

    [Theory]
    [InlineData("UDP", "ops", true, false)]
    [InlineData("UDP", "ops off", false, false)]
    [InlineData("TCP", "ops off", false, false)]
    [InlineData("TCP", "ops", false, true)]
    [InlineData("SCTP", "ops", false, true)]
    public void Packets_are_scheduled_one_by_one_for_UDP_only(string protocol, string line, bool isOn, bool isError)
    {
        ParseResult result = Sample.With("protocol TCP", $"protocol {protocol}\n{line}");

        Assert.Equal(
            isError ? ["23:1: error: 'ops' is for protocol UDP only; it is ignored"] : [], result.Findings());
        Assert.Equal(isOn, result.Service().OnePacket);
    }
}
