using System;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Netns.Tests;

/// <summary>A real server that LVS-DR cannot reach stays out and says why; one that moves is followed.</summary>
public sealed class RealServerPathTests : IAsyncDisposable
{
    private const string Host = "youxi1", Near = "192.168.5.103", Far = "10.77.0.9";

    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Behind_a_gateway()
    {
        Ip("route", "add", "10.77.0.0/24", "via", "192.168.5.200");

        DaemonHost daemon = await StartAsync(Far);

        await AssertOutOfServiceAsync(daemon, Far, "it is behind the gateway 192.168.5.200");
    }

    [Fact]
    public async Task Without_a_route_until_one_appears()
    {
        DaemonHost daemon = await StartAsync(Far);
        await AssertOutOfServiceAsync(daemon, Far, "no route leads to it");

        Ip("route", "add", "10.77.0.0/24", "dev", "ens33");

        await daemon.LogAsync($"real server [{Far}]:tcp:80 of VS [192.168.5.100]:tcp:80 can be reached again");
        Assert.Contains($"-> {Far}:80", daemon.Table());

        int place = daemon.Process.Count;
        Ip("route", "del", "10.77.0.0/24");
        await daemon.LogAsync("is out of service: no route leads to it", place);
        await Soon.RequireAsync(() => !daemon.Table().Contains(Far, StringComparison.Ordinal), daemon.Table);
    }

    [Fact]
    public async Task On_another_interface()
    {
        Ip("link", "add", "other0", "type", "veth", "peer", "name", "other1");
        Ip("link", "set", "other1", "up");
        Ip("addr", "add", "10.77.0.1/24", "dev", "other0");
        Ip("link", "set", "other0", "up");

        DaemonHost daemon = await StartAsync(Far);

        await daemon.LogAsync("ens33: frames for some real servers leave by other0");
        Assert.Contains($"-> {Far}:80", daemon.Table());
    }

    [Fact]
    public async Task The_director_itself()
    {
        DaemonHost daemon = await StartAsync("192.168.5.101");

        await daemon.LogAsync("ens33: frames for some real servers leave by xdplvs0");
        Assert.Contains("-> 192.168.5.101:80", daemon.Table());
    }

    [Fact]
    public async Task A_new_station_address_is_followed()
    {
        const string Moved = "00:0c:29:00:77:77";
        HttpServerProcess.Start(_cluster["youxi3"]);
        ClientProcess client = ClientProcess.Start(_cluster[TutorialNetwork.Client]);
        DaemonHost daemon = await StartUncheckedAsync(Near);
        await daemon.BecomeMasterAsync();
        await AssertAnswersAsync(client, "before the move");

        LabHost server = _cluster["youxi3"];
        server.Exec("ip", "link", "set", "ens33", "address", Moved).OrThrow();
        using (var moved = new Injector(server))
        {
            moved.Send(GratuitousArp(Moved, [192, 168, 5, 103]));
        }

        await Soon.RequireAsync(
            () => Answers(client), () => "no answer after the move; " + daemon.Ask("counters").Output);
        await AssertAnswersAsync(client, "after the move");
    }

    [Fact]
    public async Task A_server_that_is_not_there_at_the_start_catches_no_connection()
    {
        HttpServerProcess.Start(_cluster["youxi3"]);
        ClientProcess client = ClientProcess.Start(_cluster[TutorialNetwork.Client]);
        _cluster["youxi4"].SetCable(plugged: false);

        DaemonHost daemon = await StartUncheckedAsync(Near, "192.168.5.104");
        await daemon.BecomeMasterAsync();
        var absent = await client.GetManyAsync(
            "http://192.168.5.100/", 10, stop: TestContext.Current.CancellationToken);
        Assert.All(absent, result => Assert.Equal("youxi3", result.Body));
        Assert.Equal(0, daemon.Counters()["dropped: real server's MAC unknown"]);

        HttpServerProcess.Start(_cluster["youxi4"]);
        _cluster["youxi4"].SetCable(plugged: true);
        await Soon.RequireAsync(() => Get(client).Body == "youxi4", () => "the late server gets no connection");
    }

    private static byte[] GratuitousArp(string mac, byte[] address)
    {
        byte[] own = Convert.FromHexString(mac.Replace(":", "", StringComparison.Ordinal));
        byte[] all = [.. Enumerable.Repeat((byte)0xff, 6)];
        return [.. all, .. own, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, .. own, .. address, .. all, .. address];
    }

    private static RequestResult Get(ClientProcess client) => client.GetAsync("http://192.168.5.100/", timeoutMs: 500)
        .GetAwaiter().GetResult();

    private static bool Answers(ClientProcess client) => Get(client).Ok;

    private static async Task AssertAnswersAsync(ClientProcess client, string when)
    {
        var results = await client.GetManyAsync(
            "http://192.168.5.100/", 5, stop: TestContext.Current.CancellationToken);
        Assert.All(results, result => Assert.True(result.Ok, $"{when}: {result.Body}"));
    }

    private static async Task AssertOutOfServiceAsync(DaemonHost daemon, string address, string reason)
    {
        LabLine line = await daemon.LogAsync($"is out of service: {reason}");
        Assert.Contains($"real server [{address}]:tcp:80 of VS [192.168.5.100]:tcp:80", line.Text);
        string table = daemon.Table();
        Assert.DoesNotContain(address, table);
        Assert.Contains($"-> {Near}:80", table);
    }

    private Task<DaemonHost> StartAsync(string address) => StartUncheckedAsync(Near, address);

    private Task<DaemonHost> StartUncheckedAsync(params string[] reals) => _cluster.StartAsync(
        Host, Configs.Instance() + Configs.Service("192.168.5.100 80", Configs.Unchecked(reals)));

    private void Ip(params string[] words) => _cluster[Host].Exec(["ip", .. words]).OrThrow();
}
