using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>The lab itself, on the real kernel: what the demo and the other tests here stand on.</summary>
public sealed class LabNetworkTests
{
    private static readonly string Prefix = $"xlt{Environment.ProcessId}";

    [Fact]
    public async Task A_client_a_server_and_a_tap_see_the_same_connection()
    {
        using LabNetwork network = Build("a");
        HttpServerProcess server = HttpServerProcess.Start(network["web"]);
        var tap = TapProcess.Start(network.Switch, network["web"].Port, "tcp");
        var client = ClientProcess.Start(network["user"]);

        RequestResult result = await client.GetAsync("http://10.9.0.1/", stop: TestContext.Current.CancellationToken);

        Assert.True(result.Ok, result.Body);
        Assert.Equal("web", result.Body);
        Assert.NotNull(await Soon(tap, frame => frame.IsTcpSyn && !frame.IsInbound && frame.DestinationPort == 80));
        Assert.NotNull(await Soon(tap, frame => frame.IsInbound && frame.SourcePort == 80));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_probe_measures_an_outage_and_is_not_held_up_by_it()
    {
        using LabNetwork network = Build("b");
        HttpServerProcess.Start(network["web"]);
        var client = ClientProcess.Start(network["user"]);

        await client.StartProbeAsync("http://10.9.0.1/");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        network["web"].SetCable(plugged: false);
        await Task.Delay(700, TestContext.Current.CancellationToken);
        network["web"].SetCable(plugged: true);
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        ProbeReport report = await client.StopProbeAsync(TestContext.Current.CancellationToken);

        Assert.True(report.EndsAnswered, report.ToString());
        Assert.InRange(report.LongestGapMs, 600, 2500);
        Assert.InRange(report.Lost, 20, 250);
        Assert.Equal(["web"], report.Servers.Keys);
    }

    [Fact]
    public async Task A_checksum_left_to_the_card_is_told_from_a_right_one()
    {
        using LabNetwork network = Build("c");
        HttpServerProcess.Start(network["web"]);
        var leaving = TapProcess.Start(network["user"], "ens33", "tcp");

        var client = ClientProcess.Start(network["user"]);
        await client.GetAsync("http://10.9.0.1/", stop: TestContext.Current.CancellationToken);
        CapturedFrame? syn = await Soon(leaving, frame => frame.IsTcpSyn);

        Assert.NotNull(syn);
        // A veth promises to compute checksums, and never does.
        Assert.Equal(TcpChecksumState.Partial, TcpChecksum.Judge(syn));
        Assert.True(TcpChecksum.IsIpv4HeaderRight(syn));
        byte[] broken = syn.Octets.ToArray();
        broken[^1] ^= 1; // a partial sum does not cover the data ...
        Assert.Equal(TcpChecksumState.Partial, TcpChecksum.Judge(new CapturedFrame(0, true, broken)));
        broken[51] ^= 1; // ... but the field itself must match
        Assert.Equal(TcpChecksumState.Wrong, TcpChecksum.Judge(new CapturedFrame(0, true, broken)));
        Assert.Equal([51, broken.Length - 1], FrameDiff.DifferingOffsets(syn, new CapturedFrame(0, true, broken)));
    }

    [Fact]
    public void A_lab_leaves_nothing_behind_also_when_disposed_twice()
    {
        LabNetwork network = Build("d");
        LabProcess sleeper = network["web"].Start("sleeper", "sleep", "100");
        Assert.Equal(3, Namespaces("d").Count());

        network.Dispose();
        network.Dispose();

        Assert.Empty(Namespaces("d"));
        Assert.True(sleeper.HasExited);
    }

    [Fact]
    public void A_leftover_is_removed_by_the_next_lab_of_the_same_name()
    {
        LabNetwork forgotten = Build("e");
        LabProcess sleeper = forgotten["web"].Start("sleeper", "sleep", "100");

        using LabNetwork network = Build("e");

        Assert.Equal(4, network.Leftovers); // three namespaces and a process
        Assert.True(sleeper.HasExited);
        Assert.Equal(3, Namespaces("e").Count());
    }

    private static LabNetwork Build(string suffix)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        var network = new LabNetwork(Prefix + suffix);
        network.AddHost("web", "10.9.0.1/24", "00:0c:29:00:00:01");
        network.AddHost("user", "10.9.0.2/24", "00:0c:29:00:00:02");
        return network;
    }

    private static IEnumerable<string> Namespaces(string suffix) =>
        Directory.EnumerateFiles("/run/netns").Select(path => Path.GetFileName(path))
            .Where(name => name.StartsWith($"{Prefix}{suffix}-", StringComparison.Ordinal));

    private static Task<CapturedFrame?> Soon(TapProcess tap, Predicate<CapturedFrame> match) =>
        tap.FindAsync(match, TimeSpan.FromSeconds(3), stop: TestContext.Current.CancellationToken);
}
