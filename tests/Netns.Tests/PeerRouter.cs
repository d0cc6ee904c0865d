using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>Who speaks VRRP on a host.</summary>
public enum PeerKind
{
    /// <summary>Ours.</summary>
    XdpLvs,

    /// <summary>keepalived, its VRRP part.</summary>
    Keepalived,

    /// <summary>FRR's vrrpd, with the zebra it needs.</summary>
    Frr,
}

/// <summary>A VRRP daemon on a host of the lab: started, stopped, killed and listened to.</summary>
internal sealed class PeerRouter(PeerLab lab, LabHost host, PeerKind kind, params PeerInstance[] instances)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20), StopLimit = TimeSpan.FromSeconds(8);

    private LabProcess? _process;

    /// <summary>Where it runs.</summary>
    public LabHost Host => host;

    /// <summary>Its first instance.</summary>
    public PeerInstance Instance => instances[0];

    /// <summary>Where our daemon listens for commands.</summary>
    public string ControlPath => Path.Combine(lab.Folder, host.Name + ".sock");

    /// <summary>The log of this life of the daemon.</summary>
    public LabProcess Log => _process ?? throw new LabException($"{this} was not started");

    /// <inheritdoc/>
    public override string ToString() => $"{kind} on {host.Name}";

    /// <summary>Starts it, and returns when it says that it listens as backup: when it said so.</summary>
    public async Task<long> StartAsync()
    {
        string config = Path.Combine(lab.Folder, $"{host.Name}.conf");
        await File.WriteAllTextAsync(config, string.Concat(instances.Select(instance => instance.ToString())));
        _process = kind switch
        {
            PeerKind.XdpLvs => host.Start(
                $"xdplvs {host.Name}", PeerTools.XdpLvs, "run", "-f", config, "--control", ControlPath),
            PeerKind.Keepalived => host.Start(
                $"keepalived {host.Name}", PeerTools.Keepalived, "-n", "-l", "-D", "-P", "-f", config,
                "-p", config + ".pid", "-r", config + ".vrrp.pid", "-c", config + ".checker.pid"),
            _ => await PeerFrr.StartAsync(lab, host, Instance),
        };
        string started = kind == PeerKind.Frr ? "Initialize -> Backup" : "Entering BACKUP STATE (init)";
        return await SaysAsync(started, StartLimit);
    }

    /// <summary>Waits for a part of a line in the log, also one that stands there already: when it was read.</summary>
    public async Task<long> SaysAsync(string phrase, TimeSpan limit)
    {
        LabLine? line = await Log.FindAsync(
            text => text.Contains(phrase, StringComparison.Ordinal), limit,
            stop: TestContext.Current.CancellationToken);
        return line?.Us ?? throw new LabException($"{this} does not say '{phrase}'\n{lab.Story()}");
    }

    /// <summary>The log so far, empty before the first start.</summary>
    public IReadOnlyList<LabLine> LogSoFar() => _process?.LinesFrom(0) ?? [];

    /// <summary>Lines of the log so far that contain the phrase.</summary>
    public IEnumerable<LabLine> Lines(string phrase) =>
        Log.LinesFrom(0).Where(line => line.Text.Contains(phrase, StringComparison.Ordinal));

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync() => Log.StopAsync(StopLimit);

    /// <summary>
    /// The host dies: SIGKILL for the daemon and its children, none of which may still do anything in between, and no
    /// more cable.
    /// </summary>
    public void Die()
    {
        int[] children = [.. Children(Log.Pid)];
        string all = string.Join(' ', children.Prepend(Log.Pid));
        host.Exec("sh", "-c", $"kill -STOP {all}; kill -KILL {all}").OrThrow();
        host.SetCable(plugged: false);
    }

    /// <summary>What our daemon's <c>counters</c> says of one refusal; zero when it does not mention it.</summary>
    public long Refused(string fault)
    {
        string name = "refused: " + fault;
        string text = host.Exec(PeerTools.XdpLvs, "counters", "--control", ControlPath).OrThrow().Output;
        string? line = text.Split('\n').FirstOrDefault(line => line.Contains(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<int> Children(int pid) =>
        File.ReadAllText($"/proc/{pid}/task/{pid}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(word => int.Parse(word, CultureInfo.InvariantCulture));
}
