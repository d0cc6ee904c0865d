using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Netns.Tests;

/// <summary>Files that do not fit: both routers are master, and the log says why, as keepalived's does.</summary>
[Trait("Group", "Peers")]
[Collection(PeerLab.FirstLane)]
public sealed class PeerMismatchTests
{
    private static readonly PeerInstance Ours = new() { Priority = 100, Password = "1111" };

    [Fact]
    public Task Different_passwords_make_two_masters_and_the_log_says_so() => TwoMastersAsync(
        Ours with { Priority = 90, Password = "2222" },
        "Password",
        "(VI_1) received an invalid passwd!");

    [Fact]
    public Task One_password_missing_makes_two_masters_and_the_log_says_so() => TwoMastersAsync(
        Ours with { Priority = 90, Password = null },
        "AuthMismatch",
        "(VI_1) received a 0 auth, expecting 1!");

    [Fact]
    public Task Different_virtual_addresses_make_two_masters_and_the_log_says_so() => TwoMastersAsync(
        Ours with { Priority = 90, Addresses = ["192.168.5.105"] },
        "AddressList",
        "(VI_1) ip address associated with VRID 51 not present in MASTER advert: 192.168.5.100");

    [Fact]
    public Task More_virtual_addresses_make_two_masters_and_the_log_says_so() => TwoMastersAsync(
        Ours with { Priority = 90, Addresses = [PeerInstance.Vip, "192.168.5.105"] },
        "AddressList",
        "(VI_1) expected 1 VIPs but received 2");

    [Fact]
    public Task Different_intervals_make_two_masters_and_the_log_says_so() => TwoMastersAsync(
        Ours with { Priority = 90, Interval = 2 },
        "Interval",
        "(VI_1) advertisement interval mismatch mine=1 sec rcv'd=2 sec");

    private static async Task TwoMastersAsync(PeerInstance theirs, string fault, string complaint)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerRouter keepalived = lab.Router("youxi2", PeerKind.Keepalived, theirs);
        PeerRouter ours = lab.Router("youxi1", PeerKind.XdpLvs, Ours);
        await keepalived.StartAsync();
        await lab.AdvertAsync(keepalived, 0, 9);

        long began = await ours.StartAsync();
        long first = (await lab.AdvertAsync(ours, 0, 6)).Us;
        await lab.AdvertsPassAsync(ours, 3);

        lab.Took("becoming master beside a stranger", began, first, Ours.DownUs);
        await lab.HoldersAsync(1, theirs.Addresses[0], theirs.Addresses[0] == PeerInstance.Vip
            ? [ours, keepalived]
            : [keepalived]);
        await lab.HoldersAsync(1, PeerInstance.Vip, theirs.Addresses[0] == PeerInstance.Vip
            ? [ours, keepalived]
            : [ours]);
        await ours.SaysAsync($"{complaint} (from {keepalived.Host.Address})", TimeSpan.FromSeconds(1));
        int heard = lab.Adverts(keepalived, began).Count;
        Assert.InRange(ours.Refused(fault), heard > 2 ? 2 : 1, heard + 3);
        Assert.InRange(ours.Lines(complaint).Count(), 1, 2); // one line in ten seconds, not one per advert
        long[] beats = [.. lab.Adverts(ours).Select(frame => frame.Us)];
        foreach ((long before, long after) in beats.Zip(beats.Skip(1)))
        {
            lab.Took("an interval beside a stranger", before, after, 1_000_000); // what is refused moves no timer
        }
    }
}
