using System;
using System.IO;
using System.Text.Json;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Netns.Tests;

/// <summary>Checks across a wire: probes of servers of other people's, and what a daemon shows of its checks.</summary>
public sealed class CheckTests : IAsyncDisposable
{
    private const string Director = "youxi1", RealServer = "youxi3";

    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Probes_understand_servers_of_other_people()
    {
        CheckServers.Require();
        LabHost server = _cluster[RealServer];
        await CheckServers.StartAsync(_cluster, server);

        CommandResult run = _cluster[Director].Exec(
            "env", $"XDPLVS_LIVE_SERVER={server.Address}", Probes(), "-noLogo", "-noColor",
            "-class", "XdpLvs.Checks.Tests.LiveServerTests");

        Assert.True(run.Succeeded, run.Output);
        Assert.Contains("Skipped: 0", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Total: 0,", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Genhash_asks_like_a_check()
    {
        CheckServers.Require();
        LabHost server = _cluster[RealServer];
        await CheckServers.StartAsync(_cluster, server);

        string plain = Genhash("-s", server.Address, "-p", "80", "-u", "/page");
        string named = Genhash("-S", "-s", server.Address, "-p", "443", "-u", "/page", "-V", "www.example", "-I");

        Assert.Equal("MD5SUM = 417cd053e832696de3c4f9b96fe04610\n", plain);
        Assert.Equal("MD5SUM = 60a5c90e7e0f32010a35ca11e0afd333\n", named);
    }

    [Fact]
    public async Task One_check_serves_all_who_ask_the_same_and_is_shown()
    {
        HttpServerProcess.Start(_cluster[RealServer]);
        DaemonHost daemon = await _cluster.StartAsync(
            Director,
            Configs.Instance() + Configs.Service("192.168.5.100 80", Configs.Real("192.168.5.103"))
            + Configs.Service("192.168.5.100 8080", Configs.Real("192.168.5.103")));
        await daemon.LogAsync("TCP connection to [192.168.5.103]:tcp:8080 success.");

        string text = daemon.Ask("show", "checks").OrThrow().Output;
        JsonElement[] checks = JsonSerializer.Deserialize<JsonElement[]>(
            daemon.Ask("show", "checks", "192.168.5.103", "-o", "json").OrThrow().Output)!;

        Assert.Contains(
            "TCP_CHECK 192.168.5.103:80 up, one check for 2 virtual servers", text, StringComparison.Ordinal);
        Assert.Equal(2, checks.Length);
        Assert.All(
            checks,
            check => Assert.Equal("ok", check.GetProperty("results")[0].GetProperty("result").GetString()));
        Assert.Equal(1, daemon.Ask("show", "checks", "192.168.5.9").ExitCode);
    }

    private string Genhash(params string[] words) =>
        _cluster[Director].Exec([DaemonHost.Executable, "genhash", .. words]).OrThrow().Output;

    /// <summary>The probes' own tests, built beside these.</summary>
    private static string Probes()
    {
        string path = Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "../../../../Checks.Tests/bin",
            Path.GetFileName(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory)))!,
            "net10.0/XdpLvs.Checks.Tests"));
        Assert.True(File.Exists(path), $"{path} is missing: build tests/Checks.Tests");
        return path;
    }
}
