using System;
using System.Linq;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>What is tracked, by whom, and in which groups.</summary>
public sealed class TrackingTests
{
    private const string Tracked =
        """
        vrrp_script chk {
            script "/bin/chk -v"
            interval 2
            weight -20 reverse
            rise 3
            fall 4
            user nobody
            init_fail
        }
        track_file f {
            file /run/f
            init_file 7 overwrite
        }
        vrrp_track_process p {
            process haproxy -f "/etc/h.cfg"
            param_match partial
            quorum 2
            quorum_max 5
            delay 0.5
            fork_delay 1
            full_command
        }
        bfd_instance b {
            neighbor_ip fe80::1
            source_ip fe80::2
            min_rx 3.5
            multiplier 3
            max_hops 255
            passive
        }

        """;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_tracked_may_be_defined_before_or_behind(bool isBefore)
    {
        string text = Sample.Text.Replace(
            "advert_int 1",
            "track_script {\nchk\n}\ntrack_file {\nf weight 9\n}\ntrack_process {\np weight -3 reverse\n}\n"
            + "track_bfd {\nb\n}\ntrack_interface {\nens34 weight 5\nens35\n}",
            StringComparison.Ordinal);
        VrrpInstance one = Sample.Parse(isBefore ? Tracked + text : text + Tracked).Read();

        Assert.Equal(
            ["Script chk -20 True", "File f 9 False", "Process p -3 True", "Bfd b 0 False",
                "Interface ens34 5 False", "Interface ens35 0 False"],
            one.Tracks.Select(track => $"{track.Kind} {track.Name} {track.Weight} {track.Reverse}"));
    }

    [Fact]
    public void What_can_be_tracked_is_read_whole()
    {
        DirectorConfig config = Sample.Parse(Tracked).Config;
        TrackScript script = Assert.Single(config.Scripts);
        TrackProcess process = Assert.Single(config.Processes);
        BfdInstance session = Assert.Single(config.BfdInstances);

        Assert.Equal("/bin/chk -v (as nobody)", $"{script.Command}");
        Assert.Equal((Sample.Seconds(2), Sample.Seconds(2)), (script.Interval, script.Timeout));
        Assert.Equal((-20, true, 3, 4, true),
            (script.Weight, script.Reverse, script.Rise, script.Fall, script.InitFail));
        Assert.Equal(("/run/f", 1, 7, true), (config.Files[0].Path, config.Files[0].Weight,
            config.Files[0].InitialValue, config.Files[0].Overwrite));
        Assert.Equal(["haproxy", "-f", "/etc/h.cfg"], process.Command);
        Assert.Equal((ParameterMatch.Partial, 2, 5), (process.Match, process.Quorum, process.QuorumMax));
        Assert.Equal((Sample.Seconds(0.5), Sample.Seconds(1)), (process.TerminateDelay, process.ForkDelay));
        Assert.Equal(TimeSpan.FromMilliseconds(3.5), session.MinReceive);
        Assert.Equal((TimeSpan.FromMilliseconds(10), Sample.Seconds(1)), (session.MinTransmit, session.IdleTransmit));
        Assert.Equal((3, -1, true, 64), (session.Multiplier, session.MaxHops, session.Passive, session.Ttl));
    }

    [Theory]
    [InlineData("track_script {\nchkk\n}", "there is no vrrp_script 'chkk'; did you mean 'chk'?")]
    [InlineData("track_script {\nchk weight 254\n}", "'254' is outside the range of weight, -253 to 253")]
    [InlineData("track_script {\nchk wieght 5\n}", "'wieght' is none of weight and reverse; the rest of the line is")]
    [InlineData("track_file {\ng\n}", "there is no track_file 'g'")]
    [InlineData("track_bfd {\ng\n}", "there is no bfd_instance 'g'")]
    public void What_names_nothing_is_an_error(string block, string error) =>
        Assert.Contains(
            Sample.Parse(Tracked + Sample.Text.Replace("advert_int 1", block, StringComparison.Ordinal)).Findings(),
            text => text.Contains($"error: {error}", StringComparison.Ordinal));

    [Theory]
    [InlineData("vrrp_script s {\ninterval 2\n}", "1:1: error: this needs 'script'; it is left out")]
    [InlineData("track_file s {\n}", "1:1: error: this needs 'file'; it is left out")]
    [InlineData("bfd_instance s {\n}", "1:1: error: the session needs 'neighbor_ip'; it is left out")]
    [InlineData("vrrp_script {\n}", "1:1: error: 'vrrp_script' lacks its value: a name")]
    [InlineData("bfd_instance s {\nneighbor_ip 10.0.0.1\nmin_rx 0\n}", "3:8: error: '0' is not a time for min_rx")]
    public void What_cannot_be_tracked_is_an_error(string block, string error) =>
        Assert.Contains(Sample.Parse(block).Findings(), text => text.StartsWith(error, StringComparison.Ordinal));

    [Fact]
    public void A_group_has_its_members_wherever_they_are()
    {
        ParseResult result = Sample.Parse(
            "vrrp_sync_group G {\ngroup {\nVI_1\nVI_2\nVI_3\n}\nnotify_master /m\ntrack_interface {\nens9\n}\n"
            + "sync_group_tracking_weight\n}\n" + Sample.Text + Instance("VI_2", 52)
            + "track_group T {\ngroup {\nVI_2\n}\n}\n");

        SyncGroup group = Assert.Single(result.Config.SyncGroups);
        Assert.Equal(["VI_1", "VI_2"], group.Instances);
        Assert.Equal(("/m", true), ($"{group.Notify.Master}", group.TrackingWeight));
        Assert.Equal("ens9", Assert.Single(group.Tracks).Name);
        Assert.Equal(["VI_2"], Assert.Single(result.Config.TrackGroups).Instances);
        Assert.Contains("5:1: error: there is no vrrp_instance 'VI_3'; did you mean 'VI_1'?", result.Findings());
    }

    [Fact]
    public void An_instance_is_in_one_group()
    {
        const string group = " {\ngroup {\nVI_1\nVI_2\n}\n}\n";
        ParseResult result = Sample.Parse(
            Sample.Text + Instance("VI_2", 52) + "vrrp_sync_group G" + group + "vrrp_sync_group H" + group);

        Assert.Equal("G", Assert.Single(result.Config.SyncGroups).Name);
        Assert.Contains(result.Findings(), text =>
            text.EndsWith("error: instance 'VI_1' is in group 'G' already", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nopreempt\ntrack_interface {\na weight 5\n}", "warning: 'nopreempt' makes the weights of what is tr")]
    [InlineData("priority 255\ntrack_interface {\na weight 5\n}", "warning: weights do not change priority 255")]
    [InlineData("priority 254\ntrack_interface {\na weight 5\n}", "warning: with it the priority is 254 or 254")]
    [InlineData("priority 100\ntrack_interface {\na weight -20\n}", "notice: with it the priority is 100 or 80: anot")]
    public void Weights_that_do_nothing_are_said(string lines, string finding) =>
        Assert.Contains(
            Sample.Parse(Sample.Text.Replace("MASTER", "BACKUP", StringComparison.Ordinal)
                .Replace("priority 100", lines, StringComparison.Ordinal)).Findings(),
            text => text.Contains(finding, StringComparison.Ordinal));

    [Fact]
    public void What_the_host_has_anyway_is_read()
    {
        StaticSettings all = Sample.Parse(
            """
            static_ipaddress {
                10.1.1.1/24 brd + track_group T
                10.1.1.2 dev eth1 peer 10.1.1.9
            }
            static_routes {
                2001:db8::/64 via fe80::1 dev eth0
                blackhole 10.9.0.0/16
            }
            static_rules {
                to 10.0.0.0/8 table 7 priority 5
            }
            interface_up_down_delays {
                eth0 1.5
                eth1 2 3
            }
            garp_group {
                garp_interval 0.1
                gna_interval 0.2
                interfaces {
                    eth0
                    eth1
                }
            }
            track_group T {
                group {
                }
            }
            """).Config.Static;

        Assert.Equal(["eth0 10.1.1.255 T", "eth1  "], all.Addresses.Select(one =>
            $"{one.Device} {one.Broadcast} {one.TrackGroup}"));
        Assert.Equal("10.1.1.9", all.Addresses[1].Peer!.ToString());
        Assert.Equal([true, false], all.Routes.Select(route => route.IsIpv6));
        Assert.Equal(["to", "10.0.0.0/8", "table", "7", "priority", "5"], Assert.Single(all.Rules).Words);
        Assert.Equal([(1.5, 1.5), (2, 3)], all.Delays.Select(one => (one.Down.TotalSeconds, one.Up.TotalSeconds)));
        Assert.Equal(["eth0", "eth1"], Assert.Single(all.GarpGroups).Interfaces);
    }

    private static string Instance(string name, int id) =>
        $"vrrp_instance {name} {{\ninterface ens33\nvirtual_router_id {id}\n"
        + $"virtual_ipaddress {{\n10.0.0.{id}\n}}\n}}\n";
}
