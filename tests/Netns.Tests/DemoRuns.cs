using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests;

/// <summary>One step of the demo as it was printed.</summary>
/// <param name="Output">Every line of it.</param>
public sealed record DemoStep(string Output)
{
    private string[] Lines => Output.Split('\n');

    /// <summary>Claims that held.</summary>
    public int Held => Lines.Count(line => line.StartsWith("   ok ", StringComparison.Ordinal));

    /// <summary>Claims that did not.</summary>
    public int Failed => Lines.Count(line => line.StartsWith("   FAILED ", StringComparison.Ordinal));
}

/// <summary>The demo, run once for each way of taking frames that is asked for, and cut into its steps.</summary>
public sealed class DemoRuns
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, string> _outputs = [];

    /// <summary>A step by its number, "6a" say; empty when the demo did not get there.</summary>
    public async Task<DemoStep> StepAsync(string io, string step)
    {
        string[] parts = (await OutputAsync(io)).Split("\n== ");
        return new DemoStep(Array.Find(parts, part => part.StartsWith(step + ". ", StringComparison.Ordinal))
            ?? $"the demo never came to step {step}:\n{parts[^1]}");
    }

    /// <summary>
    /// All that a run printed. The first to ask runs it; tests of one class come one after the other.
    /// </summary>
    public async Task<string> OutputAsync(string io)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the demo builds network namespaces and needs root");
        if (!_outputs.TryGetValue(io, out string? output))
        {
            output = await RunAsync(io);
            _outputs.Add(io, output);
        }

        return output;
    }

    private static async Task<string> RunAsync(string io)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "xdplvs-lab"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string prefix = $"xnd{Environment.ProcessId}{io}";
        foreach (string word in (string[])["demo", "--xdplvs", DaemonHost.Executable, "--io", io, "--prefix", prefix])
        {
            start.ArgumentList.Add(word);
        }

        using Process demo = Process.Start(start)!;
        Task<string> output = demo.StandardOutput.ReadToEndAsync();
        Task<string> error = demo.StandardError.ReadToEndAsync();
        Task ended = Task.WhenAll(output, error);
        if (await Task.WhenAny(ended, Task.Delay(Limit)) != ended)
        {
            using Process ending = Process.Start("kill", ["-INT", $"{demo.Id}"]); // it takes its network down
        }

        await demo.WaitForExitAsync();
        return await output + await error;
    }
}
