using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Netns.Tests;

/// <summary>The tutorial's network in namespaces of its own, and a folder for files; both go with it.</summary>
public sealed class Cluster : IAsyncDisposable
{
    private static int s_made;

    private readonly List<DaemonHost> _daemons = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-netns-").FullName;
    private LabNetwork? _network;

    /// <summary>The network, built when first asked for. Skips the test where it cannot be.</summary>
    public LabNetwork Network
    {
        get
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
            return _network ??= TutorialNetwork.Build(
                $"xnt{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}");
        }
    }

    /// <summary>A host by name.</summary>
    public LabHost this[string name] => Network[name];

    /// <summary>Where a host's daemon listens for commands unless a test says otherwise.</summary>
    public string ControlOf(string name) => Path.Combine(_folder, name + ".sock");

    /// <summary>Path of a file in the cluster's folder.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a configuration and returns its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    /// <summary>Starts a daemon; it is in the election, or at work, when this returns.</summary>
    /// <param name="name">Host.</param>
    /// <param name="config">The configuration itself.</param>
    /// <param name="words">More words for the command line.</param>
    public async Task<DaemonHost> StartAsync(string name, string config, params string[] words)
    {
        string file = Write(name + ".conf", config);
        LabProcess process = this[name].Start(
            "xdplvs " + name, [DaemonHost.Executable, "run", "-f", file, "--control", ControlOf(name), .. words]);
        DaemonHost daemon = Adopt(name, process);
        await daemon.LogAsync("Started: ");
        return daemon;
    }

    /// <summary>Takes over a process that a test started itself.</summary>
    public DaemonHost Adopt(string name, LabProcess process)
    {
        var daemon = new DaemonHost(this[name], process, ControlOf(name));
        _daemons.Add(daemon);
        return daemon;
    }

    /// <summary>Runs a daemon that is expected to end at once, to its end.</summary>
    public CommandResult Run(string name, string file, params string[] words) => this[name].Exec(
        [DaemonHost.Executable, "run", "-f", file, "--control", ControlOf(name), .. words]);

    /// <summary>Starts the web servers of both real servers.</summary>
    public void StartServers()
    {
        foreach (string server in TutorialNetwork.RealServers)
        {
            HttpServerProcess.Start(this[server]);
        }
    }

    /// <summary>Asserts that a host is as it was before any daemon ran there.</summary>
    public void AssertNothingLeft(string name, bool vipMayStay = false)
    {
        LabHost host = this[name];
        Assert.DoesNotContain("xdp", host.Exec("ip", "link", "show", "dev", host.Link).OrThrow().Output);
        Assert.Equal("", host.Exec("nft", "list", "tables").OrThrow().Output);
        Assert.False(File.Exists(ControlOf(name)), "the control socket is still there");
        if (!vipMayStay)
        {
            Assert.False(host.Holds(TutorialNetwork.Vip), "the address is still there");
        }
    }

    /// <summary>Ends every daemon that a test, failed perhaps, has left running.</summary>
    public async ValueTask StopDaemonsAsync()
    {
        foreach (DaemonHost daemon in _daemons)
        {
            await daemon.Process.StopAsync(TimeSpan.FromSeconds(5));
        }

        _daemons.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopDaemonsAsync();
        _network?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
