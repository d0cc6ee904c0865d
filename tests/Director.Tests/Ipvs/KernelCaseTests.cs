using System;
using System.Linq;
using System.Text.RegularExpressions;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using Xunit;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>
/// Letter for letter what the real ipvsadm prints on a kernel with the same services, connections and traffic:
/// families, protocols, schedulers with their switches, persistence with its masks, thresholds, one-packet scheduling,
/// orders.
/// </summary>
public sealed partial class KernelCaseTests : IDisposable
{
    private readonly ToyDirector _director = ToyDirector.LikeTheKernel(new BookOfNames());

    public void Dispose() => _director.Dispose();

    [Theory]
    [InlineData("-Ln", "ln.txt")]
    [InlineData("-l --numeric --sort", "ln.txt")]
    [InlineData("-Ln --stats", "stats.txt")]
    [InlineData("-Ln --stats --exact", "stats-exact.txt")]
    [InlineData("-LnX --rate --stats --persistent-conn --thresholds --tun-info", "stats-exact.txt")]
    [InlineData("-Ln --rate", "rate.txt")]
    [InlineData("-Ln --rate --thresholds --persistent-conn", "rate.txt")]
    [InlineData("-Ln --thresholds", "thresholds.txt")]
    [InlineData("-Ln --persistent-conn --thresholds", "thresholds.txt")]
    [InlineData("-Ln --persistent-conn", "persistent-conn.txt")]
    [InlineData("-Ln --tun-info", "tun-info.txt")]
    [InlineData("-Ln -t 192.168.5.100:80", "one.txt")]
    [InlineData("-Lnt vip.example.net:www", "one.txt")]
    [InlineData("-Ln --nosort --thresholds -t 192.168.5.100:8080", "one-nosort.txt")]
    [InlineData("-Ln --persistent-conn --tcp-service [2001:db8:5::100]:8080", "one-v6.txt")]
    [InlineData("-Ln --stats --rate -u 192.168.5.100:53", "stats-one.txt")]
    [InlineData("-L --timeout", "timeout.txt")]
    [InlineData("-Sn", "sn.txt")]
    [InlineData("-L", "names.txt")]
    [InlineData("-S", "names-rules.txt")]
    [InlineData("-L -t vip:http", "names-one.txt")]
    public void A_listing(string words, string file) =>
        Assert.Equal(Rules.WithoutSize(Rules.Case(file)), Rules.WithoutSize(_director.List(words)));

    [Theory]
    [InlineData("-Lnc", "lnc.txt")]
    [InlineData("-Lnc --exact --nosort --tun-info", "lnc.txt")]
    [InlineData("-Lnc --persistent-conn", "lnc-persistent.txt")]
    [InlineData("-Lc", "names-connections.txt")]
    public void Connections_but_for_their_order_and_seconds(string words, string file) =>
        Assert.Equal(WithoutChance(Rules.Case(file)), WithoutChance(_director.List(words)));

    [Fact]
    public void Every_state_has_a_name() => Assert.DoesNotContain(
        Enum.GetValues<FlowState>().Skip(1),
        state => IpvsWords.State(new FlowEntry(default, IsTemplate: false, state, 0, 0)) == "NONE");

    [Fact]
    public void Their_seconds()
    {
        string[] expected = Rules.Case("lnc.txt").Split('\n'), shown = _director.List("-Lnc").Split('\n');

        Assert.Equal(
            expected.Where(line => line.StartsWith("UDP", StringComparison.Ordinal)).Order(),
            shown.Where(line => line.StartsWith("UDP", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Connections_come_in_pages_and_none_is_lost()
    {
        using var director = new ToyDirector(Plans.Web, flows: 1 << 16);
        RealServerEntry real = director.Keeper.Services[0].Reals[0];
        for (uint i = 0; i < 20_000; i++)
        {
            director.Remember(FlowId.ForV4(0x0A000000 + i, 1, Plans.Vip, 80, 6), FlowState.Established, real, 900);
        }

        director.Remember(
            FlowId.ForV6(new IpAddress(1, 2), 3, new IpAddress(4, 5), 6, 17), FlowState.Udp, real, 300);

        string[] rows = director.List("-Lnc").Split('\n')[2..^1];

        Assert.True(director.Flows.Slots > 2 << 16);
        Assert.Equal(20_001, rows.Distinct().Count());
        Assert.Equal(20_001, rows.Length);
    }

    [Fact]
    public void A_page_behind_the_end_is_empty() =>
        Assert.Equal("0\n", _director.Questions.Answer(["connections", "2147483647"], ToyDirector.Now).Output);

    [Fact]
    public void Without_a_word_everything_is_listed_by_name() =>
        Assert.Equal(Rules.WithoutSize(Rules.Case("names.txt")), Rules.WithoutSize(_director.Ipvsadm().Output));

    [Fact]
    public void The_size_is_that_of_our_own_table() => Assert.StartsWith(
        $"IP Virtual Server version 1.2.1 (size={_director.Flows.Capacity})\n",
        _director.List("-Ln"),
        StringComparison.Ordinal);

    [Fact]
    public void Zeroing_one_service_leaves_the_others()
    {
        Assert.Equal("", _director.List("-Z --tcp-service 192.168.5.100:80"));

        Assert.Equal(
            Rules.WithoutSize(Rules.Case("stats-zeroed.txt")), Rules.WithoutSize(_director.List("-Ln --stats")));
    }

    [Theory]
    [InlineData("-Z")]
    [InlineData("-Z -t 0.0.0.0:0")]
    public void Zeroing_everything_lets_every_number_begin_anew(string words)
    {
        _director.List(words);

        Assert.DoesNotMatch(@"[1-9]\d*( +\d+){0,4}\n", BehindNames(_director.List("-Ln --stats")));
        Assert.Equal(Rules.WithoutSize(Rules.Case("ln.txt")), Rules.WithoutSize(_director.List("-Ln")));
    }

    [Fact]
    public void Timeouts_that_are_0_stay_as_they_were()
    {
        Assert.Equal("", _director.List("--set 0 60 0"));
        Assert.Equal(Rules.Case("timeout-set.txt"), _director.List("-L --timeout"));

        Assert.Equal("", _director.List("--set 2678400 0 1"));
        Assert.Equal("Timeout (tcp tcpfin udp): 2678400 60 1\n", _director.List("-L --timeout"));
    }

    [Fact]
    public void Set_timeouts_reach_the_next_table()
    {
        _director.List("--set 10 20 30");

        Assert.Equal(
            new FlowTimeouts(FlowClock.Ticks(10), FlowClock.Ticks(20), FlowClock.Ticks(30)),
            _director.Keeper.Build("ens33", default, []).Timeouts);
    }

    [Fact]
    public void Complaints_and_exit_codes()
    {
        foreach (string scene in Rules.Case("complaints.txt").Split("## ", StringSplitOptions.RemoveEmptyEntries))
        {
            string words = scene[..scene.IndexOf('\n', StringComparison.Ordinal)];
            (int exit, string output, string errors) = _director.Ipvsadm(words.Split(' '));

            string said = errors.Replace("xdplvs ipvsadm", "ipvsadm", StringComparison.Ordinal);
            Assert.Equal(scene, $"{words}\n{said}{output}=> {exit}\n");
        }
    }

    [Fact]
    public void Every_complaint_was_asked_for() => Assert.Equal(
        Rules.Case("arguments.txt"),
        string.Concat(Rules.Case("complaints.txt").Split('\n')
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..] + "\n")));

    /// <summary>The tables are hashed, each with a number of its own; seconds passed between two listings.</summary>
    private static string[] WithoutChance(string connections) =>
    [
        .. connections.Trim().Split('\n').Take(2),
        .. connections.Trim().Split('\n').Skip(2).Select(line => Expiry().Replace(line, "mm:ss", 1)).Order(),
    ];

    private static string BehindNames(string listing) =>
        string.Concat(listing.Split('\n').Skip(3).Select(line => line.Length > 40 ? line[^45..] + "\n" : ""));

    [GeneratedRegex(@"\d\d:\d\d")]
    private static partial Regex Expiry();
}
