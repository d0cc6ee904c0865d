using System;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>xdplvs and keepalived elect one master, and follow each other in the time that theory allows.</summary>
[Trait("Group", "Peers")]
[Collection(PeerLab.FirstLane)]
public sealed class PeerElectionTests
{
    private static readonly PeerInstance Strong = new() { Priority = 100, Password = "1111" };
    private static readonly PeerInstance Weak = Strong with { Priority = 90 };

    [Theory]
    [InlineData(true, "1111")]
    [InlineData(true, null)]
    [InlineData(false, "1111")]
    [InlineData(false, null)]
    public async Task The_stronger_becomes_master_in_time_and_the_other_stays_backup(
        bool oursIsStronger, string? secret)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        (PeerRouter ours, PeerRouter theirs) = Pair(lab, oursIsStronger, secret);
        (PeerRouter stronger, PeerRouter weaker) = oursIsStronger ? (ours, theirs) : (theirs, ours);

        long began = await stronger.StartAsync();
        await weaker.StartAsync();
        CapturedFrame first = await lab.AdvertAsync(stronger, 0, 6);
        await lab.AdvertsPassAsync(stronger, 4); // as long as the weaker would wait for a silent master

        lab.Took("becoming master", began, first.Us, Strong.DownUs);
        await lab.HoldersAsync(1, PeerInstance.Vip, stronger);
        Assert.Empty(lab.Adverts(weaker));
        Assert.Empty(weaker.Lines("MASTER STATE"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_master_that_is_stopped_hands_over_within_the_skew_time(bool oursStops)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        (PeerRouter stronger, PeerRouter weaker) = Ranked(lab, oursStops);
        await lab.SettleAsync(stronger, weaker);

        Task stopped = stronger.StopAsync();
        CapturedFrame farewell = await lab.AdvertAsync(stronger, 0, 5, priority: 0);
        CapturedFrame first = await lab.AdvertAsync(weaker, farewell.Us, 5);
        await stopped;

        lab.Took("taking over from a master that resigned", farewell.Us, first.Us, Weak.SkewUs);
        await lab.HoldersAsync(1, PeerInstance.Vip, weaker);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dead_master_is_replaced_within_the_down_time_and_preempts_when_it_returns(bool oursDies)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        (PeerRouter stronger, PeerRouter weaker) = Ranked(lab, oursDies);
        await lab.SettleAsync(stronger, weaker);

        stronger.Die();
        CapturedFrame first = await lab.AdvertAsync(weaker, 0, 6);
        lab.Took("taking over from a dead master", lab.Adverts(stronger)[^1].Us, first.Us, Weak.DownUs);

        stronger.Host.SetCable(plugged: true);
        long began = await stronger.StartAsync();
        CapturedFrame back = await lab.AdvertAsync(stronger, began, 6);
        lab.Took("preempting", began, back.Us, Strong.DownUs);
        await lab.HoldersAsync(1, PeerInstance.Vip, stronger);
        await weaker.SaysAsync(
            $"Master received advert from {stronger.Host.Address} with higher priority 100, ours 90",
            TimeSpan.FromSeconds(1));
        await lab.AdvertsPassAsync(stronger, 2);
        await lab.HoldersAsync(1, PeerInstance.Vip, stronger);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_shall_not_preempt_leaves_a_weaker_master_alone_and_still_replaces_it(bool oursIsStronger)
    {
        PeerInstance patient = Strong with { Options = ["nopreempt"] };
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerRouter stronger = lab.Router("youxi1", KindOf(oursIsStronger), patient);
        PeerRouter weaker = lab.Router("youxi2", KindOf(!oursIsStronger), Weak);
        await weaker.StartAsync();
        await lab.AdvertAsync(weaker, 0, 6);

        await stronger.StartAsync();
        await lab.AdvertsPassAsync(weaker, 5);
        Assert.Empty(lab.Adverts(stronger));
        await lab.HoldersAsync(1, PeerInstance.Vip, weaker);

        Task stopped = weaker.StopAsync();
        CapturedFrame farewell = await lab.AdvertAsync(weaker, 0, 5, priority: 0);
        CapturedFrame first = await lab.AdvertAsync(stronger, farewell.Us, 5);
        await stopped;
        lab.Took("taking over from a master that resigned", farewell.Us, first.Us, patient.SkewUs);
        await lab.HoldersAsync(1, PeerInstance.Vip, stronger);
    }

    private static PeerKind KindOf(bool ours) => ours ? PeerKind.XdpLvs : PeerKind.Keepalived;

    private static (PeerRouter Stronger, PeerRouter Weaker) Ranked(PeerLab lab, bool oursIsStronger) =>
        (lab.Router("youxi1", KindOf(oursIsStronger), Strong), lab.Router("youxi2", KindOf(!oursIsStronger), Weak));

    private static (PeerRouter Ours, PeerRouter Theirs) Pair(PeerLab lab, bool oursIsStronger, string? secret)
    {
        PeerInstance ours = (oursIsStronger ? Strong : Weak) with { Password = secret };
        PeerInstance theirs = (oursIsStronger ? Weak : Strong) with { Password = secret };
        return (lab.Router("youxi1", PeerKind.XdpLvs, ours), lab.Router("youxi2", PeerKind.Keepalived, theirs));
    }
}
