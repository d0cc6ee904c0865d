using System;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>virtual_ipaddress { ADDRESS dev IF }: an address on another interface than the instance's.</summary>
public sealed class VipDeviceTests(Cluster cluster) : IClassFixture<Cluster>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ValueTask DisposeAsync() => cluster.StopDaemonsAsync();

    [Fact]
    public async Task An_address_is_held_and_announced_on_the_interface_that_dev_names()
    {
        LabHost host = cluster["youxi1"];
        host.Exec("ip", "link", "add", "ens34", "type", "veth", "peer", "name", "far34").OrThrow();
        host.Exec("ip", "link", "set", "ens34", "address", "02:00:00:00:00:34", "up").OrThrow();
        host.Exec("ip", "link", "set", "far34", "up").OrThrow();
        TapProcess tap = TapProcess.Start(host, "far34", only: "arp");
        string config = Configs.Instance().Replace(
            "192.168.5.100\n", "192.168.5.100\n        192.168.6.1 dev ens34\n", StringComparison.Ordinal);

        DaemonHost director = await cluster.StartAsync("youxi1", config);
        CapturedFrame? heard = await tap.FindAsync(
            frame => frame.IsGratuitousArp && frame.ArpSender == "192.168.6.1",
            Patience,
            stop: TestContext.Current.CancellationToken);

        Assert.True(heard is not null, director.Process.LastLines(30));
        Assert.Equal([2, 0, 0, 0, 0, 0x34], heard.Octets[6..12].ToArray());
        Assert.Contains("inet 192.168.6.1/32", host.Exec("ip", "-4", "addr", "show", "dev", "ens34").Output);
        Assert.DoesNotContain(tap.Frames, frame => frame.ArpSender == "192.168.5.100");
        Assert.Equal(0, await director.EndAsync("TERM"));
        Assert.DoesNotContain("192.168.6.1", host.Exec("ip", "-4", "addr", "show", "dev", "ens34").Output);
        await tap.StopAsync();
        host.Exec("ip", "link", "del", "ens34").OrThrow();
    }
}
