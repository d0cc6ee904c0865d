using System;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Netns.Tests;

/// <summary>Two masters, forced by adverts that do not arrive: one remains, and clients find it.</summary>
[Trait("Group", "Peers")]
[Collection(PeerLab.SecondLane)]
public sealed class PeerRivalTests
{
    // A high priority waits little longer than three intervals, so that the two advertise out of step.
    private static readonly PeerInstance Equal = new() { Priority = 200, Password = "1111" };

    /// <summary>
    /// Priorities are equal: the higher address wins. When the winner's advert comes first, the winner never hears a
    /// rival unless the loser advertises once more; xdplvs does so always, keepalived when told to.
    /// </summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Of_two_equals_the_higher_address_remains_and_clients_reach_it(
        bool oursWins, bool winnerIsHeardFirst)
    {
        using var lab = new PeerLab(PeerKind.Keepalived);
        PeerInstance theirs = oursWins ? Equal with { Options = ["higher_prio_send_advert true"] } : Equal;
        PeerRouter ours = lab.Router(oursWins ? "youxi2" : "youxi1", PeerKind.XdpLvs, Equal);
        PeerRouter keepalived = lab.Router(oursWins ? "youxi1" : "youxi2", PeerKind.Keepalived, theirs);
        (PeerRouter winner, PeerRouter loser) = oursWins ? (ours, keepalived) : (keepalived, ours);
        ClientProcess client = Serve(lab);
        await BecomeTwoMastersAsync(lab, ours, keepalived);
        await TalkToAsync(lab, client, loser);

        long heard = await HealAsync(lab, first: winnerIsHeardFirst ? winner : loser, winner, loser);
        long yielded = await loser.SaysAsync("higher IP address than ours", TimeSpan.FromSeconds(3));
        RequestResult reached = await ReachAsync(client, winner);

        Assert.InRange(reached.EndUs - yielded, long.MinValue, 1_000_000);
        await lab.HoldersAsync(1, PeerInstance.Vip, winner);
        await lab.AdvertsPassAsync(winner, 2);
        await lab.HoldersAsync(1, PeerInstance.Vip, winner);
        // The loser: what drew the winner's attention, and at most one advert more. Then silence.
        Assert.InRange(lab.Adverts(loser, heard + 1).Count, 0, 2);
        Assert.DoesNotContain(lab.Adverts(loser), frame => frame.Us > yielded + 500_000);
    }

    /// <summary>A web server on each router, which answers with the host's name, and a client beside them.</summary>
    private static ClientProcess Serve(PeerLab lab)
    {
        HttpServerProcess.Start(lab.Network["youxi1"]);
        HttpServerProcess.Start(lab.Network["youxi2"]);
        return ClientProcess.Start(lab.Network.AddHost("client", "192.168.5.200/24", "00:0c:29:00:00:c8"));
    }

    private static async Task BecomeTwoMastersAsync(PeerLab lab, PeerRouter ours, PeerRouter keepalived)
    {
        await ours.StartAsync();
        lab.SetDeaf(true, ours, keepalived);
        CapturedFrame beat = await lab.AdvertAsync(ours, 0, 6);
        await lab.AdvertAsync(ours, beat.Us + 1, 2);
        await keepalived.StartAsync();
        await lab.AdvertAsync(keepalived, 0, 6);
        await lab.AdvertsPassAsync(keepalived, 1);
        await lab.HoldersAsync(1, PeerInstance.Vip, ours, keepalived);
    }

    /// <summary>The client knows the loser as the owner of the address, as if it had asked at a bad moment.</summary>
    private static async Task TalkToAsync(PeerLab lab, ClientProcess client, PeerRouter loser)
    {
        LabHost host = lab.Network["client"];
        host.Exec("ip", "neigh", "replace", PeerInstance.Vip, "lladdr", loser.Host.Mac, "dev", host.Link, "nud",
            "reachable").OrThrow();
        RequestResult before = await client.GetAsync(Url, stop: TestContext.Current.CancellationToken);
        Assert.Equal(loser.Host.Name, before.Body);
    }

    /// <summary>Mends the segment so that this router's advert is the first to be heard. Returns when.</summary>
    private static async Task<long> HealAsync(PeerLab lab, PeerRouter first, PeerRouter winner, PeerRouter loser)
    {
        PeerRouter second = first == winner ? loser : winner;
        CapturedFrame passed = await lab.AdvertAsync(second, PeerLab.Now, 2);
        lab.SetDeaf(false, winner, loser);
        CapturedFrame next = await lab.AdvertAsync(first, passed.Us, 2);
        Assert.DoesNotContain(lab.Adverts(second), frame => frame.Us > passed.Us && frame.Us < next.Us);
        return next.Us;
    }

    private static async Task<RequestResult> ReachAsync(ClientProcess client, PeerRouter winner)
    {
        long deadline = PeerLab.Now + 10_000_000;
        RequestResult result;
        do
        {
            result = await client.GetAsync(Url, timeoutMs: 200, TestContext.Current.CancellationToken);
        }
        while (result.Body != winner.Host.Name && PeerLab.Now < deadline);
        Assert.Equal(winner.Host.Name, result.Body);
        return result;
    }

    private static string Url => $"http://{PeerInstance.Vip}/";
}
