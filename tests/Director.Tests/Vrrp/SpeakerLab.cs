using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using XdpLvs.Director.Vrrp;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;
using Xunit;
using EventLog = XdpLvs.Director.Logging.EventLog;

namespace XdpLvs.Director.Tests.Vrrp;

/// <summary>Two hosts on one cable, each with a VRRP thread of ours or a keepalived: 10.78.0.1 and 10.78.0.2.</summary>
internal sealed class SpeakerLab : IDisposable
{
    public const string Keepalived = "/usr/sbin/keepalived", Link = "v0";
    public const string VipV4 = "10.78.0.100", VipV6 = "fe80::5:100";

    private const long PatienceMicroseconds = 15_000_000, PauseMicroseconds = 2_000;

    private static int _made;

    private readonly string _name = FormattableString.Invariant(
        $"xvs-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");

    private readonly Stack<IDisposable> _owned = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("xdplvs-speaker-").FullName;

    public SpeakerLab()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "needs ip(8)");
        try
        {
            Ip($"netns add {Host(1)}");
            Ip($"netns add {Host(2)}");
            Ip($"link add {Link} netns {Host(1)} type veth peer name {Link} netns {Host(2)}");
            for (int host = 1; host <= 2; host++)
            {
                Ip($"-n {Host(host)} addr add 10.78.0.{host}/24 dev {Link}");
                Ip($"-n {Host(host)} link set {Link} up");
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Starts our VRRP thread on a host.</summary>
    public VrrpSpeaker Speak(int host, params VrrpSettings[] instances)
    {
        InstancePlan[] plans = [.. instances.Select(self => new InstancePlan(
            self.IsV6 ? self : self with { SourceAddress = VrrpAddress.Parse($"10.78.0.{host}") },
            Link,
            [.. self.Addresses.Select(vip => new PlannedAddress(
                vip.ToLinux(), (byte)(self.IsV6 ? 128 : 32), null, Link, 0, null))])
        {
            SyncGroup = self.IsGroupMember ? "G" : null,
        })];
        var log = new EventLog(TimeProvider.System);
        _owned.Push(log);
        using NetworkNamespace space = NetworkNamespace.Open(Host(host));
        var nobody = Channel.CreateUnbounded<DirectorEvent>();
        VrrpSpeaker speaker = space.Run(() => new VrrpSpeaker([.. plans], log, nobody.Writer));
        _owned.Push(speaker);
        if (instances.Any(self => self.IsV6))
        {
            Eventually(() => !Show(host).Contains("tentative", StringComparison.Ordinal), "duplicate detection ends");
        }

        speaker.Start();
        return speaker;
    }

    /// <summary>Starts keepalived on a host with one instance.</summary>
    public void StartKeepalived(int host, params string[] lines)
    {
        Assert.SkipUnless(File.Exists(Keepalived), "keepalived is not installed");
        string path = Path.Combine(_folder, $"k{host}.conf");
        File.WriteAllLines(path, lines.Prepend("vrrp_instance K {").Append("}"));
        string[] pids = ["-p", path + ".pid", "-r", path + ".vrrp", "-c", path + ".check"];
        var start = new ProcessStartInfo(
            "ip", ["netns", "exec", Host(host), Keepalived, "-n", "-l", "-P", "-f", path, .. pids])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _owned.Push(new Ended(process));
    }

    /// <summary>Which hosts have a virtual address.</summary>
    public int[] Holders(string vip) =>
        [.. Enumerable.Range(1, 2).Where(host => Show(host).Contains($" {vip}/", StringComparison.Ordinal))];

    /// <summary>Pulls or plugs the cable, and tells the speaker as the daemon's watcher does.</summary>
    public void Cable(int host, bool plugged, VrrpSpeaker speaker)
    {
        Ip($"-n {Host(host)} link set {Link} {(plugged ? "up" : "down")}");
        speaker.Hear(new NetworkEvent(NetworkEventKind.Link));
    }

    public static void Eventually(Func<bool> condition, string what)
    {
        long deadline = Clock.NowMicroseconds + PatienceMicroseconds;
        while (!condition())
        {
            Assert.True(Clock.NowMicroseconds < deadline, "never happened: " + what);
            Syscalls.Poll([], PauseMicroseconds);
        }
    }

    public void Dispose()
    {
        while (_owned.TryPop(out IDisposable? owned))
        {
            owned.Dispose();
        }

        _ = Run("ip", $"netns del {Host(1)}");
        _ = Run("ip", $"netns del {Host(2)}");
        Directory.Delete(_folder, recursive: true);
    }

    private string Show(int host) => Run("ip", $"-n {Host(host)} addr show dev {Link}") ?? "";

    private string Host(int host) => FormattableString.Invariant($"{_name}-{host}");

    private static void Ip(string arguments) => Assert.True(Run("ip", arguments) is not null, "ip " + arguments);

    private static string? Run(string program, string arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string printed = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : null;
    }

    /// <summary>A process that ends, and its children with it.</summary>
    private sealed class Ended(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
