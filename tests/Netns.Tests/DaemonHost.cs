using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>One xdplvs daemon on a host of the lab, as its operator knows it.</summary>
public sealed class DaemonHost
{
    private const string Vip = TutorialNetwork.Vip;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _control;

    internal DaemonHost(LabHost host, LabProcess process, string control) =>
        (Host, Process, _control) = (host, process, control);

    /// <summary>The executable that this build made.</summary>
    public static string Executable { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/Director/bin",
        Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory)))!,
        "net10.0/xdplvs"));

    /// <summary>Where it runs.</summary>
    public LabHost Host { get; }

    /// <summary>The daemon.</summary>
    public LabProcess Process { get; }

    /// <summary>Everything it said so far.</summary>
    public IReadOnlyList<string> Log => [.. Process.LinesFrom(0).Select(line => line.Text)];

    /// <summary>Waits for a line of its log; fails with the log when it does not come.</summary>
    /// <param name="phrase">Part of the line.</param>
    /// <param name="place">A value of <see cref="LabProcess.Count"/>.</param>
    public async Task<LabLine> LogAsync(string phrase, int place = 0)
    {
        LabLine? line = await Process.FindAsync(
            text => text.Contains(phrase, StringComparison.Ordinal), Patience, place,
            TestContext.Current.CancellationToken);
        Assert.True(line is not null, $"{Host.Name} did not log \"{phrase}\". Its log:\n{Process.LastLines(40)}");
        return line;
    }

    /// <summary>Waits until it is MASTER and holds the address.</summary>
    public async Task BecomeMasterAsync()
    {
        await LogAsync("Entering MASTER STATE");
        await Soon.RequireAsync(() => Host.Holds(Vip), () => "MASTER without its address: " + Process.LastLines(20));
    }

    /// <summary>Asks as an operator on this host would.</summary>
    public CommandResult Ask(params string[] words) => Host.Exec([Executable, .. words, "--control", _control]);

    /// <summary>ipvsadm -Ln.</summary>
    public string Table() => Ask("ipvsadm", "-Ln").OrThrow().Output;

    /// <summary>Every counter by name; equal names of several instances added up.</summary>
    public IReadOnlyDictionary<string, long> Counters()
    {
        var counters = new Dictionary<string, long>();
        foreach (string line in Ask("counters").OrThrow().Output.Split('\n'))
        {
            int split = line.LastIndexOf(' ');
            if (line.StartsWith("  ", StringComparison.Ordinal)
                && long.TryParse(
                    line.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            {
                string name = line[..split].Trim();
                counters[name] = counters.GetValueOrDefault(name) + value;
            }
        }

        return counters;
    }

    /// <summary>Sends a signal and waits for the end. Returns the exit code; null if it goes on.</summary>
    public async Task<int?> EndAsync(string signal)
    {
        Process.Signal(signal);
        return await Process.WaitForExitAsync(Patience);
    }

    /// <summary>Processor time it has used so far, user and system.</summary>
    public TimeSpan ProcessorTime()
    {
        string stat = File.ReadAllText($"/proc/{Process.Pid}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromMilliseconds(ticks * 10); // USER_HZ is 100 wherever .NET runs
    }

    /// <summary>Resident memory in KiB.</summary>
    public long ResidentKib() => long.Parse(
        File.ReadLines($"/proc/{Process.Pid}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
