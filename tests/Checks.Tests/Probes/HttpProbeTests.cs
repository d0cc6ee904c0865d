using System;
using System.Net;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>HTTP_GET against real servers on loopback.</summary>
public sealed class HttpProbeTests
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private const string HelloDigest = "5d41402abc4b2a76b9719d911017c592";

    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(200, true)]
    [InlineData(299, true)]
    [InlineData(199, false)]
    [InlineData(301, false)]
    [InlineData(404, false)]
    [InlineData(500, false)]
    public async Task By_default_200_to_299_are_fine(int status, bool isFine)
    {
        await using TestServer server = TestServer.Answering($"HTTP/1.0 {status} x\r\n\r\n");

        ProbeResult result = await AskAsync(server, new HttpPage("/"));

        Assert.Equal(isFine, result.Succeeded);
        if (!isFine)
        {
            Assert.Equal(
                ("HTTP status code error to", $"HTTP status code {status}, wanted 200-299"),
                (result.Phrase, result.Reason));
        }
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(302, true)]
    [InlineData(303, false)]
    public async Task Other_codes_can_be_wanted(int status, bool isFine)
    {
        await using TestServer server = TestServer.Answering($"HTTP/1.0 {status} x\r\n\r\n");
        var codes = new StatusCodes(ValueList.Of((401, 401), (300, 302)));

        Assert.Equal(isFine, (await AskAsync(server, new HttpPage("/") { Codes = codes })).Succeeded);
    }

    [Theory]
    [InlineData(HelloDigest, true)]
    [InlineData("5D41402ABC4B2A76B9719D911017C592", true)]
    [InlineData("00000000000000000000000000000000", false)]
    public async Task The_digest_is_of_the_body(string digest, bool isFine)
    {
        await using TestServer server = TestServer.Answering(Hello);

        ProbeResult result = await AskAsync(server, new HttpPage("/") { Digest = digest });

        Assert.Equal(isFine, result.Succeeded);
        Assert.Equal(isFine ? "MD5 digest" : "MD5 digest error to", result.Phrase);
    }

    [Fact]
    public async Task A_digest_of_a_long_body_covers_all_of_it()
    {
        byte[] body = new byte[3_000_000];
        new Random(5).NextBytes(body);
#pragma warning disable CA5351 // as configurations hold it
        string digest = Convert.ToHexString(System.Security.Cryptography.MD5.HashData(body));
#pragma warning restore CA5351
        await using var server = new TestServer(async (socket, stop) =>
        {
            await TestServer.ReadAsync(socket, stop);
            await TestServer.SendAsync(socket, "HTTP/1.0 200 OK\r\n\r\n", stop); // until the end of the connection
            await TestServer.SendAsync(socket, body, stop);
        });

        Assert.Equal("", (await AskAsync(server, new HttpPage("/") { Digest = digest })).Reason);
    }

    [Fact]
    public async Task A_server_that_keeps_the_connection_open_is_not_waited_for()
    {
        await using var server = new TestServer(async (socket, stop) =>
        {
            await TestServer.ReadAsync(socket, stop);
            await TestServer.SendAsync(socket, Hello, stop);
            await TestServer.ReadAsync(socket, stop); // until the probe leaves
        });

        Assert.True((await AskAsync(server, new HttpPage("/") { Digest = HelloDigest })).Succeeded);
    }

    [Theory]
    [InlineData("ell", 0, null, false, true)]
    [InlineData("xyz", 0, null, false, false)]
    [InlineData("xyz", 0, null, true, true)]
    [InlineData("ell", 0, null, true, false)]
    [InlineData("l", 3, null, false, true)]
    [InlineData("l", 4, null, false, false)] // a match may not begin before
    [InlineData("o", 0, 4, false, true)]
    [InlineData("o", 0, 3, false, false)] // nor later
    [InlineData("l", 9, null, false, false)]
    public async Task A_pattern_is_looked_for_between_its_offsets(
        string pattern, int least, int? most, bool mustNot, bool isFine)
    {
        await using TestServer server = TestServer.Answering(Hello);
        var text = new PatternText(pattern) { OffsetMin = least, OffsetMax = most, MustNotMatch = mustNot };
        Assert.True(BodyPattern.TryMake(text, out BodyPattern? made, out _));

        ProbeResult result = await AskAsync(server, new HttpPage("/") { Pattern = made });

        Assert.Equal(isFine, result.Succeeded);
        Assert.Equal(isFine ? "Regex match" : "Regex match failed", result.Phrase);
    }

    [Theory]
    [InlineData(HttpProtocol.Http10, "GET /a HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: {0}\r\n\r\n")]
    [InlineData(
        HttpProtocol.Http10Close,
        "GET /a HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: {0}\r\n\r\n")]
    [InlineData(
        HttpProtocol.Http11,
        "GET /a HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: {0}\r\n\r\n")]
    [InlineData(
        HttpProtocol.Http11KeepAlive,
        "GET /a HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: keep-alive\r\nHost: {0}\r\n\r\n")]
    public async Task The_request_is_keepaliveds(HttpProtocol protocol, string request)
    {
        (string heard, TestServer server) = await HearAsync(new HttpPage("/a"), protocol);

        Assert.Equal(request.Replace("{0}", server.Address.ToString(), StringComparison.Ordinal), heard);
    }

    [Fact]
    public async Task A_virtual_host_stands_in_the_request_as_written()
    {
        (string heard, _) = await HearAsync(
            new HttpPage("/") { VirtualHost = "www.example:8080" }, HttpProtocol.Http10);

        Assert.Contains("\r\nHost: www.example:8080\r\n", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ipv6_address_stands_in_brackets()
    {
        (string heard, TestServer server) = await HearAsync(
            new HttpPage("/"), HttpProtocol.Http10, IPAddress.IPv6Loopback);

        Assert.Contains($"\r\nHost: [::1]:{server.Address.Port}\r\n", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_a_refusal()
    {
        await using var server = new TestServer((_, _) => Task.CompletedTask);
        ConnectOptions gone = server.Connect;
        await server.DisposeAsync();

        ProbeResult result = await ProbeTest.AskAsync(Probe(gone, new HttpPage("/")));

        Assert.Equal((ProbeFailure.Refused, "Error connecting"), (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task Genhash_prints_what_the_check_compares()
    {
        await using TestServer server = TestServer.Answering(Hello);
        var page = new HttpPage("/");

        (string? digest, int status, _) = await PageDigest.AskAsync(
            new HttpProbeSettings(server.Connect, ValueList.Of(page)), page, _clock, ProbeTest.Cancellation);

        Assert.Equal((HelloDigest, 200), (digest, status));
    }

    private async Task<(string Heard, TestServer Server)> HearAsync(
        HttpPage page, HttpProtocol protocol, IPAddress? address = null)
    {
        var heard = new TaskCompletionSource<string>();
        await using var server = new TestServer(
            async (socket, stop) =>
            {
                heard.TrySetResult(await TestServer.ReadAsync(socket, stop));
                await TestServer.SendAsync(socket, Hello, stop);
            },
            address);
        var settings = new HttpProbeSettings(server.Connect, ValueList.Of(page)) { Protocol = protocol };
        Assert.True((await ProbeTest.AskAsync(new HttpProbe(settings, page, _clock))).Succeeded);
        return (await heard.Task, server);
    }

    private Task<ProbeResult> AskAsync(TestServer server, HttpPage page) =>
        ProbeTest.AskAsync(Probe(server.Connect, page));

    private HttpProbe Probe(ConnectOptions connect, HttpPage page) =>
        new(new HttpProbeSettings(connect, ValueList.Of(page)), page, _clock);
}
