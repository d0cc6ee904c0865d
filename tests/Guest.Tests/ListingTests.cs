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
    [InlineData("rate.txt")]
    [InlineData("thresholds.txt")]
    [InlineData("persistent-conn.txt")]
    [InlineData("tun-info.txt")]
    [InlineData("one.txt")]
    [InlineData("one-nosort.txt")]
    [InlineData("one-v6.txt")]
    [InlineData("timeout.txt")]
    [InlineData("timeout-set.txt")]
    [InlineData("names.txt")]
    [InlineData("names-rules.txt")]
    [InlineData("names-one.txt")]
    [InlineData("complaints.txt")]
    public async Task The_checked_in_text_is_what_ipvsadm_prints(string file)
    {
        string printed = await guest.PathOfAsync("listings", file);

        Assert.Equal(CheckedIn(printed), File.ReadAllText(printed));
    }

    [Theory]
    [InlineData("stats.txt")]
    [InlineData("stats-exact.txt")]
    [InlineData("stats-one.txt")]
    [InlineData("stats-zeroed.txt")]
    public async Task The_checked_in_numbers_are_as_wide_as_those_that_ipvsadm_prints(string file)
    {
        string printed = await guest.PathOfAsync("listings", file);

        Assert.Equal(WithoutNumbers(CheckedIn(printed)), WithoutNumbers(File.ReadAllText(printed)));
    }

    [Theory]
    [InlineData("lnc.txt")]
    [InlineData("lnc-persistent.txt")]
    [InlineData("names-connections.txt")]
    public async Task The_checked_in_connections_are_what_ipvsadm_prints_but_for_their_order_and_seconds(string file)
    {
        string printed = await guest.PathOfAsync("listings", file);

        Assert.Equal(WithoutChance(CheckedIn(printed)), WithoutChance(File.ReadAllText(printed)));
    }

    [Fact]
    public async Task Saved_rules_are_the_rules_that_were_loaded_without_their_thresholds() =>
        Assert.Equal(
            (await File.ReadAllLinesAsync(
                Path.Combine(Repository.IpvsCases, "rules.txt"), TestContext.Current.CancellationToken))
                .Select(rule => Thresholds().Replace(rule, "")).Order(),
            await RulesAsync("sn.txt"));

    [Fact]
    public async Task Saved_rules_make_the_same_services_again() =>
        Assert.Equal(await RulesAsync("sn.txt"), await RulesAsync("sn-again.txt"));

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

    /// <summary>In their alphabetical order: where ipvsadm's own is no order, it depends on how they came.</summary>
    private async Task<string[]> RulesAsync(string file) =>
        [.. (await guest.ReadAsync("listings", file)).Trim().Split('\n').Order()];

    /// <summary>The table is hashed with a number of this boot; seconds pass between connection and listing.</summary>
    private static string[] WithoutChance(string connections) =>
    [
        .. connections.Trim().Split('\n').Take(2),
        .. connections.Trim().Split('\n').Skip(2).Select(line => Expiry().Replace(line, "mm:ss", 1)).Order(),
    ];

    /// <summary>A slow guest sends a segment again now and then.</summary>
    private static string WithoutNumbers(string statistics) =>
        Numbers().Replace(statistics, match => Digits().Replace(match.Value, "9"));

    [GeneratedRegex(@"\d\d:\d\d")]
    private static partial Regex Expiry();

    [GeneratedRegex(@"( +\d+){5}$", RegexOptions.Multiline)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digits();

    [GeneratedRegex(@" -[xy] \d+")]
    private static partial Regex Thresholds();
}
