using System;
using System.IO;
using System.IO.Compression;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>Web servers that mean no good: a check of them ends in time, in bounded memory, as a failure.</summary>
public sealed class HostileWebTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly HttpPage Page = new("/") { Digest = new string('0', 32) };

    private readonly TestClock _clock = new();

    [Fact]
    public async Task Silence()
    {
        await using var server = new TestServer((_, stop) => Task.Delay(-1, stop));

        AssertLate(await AskUntilLateAsync(server, Page), "Timeout HTTP read");
    }

    [Fact]
    public async Task A_drip_of_headers()
    {
        await using TestServer server = Dripping("HTTP/1.1 200 OK\r\nX: ");

        AssertLate(await AskUntilLateAsync(server, Page), "Timeout HTTP read");
    }

    [Fact]
    public async Task A_drip_of_body()
    {
        await using TestServer server = Dripping("HTTP/1.1 200 OK\r\n\r\n");

        AssertLate(await AskUntilLateAsync(server, Page), "Timeout HTTP read");
    }

    [Fact]
    public async Task Endless_headers()
    {
        string line = "X-Header: " + new string('x', 1_000) + "\r\n";
        await using TestServer server = Pouring("HTTP/1.1 200 OK\r\n", line);

        ProbeResult result = await ProbeTest.AskAsync(Probe(server, Page));

        Assert.Equal(
            (ProbeFailure.WrongAnswer, "more than 65536 octets of headers"), (result.Failure, result.Reason));
    }

    [Fact]
    public async Task A_status_line_of_a_megabyte()
    {
        await using TestServer server = TestServer.Answering("HTTP/1.1 200 " + new string('O', 1_000_000) + "\r\n\r\n");

        Assert.Equal(ProbeFailure.WrongAnswer, (await ProbeTest.AskAsync(Probe(server, Page))).Failure);
    }

    [Fact]
    public async Task An_endless_body_that_nobody_wants_to_know()
    {
        await using TestServer server = Pouring("HTTP/1.1 200 OK\r\n\r\n", new string('x', 10_000));

        Assert.True((await ProbeTest.AskAsync(Probe(server, new HttpPage("/")))).Succeeded);
    }

    [Fact]
    public async Task An_endless_body_that_is_digested()
    {
        await using TestServer server = Pouring("HTTP/1.1 200 OK\r\n\r\n", new string('x', 10_000));

        AssertLate(await AskUntilLateAsync(server, Page), "Timeout HTTP read");
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("4294967296")]
    public async Task A_length_that_is_a_lie(string length)
    {
        await using TestServer server = TestServer.Answering(
            $"HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\nhello");

        ProbeResult result = await ProbeTest.AskAsync(
            Probe(server, new HttpPage("/") { Digest = "5d41402abc4b2a76b9719d911017c592" }));

        Assert.True(result.Succeeded, result.Reason); // what came counts, as with keepalived
    }

    [Fact]
    public async Task A_bomb_stays_packed()
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] letters = new byte[50_000_000];
            Array.Fill(letters, (byte)'a');
            zip.Write(letters);
        }

        byte[] head = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
        await using TestServer server = TestServer.Answering([.. head, .. packed.ToArray()]);
        Assert.True(BodyPattern.TryMake(new PatternText("a{100}"), out BodyPattern? unpacked, out _));

        ProbeResult result = await ProbeTest.AskAsync(Probe(server, new HttpPage("/") { Pattern = unpacked }));

        Assert.Equal("the pattern is not in the page", result.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("H")]
    [InlineData("HTTP/1.1 200 OK")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    public async Task An_end_before_there_is_an_answer(string start)
    {
        await using TestServer server = TestServer.Answering(start);

        ProbeResult result = await ProbeTest.AskAsync(Probe(server, Page));

        Assert.Equal((ProbeFailure.Other, "Read, no data received from "), (result.Failure, result.Phrase));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")]
    public async Task A_reset_at_any_moment(string start)
    {
        await using var server = new TestServer(async (socket, stop) =>
        {
            await TestServer.ReadAsync(socket, stop);
            await TestServer.SendAsync(socket, start, stop);
            await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
            TestServer.Reset(socket);
        });

        ProbeResult result = await ProbeTest.AskAsync(Probe(server, Page));

        Assert.Equal((ProbeFailure.Other, "Read error with"), (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task A_reset_instead_of_a_conversation()
    {
        await using var server = new TestServer((socket, _) =>
        {
            TestServer.Reset(socket);
            return Task.CompletedTask;
        });

        Assert.False((await ProbeTest.AskAsync(Probe(server, Page))).Succeeded);
    }

    [Fact]
    public async Task A_client_that_gives_up_is_heard_in_the_middle_of_an_answer()
    {
        await using TestServer server = Dripping("HTTP/1.1 200 OK\r\nX: ");
        using var stop = new CancellationTokenSource();

        Task<ProbeResult> asking = Probe(server, Page).RunAsync(stop.Token).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(100), ProbeTest.Cancellation);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task Others_are_checked_on_time_meanwhile()
    {
        await using TestServer drip = Dripping("HTTP/1.1 200 OK\r\nX: ");
        await using TestServer flood = Pouring("HTTP/1.1 200 OK\r\n\r\n", new string('x', 10_000));
        await using TestServer good = TestServer.Answering("HTTP/1.1 200 OK\r\n\r\n");
        using var stop = new CancellationTokenSource();
        Task<ProbeResult>[] hostile = new Task<ProbeResult>[50];
        for (int i = 0; i < hostile.Length; i++)
        {
            TestServer server = i % 10 == 0 ? flood : drip;
            hostile[i] = Probe(server, Page).RunAsync(stop.Token).AsTask();
        }

        for (int i = 0; i < 5; i++)
        {
            long start = TimeProvider.System.GetTimestamp();
            Assert.True((await ProbeTest.AskAsync(Probe(good, new HttpPage("/")))).Succeeded);
            Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 5);
        }

        await stop.CancelAsync();
        foreach (Task<ProbeResult> each in hostile)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => each);
        }
    }

    /// <summary>A drop at a time, for ever.</summary>
    private static TestServer Dripping(string start) => new(async (socket, stop) =>
    {
        await TestServer.ReadAsync(socket, stop);
        await TestServer.SendAsync(socket, start, stop);
        while (true)
        {
            await TestServer.SendAsync(socket, "x", stop);
            await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
        }
    });

    /// <summary>As fast as it goes, for ever.</summary>
    private static TestServer Pouring(string start, string more) => new(async (socket, stop) =>
    {
        await TestServer.ReadAsync(socket, stop);
        await TestServer.SendAsync(socket, start, stop);
        byte[] octets = Encoding.ASCII.GetBytes(more);
        while (true)
        {
            await TestServer.SendAsync(socket, octets, stop);
        }
    });

    private static void AssertLate(ProbeResult result, string phrase) => Assert.Equal(
        (ProbeFailure.Timeout, "no answer within 5 s", phrase), (result.Failure, result.Reason, result.Phrase));

    private Task<ProbeResult> AskUntilLateAsync(TestServer server, HttpPage page) =>
        ProbeTest.AskUntilLateAsync(Probe(server, page), _clock, Timeout);

    private HttpProbe Probe(TestServer server, HttpPage page) => new(
        new HttpProbeSettings(server.Connect with { Timeout = Timeout }, ValueList.Of(page)), page, _clock);
}
