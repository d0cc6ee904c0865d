using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;
using XdpLvs.Linux.Sockets;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>One row of the matrix: all kinds of traffic through one way of taking frames.</summary>
public abstract class TrafficCells(TrafficLab lab)
{
    /// <summary>Requests that go one after the other, each on a new connection.</summary>
    private const int Requests = 200;

    /// <summary>On a busy machine some datagrams are lost before a process gets its turn.</summary>
    private const double LostPercentMax = 10;

    private const int Datagrams = 10, DatagramSize = 62_000, TriesMax = 13;

    private LabHost Client => lab["client"];

    /// <summary>Both address families.</summary>
    public static TheoryData<string> Families => ["IPv4", "IPv6"];

    [Theory]
    [MemberData(nameof(Families))]
    public void Many_requests_are_answered_by_both_real_servers_in_turn(string family)
    {
        IReadOnlyList<string> answers = Curl.Answers(Client, TrafficNetwork.UrlOf(family) + "/", Requests);

        Assert.Equal(Requests, answers.Count);
        Assert.Equal(Requests / 2, answers.Count(name => name == "rs1"));
        Assert.Equal(Requests / 2, answers.Count(name => name == "rs2"));
        lab.Note(Kind.Requests, $"{family} {answers.Count} of {Requests}");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_download_of_20_MB_arrives_whole(string family)
    {
        string target = lab.PathOf("down" + family);

        CurlResult result = Curl.Download(Client, TrafficNetwork.UrlOf(family) + "/big", target);

        Assert.True(result.Code == 0, result.Error);
        Assert.Equal(lab.Servers.BigSum, TrafficServers.Sum(target));
        lab.Note(Kind.Download, $"{family} {TrafficServers.BigSize / result.Seconds / 1e6:0} MB/s");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_upload_of_20_MB_arrives_whole(string family)
    {
        string name = "up" + family;

        CurlResult result = Curl.Upload(Client, lab.Servers.BigFile, $"{TrafficNetwork.UrlOf(family)}/up/{name}");

        Assert.True(result.Code == 0, result.Error + "\n" + lab.Director.Ask("counters").Output);
        string server = Assert.Single<string>(["rs1", "rs2"], rs => File.Exists(lab.Servers.UploadOf(rs, name)));
        Assert.Equal(lab.Servers.BigSum, TrafficServers.Sum(lab.Servers.UploadOf(server, name)));
        lab.Note(Kind.Upload, $"{family} {TrafficServers.BigSize / result.Seconds / 1e6:0} MB/s");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Tcp_of_iperf3_goes_on_both_ways(string family)
    {
        JsonElement end = Measure(family, "--bidir");

        double up = end.GetProperty("sum_received").GetProperty("bits_per_second").GetDouble();
        double down = end.GetProperty("sum_received_bidir_reverse").GetProperty("bits_per_second").GetDouble();
        Assert.True(up > 1e6, $"{up} bit/s to the server");
        Assert.True(down > 1e6, $"{down} bit/s to the client");
        lab.Note(Kind.Tcp, $"{family} {up / 1e6:0} Mbit/s up and {down / 1e6:0} down");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Udp_of_iperf3_arrives_both_ways(string family)
    {
        JsonElement end = Measure(family, "--bidir", "-u", "-b", "4M", "-l", "1000");

        foreach (string direction in (string[])["sum", "sum_bidir_reverse"])
        {
            JsonElement sum = end.GetProperty(direction);
            double lost = sum.GetProperty("lost_percent").GetDouble();
            Assert.True(sum.GetProperty("packets").GetInt64() > 700, $"{sum}: 1,000 datagrams should have been sent");
            Assert.True(lost < LostPercentMax, $"{direction}: {lost} % lost\n{lab.Director.Ask("counters").Output}");
            string way = direction == "sum" ? "up" : "down";
            lab.Note(Kind.Udp, $"{family} 4 Mbit/s {way}, {lost:0.0} % lost");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Behind_another_card_and_on_the_director_itself_servers_take_their_turns(string family)
    {
        string url = $"{TrafficNetwork.UrlOf(family)}:{TrafficConfig.TwoArm}";
        IReadOnlyList<string> answers = Curl.Answers(Client, url + "/", 60);

        Assert.Equal(60, answers.Count);
        string[] names = ["rs2", "rs3", "director"];
        Assert.True(
            Array.TrueForAll(names, name => answers.Count(each => each == name) == 20),
            $"{string.Join(' ', answers)}\n{lab.Director.Process.LastLines(20)}\n"
                + lab.Director.Ask("counters").Output);
        lab.Note(Kind.TwoArm, $"{family} 60 of 60");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Uploads_reach_servers_behind_another_card_and_on_the_director_itself(string family)
    {
        string url = $"{TrafficNetwork.UrlOf(family)}:{TrafficConfig.TwoArm}/up/arm{family}";
        HashSet<string> reached = [];
        for (int i = 0; i < 3; i++)
        {
            CurlResult result = Curl.Upload(Client, lab.Servers.BigFile, url + i);
            Assert.True(result.Code == 0, result.Error + "\n" + lab.Director.Ask("counters").Output);
            string[] servers = ["rs2", "rs3", "director"];
            string name = servers.Single(rs => File.Exists(lab.Servers.UploadOf(rs, $"arm{family}{i}")));
            Assert.Equal(lab.Servers.BigSum, TrafficServers.Sum(lab.Servers.UploadOf(name, $"arm{family}{i}")));
            reached.Add(name);
        }

        Assert.Equal(3, reached.Count);
        lab.Note(Kind.TwoArmUpload, $"{family} 3 of 3");
    }

    /// <summary>
    /// The router tells the virtual address, and so the director, that the way is narrow; the real server must hear it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Families))]
    public void A_download_through_a_path_of_1280_octets_is_no_slower_for_it(string family)
    {
        string target = lab.PathOf("narrow" + family), url = TrafficNetwork.UrlOf(family) + "/mega";

        CurlResult first = Curl.Download(lab["far"], url, target);
        Assert.True(first.Code == 0, first.Error + "\n" + lab.Director.Ask("counters").Output);
        Assert.Equal(lab.Servers.MegaSum, TrafficServers.Sum(target));
        string[] learnt = Narrowed(family);
        Assert.True(learnt.Length == 1, $"learnt by {learnt.Length} servers, one has sent");

        CurlResult second = Curl.Download(lab["far"], url, target);
        Assert.True(second.Code == 0, second.Error);
        Assert.Equal(["rs1", "rs2"], Narrowed(family));
        Assert.InRange(Math.Max(first.Seconds, second.Seconds), 0, 2); // what is lost is sent again, later and later
        lab.Note(Kind.Narrow, $"{family} learnt, 1 MB in {first.Seconds * 1000:0} ms");
    }

    [Theory]
    [MemberData(nameof(Families))]
    public async Task Datagrams_of_62_KB_come_back_whole(string family)
    {
        int tries = await EchoAsync(family, (socket, payload, _) =>
            socket.SendTo(payload, Wires.Service(family, TrafficConfig.Echo)));

        lab.Note(Kind.Large, $"{family} {Datagrams} in {tries} tries");
    }

    [Theory]
    [InlineData("IPv4", "backwards")]
    [InlineData("IPv4", "at random")]
    [InlineData("IPv6", "backwards")]
    [InlineData("IPv6", "at random")]
    public async Task Fragments_find_together_in_any_order(string family, string order)
    {
        var random = new Random(62_000);
        (byte[], byte[]) macs = (Wires.MacOf(lab["router"], "wan"), Wires.MacOf(Client, TrafficNetwork.Card));
        using FrameSocket wire = Wires.Frames(Client);
        int tries = await EchoAsync(family, (socket, payload, number) =>
        {
            byte[][] frames = [.. FragmentedDatagram.Cut(
                macs, (IPEndPoint)socket.LocalEndPoint!, Wires.Service(family, TrafficConfig.Echo), number, payload)];
            if (order == "backwards")
            {
                Array.Reverse(frames);
            }
            else
            {
                random.Shuffle(frames);
            }

            Assert.All(frames, frame => Assert.Equal(0, wire.Send(frame)));
        });

        lab.Note(Kind.Reordered, $"{family} {order} {Datagrams} in {tries} tries");
    }

    /// <summary>For the rows with several queues.</summary>
    private protected async Task AssertEveryQueueHasItsShareAsync()
    {
        long[] before = Wakes();
        Assert.Equal(lab.Queues, before.Length);
        foreach (string family in (string[])["IPv4", "IPv6"])
        {
            _ = Curl.Answers(Client, TrafficNetwork.UrlOf(family) + "/", Requests);
        }

        await Soon.RequireAsync(
            () => Wakes().Zip(before).All(pair => pair.First > pair.Second + 20),
            () => $"wake-ups before {string.Join(' ', before)}, now {string.Join(' ', Wakes())}");
        lab.Note(Kind.Queues, "woken " + string.Join(" and ", Wakes().Zip(before, (now, then) => now - then)));
    }

    /// <summary>
    /// Has datagrams echoed, each from a port of its own. Nobody but the sender notices when one is lost on a busy
    /// machine, so it tries again, yet seldom.
    /// </summary>
    /// <param name="family">"IPv4" or "IPv6".</param>
    /// <param name="send">Sends a payload from a socket, with a number that no other try has.</param>
    /// <returns>Tries that all of them have needed.</returns>
    private async Task<int> EchoAsync(string family, Action<Socket, byte[], ushort> send)
    {
        var random = new Random(62);
        ushort tries = 0;
        for (int i = 0; i < Datagrams; i++)
        {
            byte[] payload = new byte[DatagramSize], answer = new byte[ushort.MaxValue];
            random.NextBytes(payload);
            using Socket socket = Wires.Udp(Client, family);
            socket.Bind(new IPEndPoint(IPAddress.Parse(family == "IPv6" ? "fd00:82::2" : "10.82.0.2"), 0));
            int received = 0;
            while (received == 0)
            {
                Assert.True(++tries <= TriesMax, $"{i} back in {tries} tries\n{lab.Director.Ask("counters").Output}");
                send(socket, payload, tries);
                using CancellationTokenSource limit = Wires.Limit(seconds: 2);
                try
                {
                    received = await socket.ReceiveAsync(answer, limit.Token);
                }
                catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
                {
                    // lost: another try
                }
            }

            Assert.Equal(payload, answer[..received]);
        }

        return tries;
    }

    /// <summary>The real servers that know how narrow the way to the host "far" is.</summary>
    private string[] Narrowed(string family)
    {
        string far = family == "IPv6" ? "fd00:84::2" : "10.84.0.2";
        string[] words = ["ip", "route", "get", far, "from", TrafficNetwork.VipOf(family)];
        return [.. ((string[])["rs1", "rs2"]).Where(name => lab[name].Exec(words).OrThrow().Output
            .Contains($"mtu {TrafficNetwork.NarrowMtu}", StringComparison.Ordinal))];
    }

    /// <summary>How often each queue's worker has slept, in the order of the queues.</summary>
    private long[] Wakes() =>
    [
        .. Directory.GetDirectories($"/proc/{lab.Director.Process.Pid}/task")
            .Where(task => File.ReadAllText(task + "/comm").StartsWith("fwd-", StringComparison.Ordinal))
            .OrderBy(task => File.ReadAllText(task + "/comm"))
            .Select(task => File.ReadLines(task + "/status").First(IsWakes))
            .Select(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)),
    ];

    private static bool IsWakes(string line) => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal);

    private JsonElement Measure(string family, params string[] words)
    {
        CommandResult result = Client.Exec(
            ["iperf3", "-c", TrafficNetwork.VipOf(family), "--connect-timeout", "3000", "-t", "2", "-J", .. words]);
        Assert.True(result.ExitCode == 0, $"{result.Output}\n{lab.Director.Ask("counters").Output}");
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("end");
    }
}
