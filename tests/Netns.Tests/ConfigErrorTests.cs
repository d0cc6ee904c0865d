using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Netns.Tests;

/// <summary>A configuration with errors: what was understood is served, the rest is said.</summary>
public sealed class ConfigErrorTests : IAsyncDisposable
{
    private static readonly string Misspelt = Configs.Instance() + Configs.Service(
        "192.168.5.100 80", Configs.Real("192.168.5.103", "TCP_CHEK {"), Configs.Real("192.168.5.104"));

    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_server_whose_check_is_misspelt_stays_out_loudly_while_the_other_serves()
    {
        _cluster.StartServers();
        ClientProcess client = ClientProcess.Start(_cluster[TutorialNetwork.Client]);

        DaemonHost daemon = await _cluster.StartAsync("youxi1", Misspelt);

        Assert.Single(daemon.Log, line => line.Contains("error: ", StringComparison.Ordinal)
            && line.Contains("'TCP_CHEK'", StringComparison.Ordinal)
            && line.Contains("did you mean 'TCP_CHECK'?", StringComparison.Ordinal));
        string complaint = Assert.Single(
            daemon.Log, line => line.Contains("is out of service", StringComparison.Ordinal));
        Assert.Contains("[192.168.5.103]:tcp:80", complaint);
        Assert.Contains("check was not understood", complaint);
        await daemon.BecomeMasterAsync();
        var results = await client.GetManyAsync(
            "http://192.168.5.100/", 6, stop: TestContext.Current.CancellationToken);
        Assert.All(results, result => Assert.Equal("youxi4", result.Body));
        Assert.DoesNotContain("192.168.5.103", daemon.Table());
    }

    [Fact]
    public void Check_finds_nothing_wrong_with_what_is_right()
    {
        CommandResult check = Check(_cluster.Write("fine.conf", Configs.Director()));

        Assert.Equal(0, check.ExitCode);
        Assert.Contains("no errors; 1 vrrp_instance(s), 1 virtual_server(s)", check.Output);
    }

    [Fact]
    public void Check_shows_the_line_with_carets_under_the_error()
    {
        CommandResult check = Check(_cluster.Write("wrong.conf", Misspelt));

        Assert.Equal(5, check.ExitCode);
        string[] lines = check.Output.Split('\n');
        int found = Array.FindIndex(lines, line => line.Contains("error: ", StringComparison.Ordinal)
            && line.Contains("'TCP_CHEK'", StringComparison.Ordinal));
        Assert.True(found >= 0, check.Output);
        int line = Misspelt.Split('\n').ToList().FindIndex(text => text.Contains("TCP_CHEK", StringComparison.Ordinal));
        Assert.StartsWith($"{_cluster.PathOf("wrong.conf")}:{line + 1}:", lines[found]);
        Assert.Equal(
            lines[found + 1].IndexOf("TCP_CHEK", StringComparison.Ordinal),
            lines[found + 2].IndexOf('^', StringComparison.Ordinal));
        Assert.Equal("TCP_CHEK".Length, lines[found + 2].Count(mark => mark == '^'));
    }

    [Fact]
    public void Check_says_when_it_cannot_read_the_file()
    {
        CommandResult check = Check(_cluster.PathOf("nowhere.conf"));

        Assert.Equal(4, check.ExitCode);
        Assert.Contains("nowhere.conf", check.Output + check.Error);
    }

    private CommandResult Check(string file) =>
        _cluster["youxi1"].Exec(DaemonHost.Executable, "check", "-f", file);
}
