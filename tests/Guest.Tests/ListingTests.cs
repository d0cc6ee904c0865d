using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>tests/Cases/ipvs has what the real ipvsadm prints; other tests compare our own listings with it.</summary>
/// <remarks>UPDATE_CASES=1 rewrites the folder from the guest.</remarks>
[Trait("Group", "Guest")]
public sealed partial class ListingTests(GuestRun guest)
{
    [Theory]
    [InlineData("ln.txt")]
    [InlineData("sn.txt")]
    [InlineData("stats.txt")]
    [InlineData("thresholds.txt")]
    [InlineData("persistent-conn.txt")]
    [InlineData("timeout.txt")]
    public async Task The_checked_in_text_is_what_ipvsadm_prints(string file)
    {
        string printed = await guest.PathOfAsync("listings", file);

        Assert.Equal(CheckedIn(printed), File.ReadAllText(printed));
    }

    [Fact]
    public async Task The_checked_in_connections_are_what_ipvsadm_prints_but_for_their_order_and_seconds()
    {
        string printed = await guest.PathOfAsync("listings", "lnc.txt");

        Assert.Equal(WithoutChance(CheckedIn(printed)), WithoutChance(File.ReadAllText(printed)));
    }

    [Fact]
    public async Task Saved_rules_are_the_rules_that_were_loaded() =>
        Assert.Equal(
            (await File.ReadAllLinesAsync(
                Path.Combine(Repository.IpvsCases, "rules.txt"), TestContext.Current.CancellationToken)).Order(),
            (await guest.ReadAsync("listings", "sn.txt")).Trim().Split('\n').Order());

    private static string CheckedIn(string printed)
    {
        string path = Path.Combine(Repository.IpvsCases, Path.GetFileName(printed));
        if (Environment.GetEnvironmentVariable("UPDATE_CASES") == "1")
        {
            const string Versions = "versions.txt";
            File.Copy(printed, path, overwrite: true);
            File.Copy(
                Path.Combine(Path.GetDirectoryName(printed)!, Versions),
                Path.Combine(Repository.IpvsCases, Versions),
                overwrite: true);
        }

        return File.ReadAllText(path);
    }

    /// <summary>The table is hashed with a number of this boot; seconds pass between connection and listing.</summary>
    private static string[] WithoutChance(string connections) =>
    [
        .. connections.Trim().Split('\n').Take(2),
        .. connections.Trim().Split('\n').Skip(2).Select(line => Expiry().Replace(line, "mm:ss", 1)).Order(),
    ];

    [GeneratedRegex(@"\d\d:\d\d")]
    private static partial Regex Expiry();
}
