using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>xdplvs in IPVS's place, on the same network and kernel.</summary>
[Trait("Group", "Guest")]
public sealed class DaemonTests(GuestRun guest)
{
    [Theory]
    [InlineData("xdp")]
    [InlineData("xdp-generic")]
    [InlineData("packet")]
    public async Task The_daemon_forwards_on_kernel_6_1_in_every_io_mode(string mode)
    {
        Assert.SkipWhen(GuestRun.Daemon is null, "xdplvs is not built");
        string log = await guest.ReadAsync("daemon", $"{mode}.log");

        Assert.True(await guest.ReadAsync("daemon", $"{mode}.status") == "0\n", log);
        Assert.Equal(
            await guest.ReadAsync("daemon", "ipvs.answers.txt"),
            await guest.ReadAsync("daemon", $"{mode}.answers.txt"));
        Assert.Equal(await ListingAsync("ipvs"), await ListingAsync(mode));
    }

    /// <summary>Without the first line: the size of the connection table is each one's own.</summary>
    private async Task<string[]> ListingAsync(string mode)
    {
        string[] lines = (await guest.ReadAsync("daemon", $"{mode}.ln.txt")).Split('\n');
        Assert.StartsWith("IP Virtual Server version 1.2.1 (size=", lines[0]);
        return [.. lines.Skip(1)];
    }
}
