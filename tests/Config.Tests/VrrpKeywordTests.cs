using System;
using System.Linq;
using System.Net.Sockets;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The keywords of <c>vrrp_instance</c> that make it more than a plain router of version 2.</summary>
public sealed class VrrpKeywordTests
{
    private const string Everything =
        """
        unicast_src_ip 192.168.5.1
        unicast_ttl 9
        unicast_peer {
            192.168.5.2 min_ttl 3 max_ttl 9
            192.168.5.3/24
        }
        mcast_dst_ip 224.0.0.19
        track_src_ip
        check_unicast_src
        use_vmac vrrp.9 02:00:00:00:00:01
        vmac_xmit_base
        vrf blue
        dont_track_primary
        no_accept
        strict_mode
        down_timer_adverts 5
        lower_prio_no_advert
        higher_prio_send_advert
        owner_ignore_adverts
        skip_check_adv_addr
        v3_checksum_as_v2
        promote_secondaries
        garp_master_refresh 60
        garp_master_refresh_repeat 2
        garp_lower_prio_delay 3
        garp_lower_prio_repeat 4
        garp_extra_if all 100
        notify_master "/bin/m 'a b'" root wheel
        notify /bin/n
        notify_deleted /bin/d
        notify_master_rx_lower_pri /bin/l
        smtp_alert
        virtual_routes {
            192.168.9.0/24 via 192.168.5.9 dev ens33 mtu lock 1400 no_track
        }
        virtual_rules {
            from 192.168.9.0/24 table 5
        }
        """;

    [Fact]
    public void Everything_about_an_instance_is_read()
    {
        VrrpInstance one = Sample.With("advert_int 1", Everything).Read();

        Assert.Equal(["192.168.5.2 3-9", "192.168.5.3 -1--1"], one.Transport.Peers.Select(peer =>
            $"{peer.Address} {peer.TtlMin}-{peer.TtlMax}"));
        Assert.Equal(("192.168.5.1", 9), ($"{one.Transport.Source}", one.Transport.UnicastTtl));
        Assert.Equal("224.0.0.19", $"{one.Transport.Group}");
        Assert.Equal((true, true), (one.Transport.TrackSource, one.Transport.CheckUnicastSource));
        Assert.Equal(new VmacSettings
        {
            Name = "vrrp.9",
            MacAddress = "02:00:00:00:00:01",
            TransmitByBase = true,
            Vrf = "blue",
        }, one.Vmac);
        Assert.Equal((true, false, true, 5), (one.DontTrackPrimary, one.Accept, one.Strict, one.DownTimerAdverts));
        Assert.True(one.LowerPriorityNoAdvert && one.HigherPrioritySendAdvert && one.OwnerIgnoresAdverts);
        Assert.True(one.SkipCheckAdvertAddresses && one.ChecksumAsVersion2 && one.PromoteSecondaries && one.SmtpAlert);
        Assert.Equal((Sample.Seconds(60), 2), (one.Announce.MasterRefresh, one.Announce.MasterRefreshRepeat));
        Assert.Equal((Sample.Seconds(3), 4), (one.Announce.LowerPriorityDelay, one.Announce.LowerPriorityRepeat));
        Assert.Equal((Sample.Seconds(100), true), (one.Announce.ExtraInterfaces, one.Announce.ExtraOnAll));
        Assert.Equal("/bin/m 'a b' (as root:wheel)", $"{one.Notify.Master}");
        Assert.Equal(("/bin/n", "/bin/d"), ($"{one.Notify.Any}", $"{one.Notify.Deleted}"));
        RouteLine route = Assert.Single(one.Routes);
        Assert.Equal("192.168.9.0/24 via 192.168.5.9 dev ens33 mtu lock 1400", string.Join(' ', route.Words));
        Assert.Equal((true, false), (route.NoTrack, route.IsIpv6));
        Assert.Equal("from 192.168.9.0/24 table 5", string.Join(' ', Assert.Single(one.Rules).Words));
    }

    [Theory]
    [InlineData("garp_master_delay 7\ngarp_master_repeat 8", 7, 8)]
    [InlineData("garp_master_delay 7\ngarp_lower_prio_delay 2", 2, 5)]
    public void After_a_lower_priority_it_announces_as_after_becoming_master(string lines, int delay, int repeat)
    {
        AnnounceTiming timing = Sample.With("advert_int 1", lines).Read().Announce;

        Assert.Equal((Sample.Seconds(delay), repeat), (timing.LowerPriorityDelay, timing.LowerPriorityRepeat));
    }

    [Theory]
    [InlineData("version 3\nadvert_int 0.25", 0.25)]
    [InlineData("advert_int 0.257\nversion 3", 0.26)]
    [InlineData("version 3\nadvert_int 41", 1)]
    [InlineData("version 3", 1)]
    public void Version_3_counts_in_hundredths_and_has_no_authentication(string lines, double seconds)
    {
        DirectorConfig config = Sample.With("advert_int 1", lines).Config;

        VrrpInstance one = Assert.Single(config.Instances);
        Assert.Equal((3, Sample.Seconds(seconds)), (one.Version, one.AdvertInterval));
        Assert.Equal((VrrpAuthentication.None, 0), (one.Authentication, one.Password.Length));
    }

    [Fact]
    public void Addresses_of_ipv6_make_it_an_instance_of_ipv6()
    {
        DirectorConfig config = Sample.With(
            "192.168.5.100\n", "fe80::5\n2001:db8::5/64 dev ens34 preferred_lft 0 -nodad\n192.168.5.100\n").Config;

        VrrpInstance one = Assert.Single(config.Instances);
        Assert.Equal((3, AddressFamily.InterNetworkV6), (one.Version, one.Family));
        Assert.Equal("ff02::12", one.Transport.Group.ToString());
        Assert.Equal(["fe80::5/128", "2001:db8::5/64"], one.Addresses.Select(it => $"{it.Ip}/{it.PrefixLength}"));
        Assert.Equal((Sample.Seconds(0), "ens34"), (one.Addresses[1].PreferredLifetime, one.Addresses[1].Device));
        Assert.Equal(AddressTraits.DuplicateDetection, one.Addresses[1].Flags);
    }

    [Fact]
    public void An_instance_inherits_what_is_said_for_all()
    {
        VrrpInstance one = Sample.With(
            "router_id youxi1",
            """
            vrrp_strict
            vrrp_down_timer_adverts 4
            vrrp_lower_prio_no_advert
            vrrp_higher_prio_send_advert
            vrrp_check_unicast_src
            vrrp_mcast_group4 224.0.0.99
            vrrp_garp_interval 0.5
            smtp_alert_vrrp
            """).Read();

        Assert.Equal((true, false, 4), (one.Strict, one.Accept, one.DownTimerAdverts));
        Assert.True(one.LowerPriorityNoAdvert && one.HigherPrioritySendAdvert && one.SmtpAlert);
        Assert.Equal((true, "224.0.0.99"), (one.Transport.CheckUnicastSource, $"{one.Transport.Group}"));
        Assert.Equal(Sample.Seconds(0.5), one.Announce.GarpInterval);
    }

    [Theory]
    [InlineData("unicast_peer {\n}", "there is no peer: adverts go to the group")]
    [InlineData("unicast_peer {\n::1:2\n}", "::0.1.0.2 is IPv6, unlike the addresses of the instance; it is left out")]
    [InlineData("unicast_peer {\n10.0.0.1 min_tll 4\n}", "'min_tll' is neither min_ttl nor max_ttl; every peer needs")]
    [InlineData("unicast_peer {\n10.0.0.1 min_ttl 256\n}", "'256' is outside the range of min_ttl, 0 to 255")]
    [InlineData("mcast_dst_ip 10.0.0.1", "'10.0.0.1' is not a multicast address")]
    [InlineData("use_vmac 02:00:00", "'02:00:00' is not a MAC address")]
    [InlineData("virtual_routes {\n10.0.0.0/8 vai 10.0.0.1\n}", "'vai' is not an option of a route; the line is")]
    [InlineData("virtual_rules {\nfrom\n}", "'from' lacks its value; the line is left out")]
    [InlineData("notify_master", "'notify_master' lacks its value: a command")]
    public void What_is_wrong_is_said(string lines, string error) =>
        Assert.Contains(
            Sample.With("advert_int 1", lines).Findings(),
            text => text.Contains($"error: {error}", StringComparison.Ordinal));

    [Theory]
    [InlineData("unicast_peers {\n10.0.0.1\n}", true)]
    [InlineData("mcast_dst_ipp 224.0.0.19", true)]
    [InlineData("auth_hmac {\nkey k\n}", true)]
    [InlineData("use_vmac", false)]
    [InlineData("owner_ignore_adverts", false)]
    public void An_instance_that_its_peers_would_not_hear_does_not_run(string lines, bool isHeldBack)
    {
        ParseResult result = Sample.With("advert_int 1", lines);

        Assert.True(result.HasErrors);
        Assert.Equal(isHeldBack ? 0 : 1, result.Config.Instances.Length);
        Assert.Equal(isHeldBack ? 1 : 0, result.Config.HeldBack.Length);
    }

    [Fact]
    public void Keys_of_a_trailer_are_numbered()
    {
        HmacSettings hmac = Sample.With(
            "advert_int 1",
            "auth_hmac {\nkey first\nkey 7 \"second key\"\nactive_key 7\ntime_window 30\nanti_replay\nmode strict\n}")
            .Read().Hmac!;

        Assert.Equal([(0, "first"), (7, "second key")], hmac.Keys.Select(one => (one.Id, one.Key.Reveal())));
        Assert.Equal((7, Sample.Seconds(30), true, "strict"),
            (hmac.ActiveKey, hmac.TimeWindow, hmac.AntiReplay, hmac.Mode));
    }
}
