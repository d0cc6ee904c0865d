using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.NetworkInformation;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>
/// Small configurations of one fact each: keepalived's verdict and ours, and why they differ if they do.
/// </summary>
public sealed class FactTests
{
    private const string Id = "main";

    private static readonly string Folder = Path.Combine(Sample.Cases, "facts");

    public static TheoryData<string> All =>
        [.. Directory.EnumerateFiles(Folder, "*.conf").Select(path => Path.GetFileNameWithoutExtension(path)).Order()];

    [Fact]
    public void Every_fact_has_a_verdict_and_every_difference_a_reason()
    {
        Dictionary<string, Verdict> verdicts = Read();

        Assert.Equal(All.Select(row => row.Data).Order(), verdicts.Keys.Order());
        Assert.All(
            verdicts.Values, verdict => Assert.Equal(verdict.Keepalived != verdict.Ours, verdict.Reason.Length > 0));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Our_verdict_is_the_one_that_is_listed(string name)
    {
        string path = Path.Combine(Folder, name + ".conf");
        ParseResult result = ConfigReader.Load(path, ReadOptions.OfHost(Id));

        Assert.True(
            (result.HasErrors ? "errors" : "fine") == Read()[name].Ours, DiagnosticFormatter.FormatAll(result));
    }

    /// <summary>keepalived wants the interface to be there: one of this machine's takes the place of eth0.</summary>
    [Fact]
    [Trait("Group", "Peers")]
    public async Task Keepalived_has_the_verdict_that_is_listed()
    {
        string? link = NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.NetworkInterfaceType == NetworkInterfaceType.Ethernet)
            .Select(one => one.Name).Order(StringComparer.Ordinal).FirstOrDefault();
        Assert.SkipWhen(link is null, "there is no Ethernet interface");
        Assert.SkipUnless(await Runs() is not null, "keepalived is not installed");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "keepalived -t wants root");
        DirectoryInfo copy = Directory.CreateTempSubdirectory("xdplvs-facts-");
        try
        {
            CopyTo(copy.FullName, link!);
            var wrong = new List<string>();
            foreach ((string name, Verdict verdict) in Read())
            {
                int? exit = await Runs("-t", "-i", Id, "-f", Path.Combine(copy.FullName, name + ".conf"));
                string said = exit == 0 ? "fine" : "errors";
                wrong.AddRange(said == verdict.Keepalived ? [] : [$"{name}: {said} (exit code {exit})"]);
            }

            Assert.Empty(wrong);
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    private static Dictionary<string, Verdict> Read() =>
        File.ReadAllLines(Path.Combine(Folder, "verdicts.txt")).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(": ", 3))
            .ToDictionary(parts => parts[0], parts => new Verdict(
                parts[1].Split(", ")[0], parts[1].Split(", ")[1], parts.Length > 2 ? parts[2] : ""));

    private static void CopyTo(string target, string link)
    {
        foreach (string path in Directory.EnumerateFiles(Folder, "*.conf", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(Folder, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            byte[] octets = File.ReadAllBytes(path);
            string text = System.Text.Encoding.Latin1.GetString(octets); // octets stay what they are
            text = text.Replace("interface eth0", $"interface {link}", StringComparison.Ordinal);
            File.WriteAllBytes(copy, System.Text.Encoding.Latin1.GetBytes(text));
        }
    }

    /// <summary>keepalived's exit code; null if there is no keepalived.</summary>
    private static async Task<int?> Runs(params string[] words)
    {
        try
        {
            var start = new ProcessStartInfo("keepalived", words.Length == 0 ? ["-v"] : words)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            Task<string> said = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await said;
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private sealed record Verdict(string Keepalived, string Ours, string Reason);
}
