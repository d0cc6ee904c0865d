using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Director.Vrrp;
using XdpLvs.Vrrp;
using Xunit;

namespace XdpLvs.Director.Tests.Vrrp;

/// <summary>The VRRP thread on real sockets: both families, unicast, sync groups; also with keepalived.</summary>
public sealed class VrrpSpeakerTests
{
    private static readonly VrrpSettings Four = new()
    {
        Name = "VI_4",
        Vrid = 51,
        Version = VrrpVersion.Three,
        IntervalMicroseconds = 200_000,
        SourceAddress = VrrpAddress.FromUInt32(0),
        Addresses = [VrrpAddress.Parse(SpeakerLab.VipV4)],
    };

    private static readonly VrrpSettings Six = Four with
    {
        Name = "VI_6",
        SourceAddress = default,
        Addresses = [VrrpAddress.Parse(SpeakerLab.VipV6), VrrpAddress.Parse("fd00:5::100")],
    };

    public static TheoryData<bool> Families => [false, true];

    [Theory]
    [MemberData(nameof(Families))]
    public void The_stronger_holds_the_addresses_and_hands_them_over_without_a_gap(bool isV6)
    {
        using var lab = new SpeakerLab();
        VrrpSettings self = isV6 ? Six : Four;
        string vip = isV6 ? SpeakerLab.VipV6 : SpeakerLab.VipV4;
        VrrpSpeaker strong = lab.Speak(1, self);
        VrrpSpeaker weak = lab.Speak(2, self with { Priority = 90 });
        SpeakerLab.Eventually(() => strong.Routers[0].Role == Role.Active, "host 1 is active");
        SpeakerLab.Eventually(() => weak.Routers[0].Counters.AdvertsReceived > 5, "host 2 hears it");
        Assert.Equal(Role.Backup, weak.Routers[0].Role);
        Assert.Equal([1], lab.Holders(vip));

        strong.Dispose();

        SpeakerLab.Eventually(() => lab.Holders(vip) is [2], "host 2 has the address, and host 1 has not");
        Assert.Equal(
            Reason.SuccessorHeard, strong.Routers[0].History.Last()[^1].Notice.Reason); // it kept it until then
        Assert.Equal(1, weak.Routers[0].Counters.PriorityZeroReceived);
    }

    [Fact]
    public void Unicast_peers_elect_one_too()
    {
        using var lab = new SpeakerLab();
        VrrpSpeaker strong = lab.Speak(1, Unicast(2));
        VrrpSpeaker weak = lab.Speak(2, Unicast(1) with { Priority = 90 });

        SpeakerLab.Eventually(() => strong.Routers[0].Role == Role.Active, "host 1 is active");
        SpeakerLab.Eventually(() => weak.Routers[0].Counters.AdvertsReceived > 5, "host 2 hears it");

        Assert.Equal(Role.Backup, weak.Routers[0].Role);
        Assert.Equal([1], lab.Holders(SpeakerLab.VipV4));
    }

    [Fact]
    public void A_sync_group_moves_as_one()
    {
        using var lab = new SpeakerLab();
        VrrpSettings first = Four with { IsGroupMember = true };
        VrrpSettings second = first with { Name = "VI_5", Vrid = 52, Addresses = [VrrpAddress.Parse("10.78.0.101")] };
        VrrpSpeaker strong = lab.Speak(1, first, second);
        VrrpSpeaker weak = lab.Speak(2, first with { Priority = 90 }, second with { Priority = 90 });
        SpeakerLab.Eventually(() => Are(strong, Role.Active) && Are(weak, Role.Backup), "host 1 is active");

        strong.Post("VI_5", VrrpEvent.Failed(FaultCauses.Tracked));

        SpeakerLab.Eventually(() => Are(strong, Role.Fault) && Are(weak, Role.Active), "both members move");
        strong.Post("VI_5", VrrpEvent.Recovered(FaultCauses.Tracked));
        SpeakerLab.Eventually(() => Are(strong, Role.Active) && Are(weak, Role.Backup), "both members come back");
        Assert.Contains(ReadAll(strong), notice => notice is { IsGroup: true, Name: "G", What.After: Role.Fault });
    }

    [Fact]
    public void A_weight_decides_and_a_cable_does()
    {
        using var lab = new SpeakerLab();
        VrrpSpeaker one = lab.Speak(1, Four);
        VrrpSpeaker two = lab.Speak(2, Four with { Priority = 90 });
        SpeakerLab.Eventually(() => one.Routers[0].Role == Role.Active, "host 1 is active");

        one.Post(null, VrrpEvent.Weighed(-20));
        SpeakerLab.Eventually(() => two.Routers[0].Role == Role.Active, "host 2 outweighs it");
        lab.Cable(2, plugged: false, two);
        SpeakerLab.Eventually(() => two.Routers[0].Role == Role.Fault, "host 2 has no cable");
        lab.Cable(2, plugged: true, two);
        SpeakerLab.Eventually(() => two.Routers[0].Role is Role.Backup or Role.Active, "host 2 is back");
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [Trait("Group", "Peers")]
    public void Keepalived_and_we_elect_one_by_version_3(bool isV6, bool isUnicast, bool oursIsStronger)
    {
        using var lab = new SpeakerLab();
        VrrpSettings self = isV6 ? Six : isUnicast ? Unicast(2) : Four;
        string vip = isV6 ? SpeakerLab.VipV6 : SpeakerLab.VipV4;
        VrrpSpeaker ours = lab.Speak(1, self with { Priority = (byte)(oursIsStronger ? 120 : 80) });
        string[] block =
        [
            "state BACKUP", $"interface {SpeakerLab.Link}", "virtual_router_id 51", "priority 100", "advert_int 0.2",
            "version 3", isUnicast ? "unicast_peer {\n10.78.0.1\n}" : "", "virtual_ipaddress {",
            .. self.Addresses.Select(address => address.ToString()), "}",
        ];
        lab.StartKeepalived(2, block);

        int stronger = oursIsStronger ? 1 : 2;
        SpeakerLab.Eventually(() => lab.Holders(vip) is [var only] && only == stronger, "the stronger has the address");

        VrrpCounters counters = ours.Routers[0].Counters;
        long seen = counters.AdvertsReceived + counters.AdvertsSent;
        SpeakerLab.Eventually(() => counters.AdvertsReceived + counters.AdvertsSent > seen + 10, "adverts go on");
        Assert.Equal([stronger], lab.Holders(vip));
        Assert.All(Enum.GetValues<AdvertFault>(), fault => Assert.Equal(0, counters.Refused(fault)));
        Assert.Equal(oursIsStronger ? Role.Active : Role.Backup, ours.Routers[0].Role);
    }

    private static VrrpSettings Unicast(int peer) =>
        Four with { Peers = [new UnicastPeer(VrrpAddress.Parse($"10.78.0.{peer}"))] };

    private static bool Are(VrrpSpeaker speaker, Role role) => speaker.Routers.All(router => router.Role == role);

    private static List<VrrpNotice> ReadAll(VrrpSpeaker speaker)
    {
        List<VrrpNotice> all = [];
        while (speaker.Notices.TryRead(out VrrpNotice notice))
        {
            all.Add(notice);
        }

        return all;
    }
}
