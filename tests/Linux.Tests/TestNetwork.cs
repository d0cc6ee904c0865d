using System;
using System.Globalization;
using System.IO;
using System.Threading;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;
using Xunit;

namespace XdpLvs.Linux.Tests;

/// <summary>
/// Two namespaces joined by a veth pair: e0 with 10.77.0.1/24 here, e1 with 10.77.0.2/24 there. Gone when disposed.
/// </summary>
internal sealed class TestNetwork : IDisposable
{
    public const uint HereAddress = 0x0A4D0001, ThereAddress = 0x0A4D0002, DeadAddress = 0x0A4D0063;

    private static int _made;

    private readonly string _name = FormattableString.Invariant(
        $"xln-{Environment.ProcessId}-{Interlocked.Increment(ref _made)}");

    public TestNetwork()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: makes network namespaces");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "needs ip(8)");
        try
        {
            Ip($"netns add {HereName}");
            Ip($"netns add {ThereName}");
            Ip($"link add e0 netns {HereName} type veth peer name e1 netns {ThereName}");
            Here = NetworkNamespace.Open(HereName);
            There = NetworkNamespace.Open(ThereName);
            IpHere("addr add 10.77.0.1/24 brd + dev e0");
            IpThere("addr add 10.77.0.2/24 brd + dev e1");
            IpHere("link set lo up");
            IpHere("link set e0 up");
            IpThere("link set e1 up");
            HereLink = Here.Run(() => Link("e0"));
            ThereLink = There.Run(() => Link("e1"));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string HereName => _name + "-a";

    public string ThereName => _name + "-b";

    public NetworkNamespace Here { get; } = null!;

    public NetworkNamespace There { get; } = null!;

    public LinkInfo HereLink { get; }

    public LinkInfo ThereLink { get; }

    public void IpHere(string arguments) => Ip($"-n {HereName} {arguments}");

    public void IpThere(string arguments) => Ip($"-n {ThereName} {arguments}");

    /// <summary>A route socket that lives in this side's namespace.</summary>
    public NetlinkSocket OpenRouteHere() => Here.Run(NetlinkSocket.OpenRoute);

    public void Dispose()
    {
        Here?.Dispose();
        There?.Dispose();
        _ = Run("ip", $"netns del {HereName}");
        _ = Run("ip", $"netns del {ThereName}");
    }

    /// <summary>Runs a program. Returns what it printed, or null if it failed.</summary>
    public static string? Run(string program, string arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        string printed = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? printed : null;
    }

    private static void Ip(string arguments) =>
        Assert.True(Run("ip", arguments) is not null, "ip " + arguments);

    private static LinkInfo Link(string name)
    {
        using var socket = NetlinkSocket.OpenRoute();
        return new Links(socket).Get(name)!.Value;
    }
}

/// <summary>Waits for the kernel, but not for ever.</summary>
internal static class Eventually
{
    private const long DeadlineMicroseconds = 5_000_000, PauseMicroseconds = 1_000;

    /// <summary>Asks until the answer is yes; fails after five seconds.</summary>
    public static void True(Func<bool> condition, string what)
    {
        long deadline = Clock.NowMicroseconds + DeadlineMicroseconds;
        while (!condition())
        {
            Assert.True(Clock.NowMicroseconds < deadline, "never happened: " + what);
            Syscalls.Poll([], PauseMicroseconds);
        }
    }
}

/// <summary>Octets as people write them in a test.</summary>
internal static class Hex
{
    public static byte[] Octets(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static string Mac(ulong mac) => mac.ToString("x12", CultureInfo.InvariantCulture);
}
