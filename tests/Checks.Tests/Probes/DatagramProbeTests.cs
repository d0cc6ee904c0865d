using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>DNS_CHECK and UDP_CHECK against datagram servers on loopback, good and bad.</summary>
public sealed class DatagramProbeTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(0x8180, true)]
    [InlineData(0x8580, true)]
    [InlineData(0x8182, false)] // SERVFAIL
    [InlineData(0x8183, false)] // NXDOMAIN
    public async Task An_answer_without_error_passes_even_if_it_is_empty(int flags, bool isFine)
    {
        await using var server = new DatagramServer(question => [Answer(question, flags)]);

        ProbeResult result = await ProbeTest.AskAsync(Dns(server));

        Assert.Equal(isFine, result.Succeeded);
        Assert.Equal(isFine ? null : $"read error occurred. (rcode = {flags & 0xF})", result.Phrase);
    }

    [Fact]
    public async Task Noise_is_passed_over_until_the_answer_comes()
    {
        await using var server = new DatagramServer(question =>
        [
            [],
            [1],
            new byte[4_000],
            [.. question], // not an answer: our own question
            Answer([0xDE, 0xAD, .. question[2..]], 0x8180), // to somebody else's
            Answer(question, 0x8180)[..11],
            Answer(question, 0x8180),
        ]);

        Assert.True((await ProbeTest.AskAsync(Dns(server))).Succeeded);
    }

    [Fact]
    public async Task Nothing_but_noise_is_a_timeout()
    {
        await using var server = new DatagramServer(question => [[], [1, 2, 3], [.. question]]);

        ProbeResult result = await ProbeTest.AskUntilLateAsync(Dns(server), _clock, Timeout);

        Assert.Equal((ProbeFailure.Timeout, "read timeout from socket"), (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task Nobody_there_is_a_refusal()
    {
        await using var server = new DatagramServer(_ => []);
        await server.DisposeAsync();

        ProbeResult dns = await ProbeTest.AskAsync(Dns(server));
        ProbeResult udp = await ProbeTest.AskAsync(Udp(server, required: false, ReplyPattern.Any));

        Assert.Equal((ProbeFailure.Refused, ProbeFailure.Refused), (dns.Failure, udp.Failure));
        Assert.Equal("failed to read socket; errno 111 (Connection refused)", dns.Phrase);
    }

    [Theory]
    [InlineData(".", DnsType.Soa, "00 00 06 00 01")]
    [InlineData("a.example", DnsType.A, "01 61 07 65 78 61 6D 70 6C 65 00 00 01 00 01")]
    [InlineData("a.example.", DnsType.Aaaa, "01 61 07 65 78 61 6D 70 6C 65 00 00 1C 00 01")]
    [InlineData("x", DnsType.Txt, "01 78 00 00 10 00 01")]
    public void A_question_is_written_as_rfc_1035_says(string name, DnsType type, string question)
    {
        ReadOnlySpan<byte> octets = DnsQuestion.Draw(name, type).Octets.Span;

        Assert.Equal("01 00 00 01 00 00 00 00 00 00", Hex(octets[2..12])); // recursion desired, one question
        Assert.Equal(question, Hex(octets[12..]));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("..", false)]
    [InlineData("a..b", false)]
    [InlineData(".a", false)]
    [InlineData("a.b", true)]
    [InlineData("a.b.", true)]
    [InlineData(".", true)]
    public void Names_that_cannot_be_asked_for_are_known(string name, bool canAsk) =>
        Assert.Equal(canAsk, DnsQuestion.CanAsk(name));

    [Fact]
    public void Labels_and_names_have_their_lengths()
    {
        Assert.True(DnsQuestion.CanAsk(new string('a', 63) + ".b"));
        Assert.False(DnsQuestion.CanAsk(new string('a', 64) + ".b"));
        string label = new string('a', 49) + ".";
        Assert.True(DnsQuestion.CanAsk(string.Concat(label, label, label, label, label) + "abc")); // 255 in all
        Assert.False(DnsQuestion.CanAsk(string.Concat(label, label, label, label, label) + "abcd"));
        Assert.Throws<ArgumentException>(() => DnsQuestion.Draw("a..b", DnsType.A));
    }

    [Fact]
    public async Task Silence_is_fine_unless_a_reply_is_required()
    {
        await using var server = new DatagramServer(_ => []);

        ProbeResult optional = await ProbeTest.AskUntilLateAsync(
            Udp(server, required: false, ReplyPattern.Any), _clock, Timeout);
        ProbeResult required = await ProbeTest.AskUntilLateAsync(
            Udp(server, required: true, ReplyPattern.Any), _clock, Timeout);

        Assert.True(optional.Succeeded);
        Assert.Equal(ProbeFailure.Timeout, required.Failure);
    }

    [Theory]
    [InlineData("61", true)]
    [InlineData("61 62 63", true)]
    [InlineData("61 62 63 64 65", true)] // as far as both reach
    [InlineData("62", false)]
    [InlineData("61 62 64", false)]
    public async Task A_reply_begins_as_it_must(string pattern, bool isFine)
    {
        await using var server = new DatagramServer(_ => ["abc"u8.ToArray()]);

        ProbeResult result = await ProbeTest.AskAsync(Udp(server, required: true, new ReplyPattern
        {
            Octets = new ValueList<byte>(Convert.FromHexString(pattern.Replace(" ", "", StringComparison.Ordinal))),
        }));

        Assert.Equal(isFine ? ProbeFailure.None : ProbeFailure.WrongAnswer, result.Failure);
    }

    [Theory]
    [InlineData(3, null, null, true)]
    [InlineData(300, null, null, true)] // keepalived's bounds bind only with a pattern
    [InlineData(3, 4, null, false)]
    [InlineData(3, null, 2, false)]
    [InlineData(3, 3, 3, true)]
    public void Written_lengths_bind(int length, int? least, int? most, bool isFine) => Assert.Equal(
        isFine, new ReplyPattern { LengthMin = least, LengthMax = most }.Accepts(new byte[length], out _));

    [Fact]
    public void With_a_pattern_keepaliveds_bounds_bind()
    {
        var pattern = new ReplyPattern { Octets = ValueList.Of<byte>(0) };

        Assert.True(pattern.Accepts(new byte[255], out _));
        Assert.False(pattern.Accepts(new byte[256], out string why));
        Assert.Equal("the reply has 256 octets", why);
    }

    [Fact]
    public void Ignored_bits_may_be_anything()
    {
        var pattern = new ReplyPattern { Octets = ValueList.Of<byte>(0x10, 0x20), Ignored = ValueList.Of<byte>(0x0F) };

        Assert.True(pattern.Accepts([0x1F, 0x20], out _));
        Assert.False(pattern.Accepts([0x2F, 0x20], out _));
        Assert.False(pattern.Accepts([0x1F, 0x21], out _));
    }

    [Fact]
    public async Task The_payload_is_sent_as_written()
    {
        var heard = new List<byte[]>();
        await using var server = new DatagramServer(payload =>
        {
            heard.Add(payload);
            return [payload];
        });
        UdpProbeSettings settings = new(server.Connect) { RequireReply = true };

        await ProbeTest.AskAsync(new UdpProbe(settings with { Payload = ValueList.Of<byte>(0, 255) }, _clock));
        await ProbeTest.AskAsync(new UdpProbe(settings, _clock));

        Assert.Equal([0, 255], heard[0]);
        Assert.Equal(32, heard[1].Length);
    }

    private static byte[] Answer(byte[] question, int flags) =>
        [question[0], question[1], (byte)(flags >> 8), (byte)flags, .. question[4..]];

    private static string Hex(ReadOnlySpan<byte> octets) =>
        BitConverter.ToString(octets.ToArray()).Replace('-', ' ');

    private DnsProbe Dns(DatagramServer server) =>
        new(new DnsProbeSettings(server.Connect with { Timeout = Timeout }), _clock);

    private UdpProbe Udp(DatagramServer server, bool required, ReplyPattern pattern) => new(
        new UdpProbeSettings(server.Connect with { Timeout = Timeout }) { RequireReply = required, Reply = pattern },
        _clock);

    /// <summary>Answers each datagram with several, or none.</summary>
    private sealed class DatagramServer : IAsyncDisposable
    {
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public DatagramServer(Func<byte[], byte[][]> answer)
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            Connect = new ConnectOptions((IPEndPoint)_socket.LocalEndPoint!);
            _serving = ServeAsync(answer);
        }

        public ConnectOptions Connect { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving;
            _socket.Dispose();
        }

        private async Task ServeAsync(Func<byte[], byte[][]> answer)
        {
            try
            {
                byte[] buffer = new byte[4_000];
                while (true)
                {
                    SocketReceiveFromResult got = await _socket.ReceiveFromAsync(
                        buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                    foreach (byte[] each in answer(buffer[..got.ReceivedBytes]))
                    {
                        await _socket.SendToAsync(each, got.RemoteEndPoint, _stop.Token);
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // the test is over
            }
        }
    }
}
