using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>What is newer than the tutorial's pair: VRRPv3 with short intervals, IPv6, unicast.</summary>
[Trait("Group", "Peers")]
[Collection(PeerLab.FirstLane)]
public sealed class PeerVersion3Tests
{
    private const double Short = 0.5;
    private const string LinkLocalVip = "fe80::5:100", GlobalVip = "fd00:5::100";

    private static readonly PeerInstance Quick = new() { Version = 3, Interval = Short };

    [Theory]
    [InlineData(PeerKind.XdpLvs, PeerKind.Keepalived)]
    [InlineData(PeerKind.Keepalived, PeerKind.XdpLvs)]
    [InlineData(PeerKind.XdpLvs, PeerKind.Frr)]
    [InlineData(PeerKind.Frr, PeerKind.XdpLvs)]
    public async Task The_stronger_is_elected_and_hands_over_within_the_skew_time(PeerKind strong, PeerKind weak)
    {
        using var lab = new PeerLab(strong == PeerKind.XdpLvs ? weak : strong);
        PeerRouter stronger = lab.Router("youxi1", strong, Quick with { Priority = 200 });
        PeerRouter weaker = lab.Router("youxi2", weak, Quick with { Priority = 100 });
        await stronger.StartAsync();
        await weaker.StartAsync();
        await lab.AdvertAsync(stronger, 0, 6);
        await lab.AdvertsPassAsync(stronger, 4);
        Assert.Empty(lab.Adverts(weaker));

        Task stopped = stronger.StopAsync();
        CapturedFrame farewell = await lab.AdvertAsync(stronger, 0, 5, priority: 0);
        CapturedFrame first = await lab.AdvertAsync(weaker, farewell.Us, 5);
        await stopped;

        lab.Took("taking over from a master that resigned", farewell.Us, first.Us, weaker.Instance.SkewUs);
    }

    [Theory]
    [InlineData(PeerKind.XdpLvs, PeerKind.Keepalived)]
    [InlineData(PeerKind.Keepalived, PeerKind.XdpLvs)]
    public async Task Over_ipv6_the_stronger_has_the_addresses_until_it_is_stopped(PeerKind strong, PeerKind weak)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerInstance both = Quick with { Addresses = [LinkLocalVip, GlobalVip + "/64"] };
        PeerRouter stronger = lab.Router("youxi1", strong, both with { Priority = 200 });
        PeerRouter weaker = lab.Router("youxi2", weak, both with { Priority = 100 });
        foreach (PeerRouter router in (PeerRouter[])[stronger, weaker])
        {
            router.Host.SetSysctl($"net/ipv6/conf/{router.Host.Link}/accept_dad", 0); // usable at once
            router.Host.SetSysctl($"net/ipv6/conf/{router.Host.Link}/disable_ipv6", 0);
        }

        await HandsOverAsync(lab, stronger, weaker, LinkLocalVip, GlobalVip);
    }

    [Theory]
    [InlineData(PeerKind.XdpLvs, PeerKind.Keepalived)]
    [InlineData(PeerKind.Keepalived, PeerKind.XdpLvs)]
    public async Task By_unicast_the_stronger_has_the_address_until_it_is_stopped(PeerKind strong, PeerKind weak)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerRouter stronger = lab.Router("youxi1", strong, To("192.168.5.102") with { Priority = 200 });
        PeerRouter weaker = lab.Router("youxi2", weak, To("192.168.5.101") with { Priority = 100 });

        await HandsOverAsync(lab, stronger, weaker, PeerInstance.Vip);
        Assert.DoesNotContain(lab.Frames, frame => frame.IsVrrp); // a tap on the switch itself hears groups only
    }

    private static PeerInstance To(string peer) => Quick with { Options = ["unicast_peer {", peer, "}"] };

    private static async Task HandsOverAsync(
        PeerLab lab, PeerRouter stronger, PeerRouter weaker, params string[] addresses)
    {
        await weaker.StartAsync();
        await lab.HoldersAsync(5, addresses[0], weaker);
        await stronger.StartAsync();
        foreach (string address in addresses)
        {
            await lab.HoldersAsync(5, address, stronger);
        }

        await stronger.StopAsync();
        foreach (string address in addresses)
        {
            await lab.HoldersAsync(3, address, weaker);
        }
    }
}
