using System;
using System.Collections.Generic;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>SMTP_CHECK against servers on loopback, good and bad.</summary>
public sealed class SmtpProbeTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly TestClock _clock = new();

    [Fact]
    public async Task A_conversation_that_goes_well()
    {
        var heard = new List<string>();
        await using TestServer server = Speaking(heard, "220 mail\r\n", "250 hello\r\n", "221 bye\r\n");

        ProbeResult result = await AskAsync(server);

        Assert.Equal("", result.Reason);
        Assert.Equal(["HELO smtpchecker.keepalived.org\r\n", "QUIT\r\n"], heard);
    }

    [Theory]
    [InlineData("220-a\r\n220-b\r\n220 c\r\n", "250-x\r\n250 y\r\n", "221 z\r\n")]
    [InlineData("220\n", "250\n", "221\n")]
    [InlineData("220 a\r\n", "250 b\r\n", "500 whatever\r\n")] // keepalived takes any farewell
    public async Task Replies_may_have_several_lines(string greeting, string hello, string bye)
    {
        await using TestServer server = Speaking([], greeting, hello, bye);

        Assert.True((await AskAsync(server)).Succeeded);
    }

    [Theory]
    [InlineData("554 go away\r\n", "250 x\r\n", "Bad greeting banner from server {0}")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "", "Bad greeting banner from server {0}")]
    [InlineData("\r\n", "", "Bad greeting banner from server {0}")]
    [InlineData("220-a\r\nnonsense\r\n", "", "Bad greeting banner from server {0}")]
    [InlineData("220 a\r\n", "502 no\r\n", "Bad HELO response from server {0}")]
    [InlineData("220 a\r\n", "25\r\n", "Bad HELO response from server {0}")]
    public async Task A_wrong_answer_is_named(string greeting, string hello, string phrase)
    {
        await using TestServer server = Speaking([], greeting, hello, "221 bye\r\n");

        ProbeResult result = await AskAsync(server);

        string name = $"[127.0.0.1]:{server.Address.Port}";
        Assert.Equal(
            (ProbeFailure.WrongAnswer, phrase.Replace("{0}", name, StringComparison.Ordinal)),
            (result.Failure, result.Phrase));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_end_or_a_reset_at_every_step(int step)
    {
        string[] words = ["220 a\r\n", "250 b\r\n", "221 c\r\n"];
        foreach (bool isReset in new[] { false, true })
        {
            await using var server = new TestServer(async (socket, stop) =>
            {
                for (int i = 0; i < step; i++)
                {
                    await TestServer.SendAsync(socket, words[i], stop);
                    await TestServer.ReadAsync(socket, stop);
                }

                if (isReset)
                {
                    // a reset of the handshake is another failure
                    await Task.Delay(TimeSpan.FromMilliseconds(50), stop);
                    TestServer.Reset(socket);
                }
            });

            ProbeResult result = await AskAsync(server);

            Assert.Equal(ProbeFailure.Other, result.Failure);
            Assert.Equal($"Read failure from server [127.0.0.1]:{server.Address.Port}", result.Phrase);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Silence_at_every_step(int step)
    {
        string[] words = ["220 a\r\n", "250 b\r\n", "221 c\r\n"];
        await using var server = new TestServer(async (socket, stop) =>
        {
            for (int i = 0; i < step; i++)
            {
                await TestServer.SendAsync(socket, words[i], stop);
                await TestServer.ReadAsync(socket, stop);
            }

            await Task.Delay(-1, stop);
        });

        ProbeResult result = await ProbeTest.AskUntilLateAsync(Probe(server), _clock, Timeout);

        Assert.Equal(
            (ProbeFailure.Timeout, $"Read timeout from server [127.0.0.1]:{server.Address.Port}"),
            (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task A_greeting_without_an_end()
    {
        await using var server = new TestServer(async (socket, stop) =>
        {
            byte[] line = Encoding.ASCII.GetBytes("220-" + new string('x', 500) + "\r\n");
            while (true)
            {
                await TestServer.SendAsync(socket, line, stop);
            }
        });

        Assert.Equal(ProbeFailure.WrongAnswer, (await AskAsync(server)).Failure);
    }

    [Fact]
    public async Task A_greeting_that_drips()
    {
        await using var server = new TestServer(async (socket, stop) =>
        {
            while (true)
            {
                await TestServer.SendAsync(socket, "2", stop);
                await Task.Delay(TimeSpan.FromMilliseconds(20), stop);
            }
        });

        Assert.Equal(
            ProbeFailure.Timeout, (await ProbeTest.AskUntilLateAsync(Probe(server), _clock, Timeout)).Failure);
    }

    [Fact]
    public async Task All_hosts_must_answer()
    {
        await using TestServer good = Speaking([], "220 a\r\n", "250 b\r\n", "221 c\r\n");
        await using TestServer bad = Speaking([], "554 a\r\n", "", "");

        ProbeResult both = await ProbeTest.AskAsync(new SmtpProbe(
            new SmtpProbeSettings(ValueList.Of(good.Connect, good.Connect)) { HeloName = "me" }, _clock));
        ProbeResult one = await ProbeTest.AskAsync(new SmtpProbe(
            new SmtpProbeSettings(ValueList.Of(good.Connect, bad.Connect)), _clock));

        Assert.True(both.Succeeded, both.Reason);
        Assert.Equal($"[127.0.0.1]:{bad.Address.Port} answered with code 554", one.Reason);
    }

    private static TestServer Speaking(List<string> heard, string greeting, string hello, string bye) =>
        new(async (socket, stop) =>
        {
            await TestServer.SendAsync(socket, greeting, stop);
            heard.Add(await TestServer.ReadAsync(socket, stop));
            await TestServer.SendAsync(socket, hello, stop);
            heard.Add(await TestServer.ReadAsync(socket, stop));
            await TestServer.SendAsync(socket, bye, stop);
        });

    private Task<ProbeResult> AskAsync(TestServer server) => ProbeTest.AskAsync(Probe(server));

    private SmtpProbe Probe(TestServer server) =>
        new(new SmtpProbeSettings(ValueList.Of(server.Connect with { Timeout = Timeout })), _clock);
}
