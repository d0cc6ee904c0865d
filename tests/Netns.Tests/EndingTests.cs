using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>How a daemon ends, and what is left of it: nothing when asked, next to nothing when shot.</summary>
public sealed class EndingTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private const string Host = "youxi1";
    private const int ManyServers = 200;

    public ValueTask DisposeAsync() => cluster.StopDaemonsAsync();

    [Theory]
    [InlineData("TERM", "auto")]
    [InlineData("INT", "auto")]
    [InlineData("TERM", "xdp-generic")]
    [InlineData("TERM", "packet")]
    [InlineData("INT", "packet")]
    public async Task A_signal_takes_down_all_that_was_set_up(string signal, string io)
    {
        DaemonHost daemon = await cluster.StartAsync(Host, Configs.Director(), "--io", io);
        await daemon.BecomeMasterAsync();

        int? code = await daemon.EndAsync(signal);

        Assert.Equal(0, code);
        await daemon.LogAsync("(VI_1) sent 0 priority");
        cluster.AssertNothingLeft(Host);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("packet")]
    public async Task A_killed_daemon_leaves_its_address_only_and_the_next_start_removes_it(string io)
    {
        DaemonHost killed = await cluster.StartAsync(Host, Configs.Director(), "--io", io);
        await killed.BecomeMasterAsync();

        Assert.Equal(137, await killed.EndAsync("KILL"));

        Assert.True(cluster[Host].Holds(TutorialNetwork.Vip), "nobody was left to remove the address");
        string files = cluster.ControlOf(Host);
        System.IO.File.Delete(files); // the socket file is the one other thing that nobody could remove
        cluster.AssertNothingLeft(Host, vipMayStay: true);
        DaemonHost next = await cluster.StartAsync(Host, Configs.Director(), "--io", io);
        await next.LogAsync("(VI_1) removing VIPs. 192.168.5.100 was left on ens33");
        await next.BecomeMasterAsync();
        Assert.Equal(0, await next.EndAsync("TERM"));
        cluster.AssertNothingLeft(Host);
    }

    [Fact]
    public async Task A_killed_daemons_socket_file_does_not_stop_the_next_one()
    {
        DaemonHost killed = await cluster.StartAsync(Host, Configs.Director());
        await killed.EndAsync("KILL");
        Assert.True(System.IO.File.Exists(cluster.ControlOf(Host)));

        DaemonHost next = await cluster.StartAsync(Host, Configs.Director());

        Assert.Contains("192.168.5.100:80", next.Table());
        Assert.Equal(0, await next.EndAsync("TERM"));
    }

    [Theory]
    [InlineData("exec 3<>\"$0\"; exec \"$@\" >&3 2>&1")] // a terminal that was stopped: a pipe that fills up
    [InlineData("exec \"$@\" > >(exit 0) 2>&1")] // a terminal that is gone: nobody at the pipe's other end
    public async Task A_log_that_nobody_reads_delays_no_advert_and_no_end(string redirect)
    {
        string pipe = cluster.PathOf("pipe");
        System.IO.File.Delete(pipe);
        cluster[Host].Exec("mkfifo", pipe).OrThrow();
        string[] reals = [.. Enumerable.Range(1, ManyServers).Select(number => $"10.77.0.{number}")];
        string file = cluster.Write(
            "many.conf", Configs.Instance() + Configs.Service("192.168.5.100 80", Configs.Unchecked(reals)));
        TapProcess tap = TapProcess.Start(cluster.Network.Switch, cluster[Host].Port, "vrrp");
        LabProcess process = cluster[Host].Start("xdplvs mute", "bash", "-c", redirect, pipe,
            DaemonHost.Executable, "run", "-f", file, "--control", cluster.ControlOf(Host));
        DaemonHost daemon = cluster.Adopt(Host, process);
        await Soon.RequireAsync(() => daemon.Host.Holds(TutorialNetwork.Vip), () => "it never became master");

        long before = TimeProvider.System.Microseconds();
        for (int i = 0; i < 20; i++) // each change is a line for every real server
        {
            cluster[Host].Exec("ip", "route", "add", "10.77.0.0/24", "dev", "ens33").OrThrow();
            await Task.Delay(100, TestContext.Current.CancellationToken);
            cluster[Host].Exec("ip", "route", "del", "10.77.0.0/24").OrThrow();
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        List<CapturedFrame> adverts = [.. tap.Frames.Where(frame => frame.VrrpId == 51 && frame.Us > before)];
        Assert.InRange(adverts.Count, 4, 60);
        Assert.InRange(Beat.LongestGapMs(adverts), 900, 1300);
        Assert.Equal(0, await daemon.EndAsync("TERM"));
        cluster.AssertNothingLeft(Host);
        await tap.StopAsync();
    }
}
