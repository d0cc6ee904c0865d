using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Director.Tracking;
using XdpLvs.Lab;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>Our BFD and FRR's bfdd are neighbours.</summary>
[Trait("Group", "Peers")]
public sealed class BfdFrrTests : IDisposable
{
    private const string Bfdd = "/usr/lib/frr/bfdd", Zebra = "/usr/lib/frr/zebra";
    private const string Ours = "192.168.5.101", Theirs = "192.168.5.102";

    private readonly LabNetwork _network;
    private readonly string _folder;
    private readonly ConcurrentQueue<bool> _states = new();
    private readonly ConcurrentQueue<string> _log = new();

    public BfdFrrTests()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(File.Exists(Bfdd) && File.Exists(Zebra), "FRR's bfdd is not installed");
        _folder = Directory.CreateTempSubdirectory("xdplvs-bfd-").FullName;
        _network = new LabNetwork($"xlf{Environment.ProcessId}");
        _network.AddHost("ours", Ours + "/24", "00:0c:29:00:00:65");
        _network.AddHost("theirs", Theirs + "/24", "00:0c:29:00:00:66");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_come_up_each_notices_the_others_end_and_they_come_up_again(bool passive)
    {
        await StartZebraAsync();
        LabProcess bfdd = StartBfdd();
        BfdPlan plan = BfdSpeakerTests.Plan(1, Ours, Theirs);
        plan = plan with { Settings = plan.Settings with { IsPassive = passive } };
        using BfdSpeaker speaker = Speak(plan);
        speaker.Start();
        await UpAsync(1, speaker, bfdd);
        Assert.NotNull(await bfdd.FindAsync(
            line => line.Contains("state-change", StringComparison.Ordinal)
                && line.Contains("-> up", StringComparison.Ordinal), TimeSpan.FromSeconds(10), stop: Stop));

        bfdd.Kill();
        await Eventually.Async(() => _states.Count == 2 && !_states.Last(), "its death went unnoticed");
        Assert.Contains(_log, line => line.Contains("Control Detection Time Expired", StringComparison.Ordinal));

        bfdd = StartBfdd();
        await UpAsync(2, speaker, bfdd);
        speaker.Dispose();
        Assert.NotNull(await bfdd.FindAsync(
            line => line.Contains("up -> down", StringComparison.Ordinal)
                && line.Contains("neighbor", StringComparison.Ordinal), TimeSpan.FromSeconds(10), stop: Stop));
        Assert.DoesNotContain("refused", speaker.DescribeCounters(), StringComparison.Ordinal);
    }

    private async Task UpAsync(int times, BfdSpeaker speaker, LabProcess bfdd)
    {
        await Eventually.Async(
            () => _states.Count(isUp => isUp) == times,
            () => $"no session with bfdd\n{speaker.DescribeCounters()}{string.Join('\n', _log)}\n{bfdd.LastLines(20)}");
        TestContext.Current.SendDiagnosticMessage("{0}", speaker.DescribeCounters());
    }

    private BfdSpeaker Speak(BfdPlan plan)
    {
        using NetworkNamespace here = NetworkNamespace.Open(_network["ours"].Namespace);
        return here.Run(() => new BfdSpeaker(
            [plan], _log.Enqueue, (_, isUp) => _states.Enqueue(isUp), new Random(1)));
    }

    private async Task StartZebraAsync()
    {
        File.WriteAllText(Path.Combine(_folder, "zebra.conf"), "");
        File.WriteAllText(Path.Combine(_folder, "bfdd.conf"),
            $"""
            debug bfd peer
            bfd
             peer {Ours}
              detect-multiplier 10
              receive-interval 50
              transmit-interval 50
              no shutdown
             !
            !

            """);
        LabHost host = _network["theirs"];
        host.Exec("chown", "-R", "frr:frr", _folder).OrThrow(); // FRR gives root away and becomes the user frr
        LabProcess zebra = host.Start("zebra", [Zebra, .. Words("zebra")]);
        await Eventually.Async(
            () => File.Exists(Path.Combine(_folder, "zebra.sock")) || zebra.HasExited, "zebra never served");
        Assert.False(zebra.HasExited, zebra.LastLines(10));
    }

    private LabProcess StartBfdd() => _network["theirs"].Start(
        "bfdd", [Bfdd, .. Words("bfdd"), "--bfdctl", Path.Combine(_folder, "bfdd.sock")]);

    private string[] Words(string daemon) =>
    [
        "-z", Path.Combine(_folder, "zebra.sock"), "--vty_socket", _folder, "-P", "0",
        "-i", Path.Combine(_folder, daemon + ".pid"), "-f", Path.Combine(_folder, daemon + ".conf"), "--log", "stdout",
    ];
}
