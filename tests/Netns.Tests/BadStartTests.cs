using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>A start that cannot succeed says why, once, ends with keepalived's exit code and leaves nothing.</summary>
public sealed class BadStartTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private const string Host = "youxi1";

    public ValueTask DisposeAsync() => cluster.StopDaemonsAsync();

    [Fact]
    public void A_missing_configuration_is_named()
    {
        CommandResult end = cluster.Run(Host, cluster.PathOf("nowhere.conf"));

        AssertRefused(end, 6, "nowhere.conf");
    }

    [Fact]
    public void A_folder_is_no_configuration()
    {
        string folder = Directory.CreateDirectory(cluster.PathOf("folder.conf")).FullName;

        CommandResult end = cluster.Run(Host, folder);

        AssertRefused(end, 6, folder);
    }

    [Fact]
    public void An_interface_that_does_not_exist_is_named_with_its_place()
    {
        string file = cluster.Write("nic.conf", Configs.Instance(device: "nope0") + Configs.Web);

        CommandResult end = cluster.Run(Host, file);

        AssertRefused(end, 1, "nic.conf:1:", "VI_1", "interface nope0 does not exist");
    }

    [Fact]
    public void Strict_does_not_start_with_errors()
    {
        string text = Configs.Instance()
            + Configs.Service("192.168.5.100 80", Configs.Real("192.168.5.103", "TCP_CHEK {"));

        CommandResult end = cluster.Run(Host, cluster.Write("strict.conf", text), "--strict");

        Assert.Equal(2, end.ExitCode);
        Assert.Single(Lines(end), line => line.Contains("TCP_CHEK", StringComparison.Ordinal));
        Assert.Single(Lines(end), line => line.Contains("fatal: ", StringComparison.Ordinal)
            && line.Contains("--strict", StringComparison.Ordinal));
        cluster.AssertNothingLeft(Host);
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_control_socket_ends_and_disturbs_nothing()
    {
        DaemonHost first = await cluster.StartAsync(Host, Configs.Director());
        await first.BecomeMasterAsync();

        CommandResult end = cluster.Run(Host, cluster.Write("second.conf", Configs.Director()));

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("another xdplvs is running", Assert.Single(Lines(end)));
        Assert.Contains(cluster.ControlOf(Host), end.Output);
        await AssertUndisturbedAsync(first);
    }

    [Theory]
    [InlineData("auto", "XDP")]
    [InlineData("xdp-generic", "XDP")]
    [InlineData("packet", "table netdev xdplvs-ens33")]
    public async Task A_second_daemon_on_the_same_interface_ends_and_disturbs_nothing(string io, string holder)
    {
        DaemonHost first = await cluster.StartAsync(Host, Configs.Director(), "--io", io);
        await first.BecomeMasterAsync();

        string file = cluster.Write("second.conf", Configs.Director()), control = cluster.PathOf("second.sock");
        CommandResult end = cluster[Host].Exec(
            DaemonHost.Executable, "run", "-f", file, "--control", control, "--io", io);

        Assert.Equal(1, end.ExitCode);
        string line = Assert.Single(Lines(end));
        Assert.Contains("ens33", line);
        Assert.Contains(holder, line);
        Assert.False(File.Exists(control));
        await AssertUndisturbedAsync(first);
    }

    [Fact]
    public void Every_missing_privilege_is_named()
    {
        string file = cluster.Write("bare.conf", Configs.Director());

        CommandResult end = cluster[Host].Exec(
            "setpriv", "--inh-caps=-all", "--bounding-set=-net_admin,-net_raw,-bpf,-ipc_lock",
            DaemonHost.Executable, "run", "-f", file, "--control", cluster.ControlOf(Host));

        AssertRefused(end, 4, "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF", "CAP_IPC_LOCK");
    }

    [Fact]
    public void A_single_missing_privilege_is_named_alone()
    {
        string file = cluster.Write("bare.conf", Configs.Director());

        CommandResult end = cluster[Host].Exec(
            "setpriv", "--inh-caps=-all", "--bounding-set=-net_raw",
            DaemonHost.Executable, "run", "-f", file, "--control", cluster.ControlOf(Host));

        AssertRefused(end, 4, "CAP_NET_RAW");
        Assert.DoesNotContain("CAP_NET_ADMIN", end.Output);
    }

    [Fact]
    public async Task The_four_privileges_are_enough_for_the_driver_s_xdp()
    {
        string file = cluster.Write("four.conf", Configs.Director());

        LabProcess process = cluster[Host].Start(
            "xdplvs with four privileges",
            "setpriv", "--bounding-set=-all,+net_admin,+net_raw,+bpf,+ipc_lock", "--inh-caps=-all",
            DaemonHost.Executable, "run", "-f", file, "--control", cluster.ControlOf(Host), "--io", "xdp");
        DaemonHost daemon = cluster.Adopt(Host, process);

        await daemon.LogAsync("forwarding by XDP native");
        await daemon.BecomeMasterAsync();
        Assert.Equal(0, await daemon.EndAsync("TERM"));
    }

    [Fact]
    public async Task An_mtu_too_large_for_xdp_ends_xdp_and_sends_auto_to_af_packet()
    {
        SetMtu(9000);
        try
        {
            CommandResult end = cluster.Run(Host, cluster.Write("mtu.conf", Configs.Director()), "--io", "xdp");
            AssertRefused(end, 1, "ens33", "MTU 9000", "--io packet");

            DaemonHost daemon = await cluster.StartAsync(Host, Configs.Director());
            Assert.Single(daemon.Log, line => line.Contains("warning: ", StringComparison.Ordinal)
                && line.Contains("MTU 9000", StringComparison.Ordinal)
                && line.Contains("falling back to AF_PACKET", StringComparison.Ordinal));
            await daemon.LogAsync("forwarding by AF_PACKET");
            Assert.Equal(0, await daemon.EndAsync("TERM"));
        }
        finally
        {
            SetMtu(1500);
        }
    }

    [Theory]
    [InlineData("/dev/null/xdplvs/control.sock")]
    [InlineData("/proc/xdplvs/control.sock")]
    public void A_control_socket_whose_folder_cannot_be_made_is_named(string control)
    {
        CommandResult end = cluster[Host].Exec(
            DaemonHost.Executable, "run", "-f", cluster.Write("c.conf", Configs.Director()), "--control", control);

        AssertRefused(end, 1, "control socket " + control);
    }

    [Fact]
    public void A_control_socket_with_too_long_a_name_is_named()
    {
        string control = cluster.PathOf(new string('a', 120));

        CommandResult end = cluster[Host].Exec(
            DaemonHost.Executable, "run", "-f", cluster.Write("c.conf", Configs.Director()), "--control", control);

        AssertRefused(end, 1, "control socket " + control);
    }

    /// <summary>What it printed, but for why the offload stays off on this network.</summary>
    private static string[] Lines(CommandResult end) =>
    [
        .. (end.Output + end.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.Contains(" offload", StringComparison.Ordinal)),
    ];

    private void AssertRefused(CommandResult end, int code, params string[] culprits)
    {
        Assert.True(end.ExitCode == code, $"exit {end.ExitCode}: {end.Output}{end.Error}");
        string line = Assert.Single(Lines(end));
        Assert.All(culprits, culprit => Assert.Contains(culprit, line));
        cluster.AssertNothingLeft(Host);
    }

    /// <summary>It holds its address, never lost its role, and goes on to its ordinary end.</summary>
    private async Task AssertUndisturbedAsync(DaemonHost first)
    {
        Assert.True(first.Host.Holds(TutorialNetwork.Vip), "the first daemon's address is gone");
        Assert.Contains("VRRP VI_1: MASTER", first.Ask("counters").Output);
        Assert.Equal(0, first.Counters()["released master"]);
        Assert.Equal(0, await first.EndAsync("TERM"));
        cluster.AssertNothingLeft(Host);
    }

    private void SetMtu(int mtu)
    {
        cluster.Network.Switch.Exec("ip", "link", "set", cluster[Host].Port, "mtu", $"{mtu}").OrThrow();
        cluster[Host].Exec("ip", "link", "set", cluster[Host].Link, "mtu", $"{mtu}").OrThrow();
    }
}
