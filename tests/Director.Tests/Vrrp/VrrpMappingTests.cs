using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Notify;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tracking;
using XdpLvs.Director.Vrrp;
using XdpLvs.Linux.Netlink;
using XdpLvs.Vrrp;
using Xunit;

namespace XdpLvs.Director.Tests.Vrrp;

/// <summary>From the words of a file to what the election is told.</summary>
public sealed class VrrpMappingTests
{
    private const uint Own = 0xC0A80565;

    private readonly List<string> _complaints = [];

    [Fact]
    public void Version_intervals_and_timings_reach_the_election()
    {
        VrrpSettings self = Map(
            "version 3\nadvert_int 0.2\npreempt_delay 3\ndown_timer_adverts 5\nhigher_prio_send_advert off\n"
            + "v3_checksum_as_v2\nskip_check_adv_addr\ngarp_master_refresh 60\ngarp_lower_prio_repeat 2",
            "vrrp_startup_delay 4\nvrrp_garp_interval 0.1").Settings;

        Assert.Equal((3, 200_000L, (byte)5), (self.Version, self.IntervalMicroseconds, self.DownTimerAdverts));
        Assert.Equal((3_000_000, 4_000_000), (self.PreemptDelayMicroseconds, self.StartupDelayMicroseconds));
        Assert.Equal((false, true, true), (self.HigherPrioSendAdvert, self.PlainChecksum, self.SkipCheckOfSameSender));
        AnnounceSettings announce = self.Announce;
        Assert.Equal(
            (60_000_000L, 100_000L, (byte)2),
            (announce.RefreshMicroseconds, announce.ArpIntervalMicroseconds, announce.LowerPriorityRepeat));
        Assert.Equal(VrrpAddress.FromUInt32(Own), self.SourceAddress);
        Assert.Empty(_complaints);
    }

    [Fact]
    public void Unicast_has_peers_a_ttl_and_a_source_of_its_own()
    {
        InstancePlan plan = Map(
            "unicast_src_ip 10.0.0.9\nunicast_ttl 7\ncheck_unicast_src\n"
            + "unicast_peer {\n10.0.0.2 min_ttl 3 max_ttl 9\n10.0.0.3\n}");

        Assert.Equal(["10.0.0.2 3-9", "10.0.0.3 0-255"], plan.Settings.Peers.Select(peer =>
            $"{peer.Address} {peer.TimeToLiveMin}-{peer.TimeToLiveMax}"));
        Assert.Equal((7, true), (plan.Settings.TimeToLive, plan.Settings.CheckUnicastSource));
        Assert.Equal(("10.0.0.9", "10.0.0.9"), ($"{plan.FixedSource}", $"{plan.Settings.SourceAddress}"));
    }

    [Fact]
    public void An_ipv6_address_is_not_asked_for_unless_the_operator_wants_it_to_be()
    {
        InstancePlan plan = Map("", addresses: "fe80::5\nfd00::5/64 -nodad noprefixroute no_track");

        Assert.True(plan.Settings.IsV6);
        Assert.True(plan.Settings.SourceAddress.IsUnspecified);
        Assert.Equal((0u, null), (plan.Addresses[0].PreferredSeconds, plan.Addresses[1].PreferredSeconds));
        Assert.Equal((Addresses.NoDuplicateDetection, true), (plan.Addresses[0].Flags, plan.Addresses[0].IsTracked));
        Assert.Equal((Addresses.NoPrefixRoute, false), (plan.Addresses[1].Flags, plan.Addresses[1].IsTracked));
    }

    [Theory]
    [InlineData(100, 500)] // what is left of 600 s after boot
    [InlineData(900, 20)]
    public void The_longer_of_two_delays_counts(int upSeconds, int expected)
    {
        InstancePlan plan = Map("", "vrrp_startup_delay 20\nvrrp_delay_after_boot 600", up: upSeconds);

        Assert.Equal(expected * 1_000_000L, plan.Settings.StartupDelayMicroseconds);
    }

    [Fact]
    public void Strict_mode_leaves_out_what_the_standard_does_not_know_and_says_so()
    {
        VrrpSettings self = Map("strict_mode\nversion 3\npreempt_delay 9").Settings;

        Assert.Equal((true, 0L, (byte)1), (self.Strict, self.PreemptDelayMicroseconds, self.Announce.Repeat));
        Assert.Contains(_complaints, line => line.Contains("preempt_delay is not supported", StringComparison.Ordinal));
        Assert.Contains(_complaints, line => line.Contains("still reach this host", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "Interface eth9 0, Interface eth8 0")]
    [InlineData("sync_group_tracking_weight", "Interface eth9 0, Interface eth7 -9, Interface eth8 0")]
    public void A_member_tracks_what_its_group_tracks_and_weights_of_its_own_only_if_asked(string line, string expected)
    {
        InstancePlan plan = Map(
            "track_interface {\neth9\neth7 weight -9\n}",
            top: "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\n}\n" + line + "\ntrack_interface {\neth8\n}\n}\n"
                + Instance("VI_2", 52, "", "192.168.5.101"));

        Assert.Equal(("G", true), (plan.SyncGroup, plan.Settings.IsGroupMember));
        Assert.Equal(
            expected, string.Join(", ", plan.Tracks.Select(item => $"{item.Id.Kind} {item.Id.Name} {item.Weight}")));
    }

    [Theory]
    [InlineData(Role.Backup, Role.Active, Reason.AdvertTimeout, NoticeKind.Master)]
    [InlineData(Role.Active, Role.Fault, Reason.LinkDown, NoticeKind.Fault)]
    [InlineData(Role.Active, Role.Leaving, Reason.Shutdown, NoticeKind.Stop)]
    [InlineData(Role.Backup, Role.Initialize, Reason.Shutdown, NoticeKind.Stop)]
    [InlineData(Role.Leaving, Role.Initialize, Reason.SuccessorHeard, null)] // has said so when it began to leave
    [InlineData(Role.Active, Role.Active, Reason.LowerPriority, NoticeKind.MasterHeardLower)]
    [InlineData(Role.Backup, Role.Backup, Reason.PriorityChanged, NoticeKind.BackupPriority)]
    [InlineData(Role.Backup, Role.Backup, Reason.PriorityZero, null)]
    public void Scripts_and_fifos_are_told_what_keepalived_tells(
        Role before, Role after, Reason reason, object? expected) =>
        Assert.Equal(expected, VrrpHerald.KindOf(new XdpLvs.Vrrp.Notice(before, after, reason, default)));

    private static string Instance(string name, int vrid, string lines, string addresses) =>
        $"vrrp_instance {name} {{\ninterface eth0\nvirtual_router_id {vrid}\npriority 100\n{lines}\n"
        + $"virtual_ipaddress {{\n{addresses}\n}}\n}}\n";

    private InstancePlan Map(
        string lines, string globals = "", string addresses = "192.168.5.100", string top = "", int up = 1_000_000)
    {
        string text = $"global_defs {{\n{globals}\n}}\n" + Instance("VI_1", 51, lines, addresses) + top;
        DirectorConfig config = ConfigReader.Parse(text, "t.conf").Config;
        TrackPlan tracks = TrackMapping.Plan(config, new ScriptDesk(config.Globals.Scripts, _complaints.Add));
        bool isV4 = !addresses.Contains(':', StringComparison.Ordinal);
        return VrrpMapping.Plan(
            config.Instances[0], config, tracks, isV4 ? Own : default, TimeSpan.FromSeconds(up), _complaints.Add);
    }
}
