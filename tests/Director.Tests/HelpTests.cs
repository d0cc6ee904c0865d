using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Director.Tests;

public sealed class HelpTests
{
    [Fact]
    public async Task Every_verb_has_a_line_in_the_help()
    {
        (int exit, string output) = await RunAsync("--help");

        Assert.Equal(0, exit);
        string[] verbs =
            ["run", "check", "fmt", "convert", "ipvsadm", "counters", "show", "genhash", "replay", "capture"];
        foreach (string verb in verbs)
        {
            Assert.Matches($"(?m)^  {verb} .*[a-z].*$", output);
        }
    }

    [Theory]
    [InlineData("replay")] // no capture
    [InlineData("replay", "in.pcap", "--own-mac", "00:0c:29")]
    [InlineData("replay", "in.pcap", "--mac", "192.168.5.103")]
    [InlineData("replay", "in.pcap", "--mtu", "70000")]
    [InlineData("genhash", "-p", "80")] // no server
    [InlineData("genhash", "-s", "www.example", "-p", "80")] // checks go by address
    [InlineData("genhash", "-s", "127.0.0.1", "-p", "0")]
    [InlineData("genhash", "-s", "127.0.0.1", "-P", "2")]
    [InlineData("capture", "-w", "out.pcap")] // no interface
    [InlineData("capture", "-i", "eth0", "-w", "out.pcap", "-c", "0")]
    public async Task A_command_line_that_makes_no_sense_is_code_2(params string[] words)
    {
        (int exit, string output) = await RunAsync(words);

        Assert.Equal(2, exit);
        Assert.Contains($"xdplvs {words[0]}", output, StringComparison.Ordinal); // how it is used
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "xdplvs"), words)
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output);
    }
}
