using System;
using System.Net;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

public sealed class PingProbeTests
{
    private readonly TestClock _clock = new();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.9.9")]
    [InlineData("::1")]
    public async Task The_kernel_answers_on_loopback(string address)
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess, "a ping socket may be forbidden, a raw one needs CAP_NET_RAW");

        ProbeResult result = await ProbeTest.AskAsync(Probe(address));

        Assert.Equal("", result.Reason);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 129)]
    public void An_answer_is_known_by_its_token(bool isV4, byte type)
    {
        EchoRequest request = EchoRequest.Draw(isV4);
        byte[] answer = request.Octets.ToArray();
        answer[0] = type;

        Assert.True(request.IsAnsweredBy(answer, hasIpHeader: false));
        Assert.True(request.IsAnsweredBy([0x45, .. new byte[19], .. answer], hasIpHeader: true));
        Assert.False(request.IsAnsweredBy(request.Octets.Span, hasIpHeader: false)); // our own request, on loopback
        Assert.False(EchoRequest.Draw(isV4).IsAnsweredBy(answer, hasIpHeader: false));
        for (int length = 0; length < 24; length++)
        {
            Assert.False(request.IsAnsweredBy(answer.AsSpan(0, length), hasIpHeader: false));
            Assert.False(request.IsAnsweredBy(answer.AsSpan(0, length), hasIpHeader: true));
        }
    }

    [Fact]
    public void The_checksum_of_an_ipv4_request_is_right()
    {
        uint sum = 0;
        ReadOnlySpan<byte> octets = EchoRequest.Draw(isV4: true).Octets.Span;
        for (int i = 0; i < octets.Length; i += 2)
        {
            sum += (uint)((octets[i] << 8) | octets[i + 1]);
        }

        Assert.Equal(0xFFFFu, (sum & 0xFFFF) + (sum >> 16)); // with its own checksum, RFC 1071's sum is all ones
    }

    private PingProbe Probe(string address) =>
        new(new ConnectOptions(new IPEndPoint(IPAddress.Parse(address), 0)), _clock);
}
