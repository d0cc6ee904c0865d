using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>Two instances on the same pair, each host the master of one: the usual way to use both.</summary>
[Trait("Group", "Peers")]
[Collection(PeerLab.SecondLane)]
public sealed class PeerMutualTests
{
    private const string SecondVip = "192.168.5.105";

    private static readonly PeerInstance First = new() { Name = "VI_1", Vrid = 51, Password = "1111" };

    private static readonly PeerInstance Second =
        new() { Name = "VI_2", Vrid = 52, Password = "2222", Addresses = [SecondVip] };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_is_master_of_its_own_and_carries_both_while_the_other_is_dead(bool oursDies)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerKind dying = oursDies ? PeerKind.XdpLvs : PeerKind.Keepalived;
        PeerKind living = oursDies ? PeerKind.Keepalived : PeerKind.XdpLvs;
        PeerRouter one = lab.Router("youxi1", dying, First with { Priority = 100 }, Second with { Priority = 90 });
        PeerRouter two = lab.Router("youxi2", living, Second with { Priority = 100 }, First with { Priority = 90 });
        await one.StartAsync();
        await two.StartAsync();
        await EachHasItsOwnAsync(lab, one, two);

        one.Die();
        long last = lab.Adverts(one)[^1].Us;
        CapturedFrame inherited = await lab.AdvertAsync(two, last, 6, priority: 90, vrid: First.Vrid);
        lab.Took("taking over from a dead master", last, inherited.Us, (First with { Priority = 90 }).DownUs);
        Assert.True(two.Host.Holds(SecondVip));

        one.Host.SetCable(plugged: true);
        await one.StartAsync();
        await EachHasItsOwnAsync(lab, one, two);
    }

    private static async Task EachHasItsOwnAsync(PeerLab lab, PeerRouter one, PeerRouter two)
    {
        // Who starts first is master of both until the other has listened for long enough.
        await lab.HoldersAsync(8, PeerInstance.Vip, one);
        await lab.HoldersAsync(8, SecondVip, two);
        await lab.AdvertsPassAsync(one, 2);
        await lab.AdvertsPassAsync(two, 1);
        await lab.HoldersAsync(1, PeerInstance.Vip, one);
        await lab.HoldersAsync(1, SecondVip, two);
    }
}
