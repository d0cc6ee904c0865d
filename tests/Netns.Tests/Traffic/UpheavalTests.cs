using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>Whoever loses a director or a real server hears of it at once; nobody is left hanging.</summary>
[Trait("Group", "Traffic")]
public sealed class UpheavalTests(UpheavalLab lab) : IClassFixture<UpheavalLab>, IAsyncDisposable
{
    private static readonly string[] s_families = ["IPv4", "IPv6"];

    /// <summary>Every way of taking frames.</summary>
    public static TheoryData<string> Ways => ["xdp", "xdp-generic", "packet"];

    public async ValueTask DisposeAsync()
    {
        await lab.StopDaemonsAsync();
        lab.Heal();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_connection_from_before_a_restart_is_reset_at_its_next_segment(string io)
    {
        DaemonHost director = await StartAsync(io, TrafficConfig.Both(TrafficConfig.Web, "TCP", "rs1", "rs2"));
        using LastingConnection v4 = await ConnectedAsync("IPv4"), v6 = await ConnectedAsync("IPv6");

        Assert.Equal(0, await director.EndAsync("TERM"));
        director = await StartAsync(io, TrafficConfig.Both(TrafficConfig.Web, "TCP", "rs1", "rs2"));

        Assert.Equal("ConnectionReset", await v4.AskAsync());
        Assert.Equal("ConnectionReset", await v6.AskAsync());
        Assert.Equal(2, director.Counters()["answered: RST, no such connection"]);
    }

    [Fact]
    public async Task An_upload_in_full_flow_ends_as_soon_as_the_director_is_back()
    {
        DaemonHost director = await StartAsync("xdp", TrafficConfig.Both(TrafficConfig.Web, "TCP", "rs1"));
        using (await ConnectedAsync("IPv4"))
        {
            // the server's MAC is known, so that the upload begins at once
        }

        LabProcess upload = lab["client"].Start(
            "curl", "curl", "-sS", "--limit-rate", "1M", "-T", lab.Servers.BigFile, "-H", "Expect:",
            TrafficNetwork.UrlOf("IPv4") + "/up/broken");
        await Soon.RequireAsync(() => director.Counters()["forwarded"] > 200, () => upload.LastLines(5));
        Assert.Equal(0, await director.EndAsync("TERM"));
        Assert.False(upload.HasExited, upload.LastLines(5));

        director = await StartAsync("xdp", TrafficConfig.Both(TrafficConfig.Web, "TCP", "rs1"));

        int? code = await upload.WaitForExitAsync(TimeSpan.FromSeconds(5));
        Assert.True(code is 55 or 56, $"{code}: {upload.LastLines(5)}\n{director.Ask("counters").Output}");
        Assert.Contains("reset", upload.LastLines(5), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Without_a_real_server_clients_are_refused_at_once(string io)
    {
        DaemonHost director = await StartAsync(
            io, Checked(TrafficConfig.Web, "TCP", "") + Checked(TrafficConfig.Echo, "UDP", ""));
        foreach (string vip in (string[])[TrafficNetwork.Vip, TrafficNetwork.Vip6])
        {
            await director.LogAsync($"Lost quorum 1-0=1 > 0 for VS [{vip}]:tcp:{TrafficConfig.Web}");
            await director.LogAsync($"Lost quorum 1-0=1 > 0 for VS [{vip}]:udp:{TrafficConfig.Echo}");
        }

        foreach (string family in s_families)
        {
            await RefusedAsync(async stop =>
                (await Wires.ConnectAsync(lab["client"], family, TrafficConfig.Web, stop)).Dispose());
            await RefusedAsync(async stop =>
            {
                using Socket socket = Wires.Udp(lab["client"], family);
                await socket.ConnectAsync(Wires.Service(family, TrafficConfig.Echo), stop);
                await socket.SendAsync("anybody?"u8.ToArray(), stop);
                _ = await socket.ReceiveAsync(new byte[100], stop);
            });
        }

        Assert.Equal(4, director.Counters()["answered: port unreachable, no real server"]);
    }

    [Theory]
    [InlineData("xdp")]
    [InlineData("packet")]
    public async Task Connections_of_a_removed_server_are_reset_and_those_of_an_inhibited_one_go_on(string io)
    {
        lab.Heal("rs1", "rs2");
        DaemonHost director = await StartAsync(
            io, Checked(TrafficConfig.Web, "TCP", "") + Checked(TrafficConfig.TwoArm, "TCP", "inhibit_on_failure"));
        foreach (string family in s_families)
        {
            var removed = await OneEachAsync(family, TrafficConfig.Web);
            var inhibited = await OneEachAsync(family, TrafficConfig.TwoArm);
            int place = director.Process.Count;

            lab.Heal("rs2");
            string rs1 = $"service [{TrafficConfig.AddressOf("rs1", family)}]:tcp:";
            await director.LogAsync($"Removing {rs1}{TrafficConfig.Web}", place);
            await director.LogAsync($"Disabling {rs1}{TrafficConfig.TwoArm}", place);

            Assert.Equal("ConnectionReset", await removed["rs1"].AskAsync());
            Assert.Equal("rs2", await removed["rs2"].AskAsync());
            Assert.Equal("rs1", await inhibited["rs1"].AskAsync());
            Assert.Equal("rs2", await inhibited["rs2"].AskAsync());
            Assert.All(Names(family, TrafficConfig.Web, 10), name => Assert.Equal("rs2", name));
            Assert.All(Names(family, TrafficConfig.TwoArm, 10), name => Assert.Equal("rs2", name));

            place = director.Process.Count;
            lab.Heal("rs1", "rs2");
            await director.LogAsync($"Adding {rs1}{TrafficConfig.Web}", place);
            await director.LogAsync($"Enabling {rs1}{TrafficConfig.TwoArm}", place);
        }
    }

    [Fact]
    public async Task A_sorry_server_serves_while_all_others_are_away_and_then_steps_back()
    {
        lab.Heal("rs1", "rs2");
        string config = string.Concat(s_families.Select(family => TrafficConfig.Service(
            family, TrafficConfig.Web, "TCP",
            $"    sorry_server {TrafficConfig.AddressOf("rs3", family)} {TrafficConfig.Web}\n",
            TrafficConfig.Real("rs1", family, TrafficConfig.Web, UpheavalLab.Checked),
            TrafficConfig.Real("rs2", family, TrafficConfig.Web, UpheavalLab.Checked))));
        _ = await StartAsync("xdp", config);
        foreach (string family in s_families)
        {
            await ServedByAsync(family, "rs1", "rs2");
            lab.Heal();
            await ServedByAsync(family, "rs3");
            lab.Heal("rs2");
            await ServedByAsync(family, "rs2");
            lab.Heal("rs1", "rs2");
        }
    }

    [Fact]
    public async Task A_server_with_a_slow_start_gets_its_full_share_only_in_the_end()
    {
        const int Batch = 20, Half = Batch / 2;
        lab.Heal("rs1", "rs2");
        DaemonHost director = await StartAsync("xdp", TrafficConfig.Service(
            "IPv4", TrafficConfig.Web, "TCP",
            TrafficConfig.Real("rs1", "IPv4", TrafficConfig.Web, "slow_start 10\n" + UpheavalLab.Checked),
            TrafficConfig.Real("rs2", "IPv4", TrafficConfig.Web, UpheavalLab.Checked)));
        await ServedByAsync("IPv4", "rs1", "rs2");
        lab.Heal("rs2");
        await director.LogAsync("Removing service");

        lab.Heal("rs1", "rs2");
        await director.LogAsync("Adding service");

        List<int> shares = [];
        await Soon.RequireAsync(
            () =>
            {
                shares.Add(Names("IPv4", TrafficConfig.Web, Batch).Count(name => name == "rs1"));
                return shares[^1] == Half;
            },
            () => $"of {Batch} connections each: {string.Join(' ', shares)}");
        Assert.True(shares[0] < Half / 2, $"of {Batch} connections each: {string.Join(' ', shares)}");
        Assert.Contains(shares, share => share is > 0 and < Half);
    }

    private static async Task RefusedAsync(Func<CancellationToken, Task> attempt)
    {
        using CancellationTokenSource limit = Wires.Limit();
        SocketException refused = await Assert.ThrowsAsync<SocketException>(() => attempt(limit.Token));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    private static string Checked(int port, string protocol, string word) => string.Concat(s_families.Select(family =>
        TrafficConfig.Service(family, port, protocol,
            TrafficConfig.Real("rs1", family, port, word + "\n" + UpheavalLab.Checked),
            TrafficConfig.Real("rs2", family, port, word + "\n" + UpheavalLab.Checked))));

    private Task<DaemonHost> StartAsync(string io, string services) =>
        lab.StartAsync(TrafficConfig.Instance + services, io);

    private IReadOnlyList<string> Names(string family, int port, int count) =>
        Curl.Answers(lab["client"], $"{TrafficNetwork.UrlOf(family)}:{port}/", count);

    /// <summary>Exactly these servers answer.</summary>
    private Task ServedByAsync(string family, params string[] servers) => Soon.RequireAsync(
        () => Names(family, TrafficConfig.Web, 10).Distinct().Order().SequenceEqual(servers),
        () => string.Join(' ', Names(family, TrafficConfig.Web, 10)));

    /// <summary>A connection that has been answered once. Tries until the server's MAC address is known.</summary>
    private async Task<LastingConnection> ConnectedAsync(string family, int port = TrafficConfig.Web)
    {
        LastingConnection? made = null;
        await Soon.RequireAsync(() => Names(family, port, 4).Count == 4, () => $"{family} {port}: no answers");
        made = await LastingConnection.OpenAsync(lab, family, port);
        Assert.StartsWith("rs", await made.AskAsync(), StringComparison.Ordinal);
        return made;
    }

    /// <summary>Connections by the server that they have led to, at least one to each.</summary>
    private async Task<Dictionary<string, LastingConnection>> OneEachAsync(string family, int port)
    {
        await Soon.RequireAsync(
            () => Names(family, port, 4).Distinct().Count() == 2, () => $"{family} {port}: one server only");
        Dictionary<string, LastingConnection> made = [];
        for (int i = 0; i < 4; i++)
        {
            LastingConnection connection = await LastingConnection.OpenAsync(lab, family, port);
            made[await connection.AskAsync()] = connection;
        }

        Assert.Equal(["rs1", "rs2"], made.Keys.Order());
        return made;
    }
}
