using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>xdplvs and FRR's vrrpd elect one master, and follow each other: VRRPv2 without authentication.</summary>
/// <remarks>
/// FRR keeps the virtual address on a macvlan for good and takes that down while it is backup; who owns it is read
/// from the adverts. Its skew is that of VRRPv3, in whole hundredths of a second.
/// </remarks>
[Trait("Group", "Peers")]
[Collection(PeerLab.SecondLane)]
public sealed class PeerFrrTests
{
    private const int Strong = 200, Weak = 100;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_stronger_is_elected_and_hands_over_within_the_skew_time_when_it_is_stopped(bool oursStops)
    {
        using var lab = new PeerLab(PeerKind.Frr);
        (PeerRouter stronger, PeerRouter weaker) = await ElectAsync(lab, oursStops);

        Task stopped = stronger.StopAsync();
        CapturedFrame farewell = await lab.AdvertAsync(stronger, 0, 5, priority: 0);
        CapturedFrame first = await lab.AdvertAsync(weaker, farewell.Us, 5);
        await stopped;

        lab.Took("taking over from a master that resigned", farewell.Us, first.Us, Skew(weaker, isOurs: !oursStops));
        await lab.HoldersAsync(1, PeerInstance.Vip, oursStops ? [] : [weaker]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_dead_master_is_replaced_within_the_down_time_and_preempts_when_it_returns(bool oursDies)
    {
        using var lab = new PeerLab(PeerKind.Frr);
        (PeerRouter stronger, PeerRouter weaker) = await ElectAsync(lab, oursDies);

        stronger.Die();
        CapturedFrame first = await lab.AdvertAsync(weaker, 0, 6);
        lab.Took("taking over from a dead master", lab.Adverts(stronger)[^1].Us, first.Us,
            3_000_000 + Skew(weaker, isOurs: !oursDies));

        stronger.Host.SetCable(plugged: true);
        long began = await stronger.StartAsync();
        CapturedFrame back = await lab.AdvertAsync(stronger, began, 6);
        lab.Took("preempting", began, back.Us, 3_000_000 + Skew(stronger, isOurs: oursDies));
        await lab.AdvertsPassAsync(stronger, 3);
        Assert.DoesNotContain(lab.Adverts(weaker), frame => frame.Us > back.Us + 1_000_000);
        await lab.HoldersAsync(1, PeerInstance.Vip, oursDies ? [stronger] : []);
    }

    private static async Task<(PeerRouter Stronger, PeerRouter Weaker)> ElectAsync(PeerLab lab, bool oursIsStronger)
    {
        PeerRouter stronger = lab.Router("youxi1", Kind(oursIsStronger), new PeerInstance { Priority = Strong });
        PeerRouter weaker = lab.Router("youxi2", Kind(!oursIsStronger), new PeerInstance { Priority = Weak });
        long began = await stronger.StartAsync();
        await weaker.StartAsync();
        CapturedFrame first = await lab.AdvertAsync(stronger, 0, 6);
        await lab.AdvertsPassAsync(stronger, 4);

        lab.Took("becoming master", began, first.Us, 3_000_000 + Skew(stronger, oursIsStronger));
        Assert.Empty(lab.Adverts(weaker));
        await lab.HoldersAsync(1, PeerInstance.Vip, oursIsStronger ? [stronger] : []);
        return (stronger, weaker);
    }

    private static PeerKind Kind(bool ours) => ours ? PeerKind.XdpLvs : PeerKind.Frr;

    private static long Skew(PeerRouter router, bool isOurs) =>
        isOurs ? router.Instance.SkewUs : PeerFrr.SkewUs(router.Instance);
}
