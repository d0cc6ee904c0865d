using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>An answer that comes in pieces is the same answer.</summary>
public sealed class HttpAnswerTests
{
    private const string Page = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello";
    private const string HelloDigest = "5d41402abc4b2a76b9719d911017c592";

    [Fact]
    public void Any_pieces_make_the_same_answer()
    {
        byte[] octets = Encoding.ASCII.GetBytes(Page + "beyond its length");
        var random = new Random(11);
        for (int run = 0; run < 500; run++)
        {
            using var answer = new HttpAnswer(wantsDigest: true, windowStart: 1, windowOctets: 3);
            for (int at = 0; at < octets.Length;)
            {
                int piece = Math.Min(random.Next(1, 12), octets.Length - at);
                answer.Take(octets.AsSpan(at, piece));
                at += piece;
            }

            Assert.Equal((200, true, "ell"), (answer.Status, answer.IsComplete, Text(answer)));
            Assert.Equal(HelloDigest, answer.Digest());
        }
    }

    [Theory]
    [InlineData("HTTP/1.0 404 Not Found\r\n\r\n", 404)]
    [InlineData("HTTP/1.0 200\n\n", 200)] // line feeds alone, no reason
    [InlineData("HTTP/1.1  503  x\r\n\r\n", 503)]
    [InlineData("ICY 200 OK\r\n\r\n", 0)]
    [InlineData("HTTP/1.0 2000 OK\r\n\r\n", 0)]
    [InlineData("HTTP/1.0 -20 OK\r\n\r\n", 0)]
    [InlineData("HTTP/1.0 99999999999999999999 OK\r\n\r\n", 0)]
    [InlineData("HTTP/1.0\r\n\r\n", 0)]
    [InlineData("\r\n\r\n", 0)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n\r\n", 0)]
    public void A_status_line_is_read_or_it_is_none(string head, int status)
    {
        using HttpAnswer answer = Read(head);

        Assert.Equal((true, status), (answer.HasHead, answer.Status));
    }

    [Theory]
    [InlineData("5", true)]
    [InlineData(" 5 ", true)]
    [InlineData("-1", false)] // nonsense is no length: the end of the connection is the end
    [InlineData("+5", false)]
    [InlineData("5x", false)]
    [InlineData("", false)]
    [InlineData("0x5", false)]
    [InlineData("99999999999999999999999999", false)]
    [InlineData("9223372036854775807", false)] // a length, and never reached
    public void A_length_that_is_none_ends_nothing(string length, bool isComplete)
    {
        using HttpAnswer answer = Read($"HTTP/1.1 200 OK\r\ncontent-length:{length}\r\n\r\nhello");

        Assert.Equal(isComplete, answer.IsComplete);
        Assert.Equal(HelloDigest, answer.Digest());
    }

    [Fact]
    public void Without_anything_to_compare_a_long_body_is_not_read_to_its_end()
    {
        using var answer = new HttpAnswer(wantsDigest: false, windowStart: 0, windowOctets: 0);
        answer.Take("HTTP/1.1 200 OK\r\n\r\n"u8);
        int taken = 0;
        for (; !answer.IsComplete; taken += 1_000)
        {
            answer.Take(new byte[1_000]);
        }

        Assert.InRange(taken, HttpAnswer.OctetsMax, HttpAnswer.OctetsMax + 1_000);
    }

    [Fact]
    public void A_body_that_is_digested_is_not_kept()
    {
        using var answer = new HttpAnswer(wantsDigest: true, windowStart: 0, windowOctets: 0);
        answer.Take("HTTP/1.1 200 OK\r\n\r\n"u8);
        byte[] piece = new byte[10_000];
        answer.Take(piece);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            answer.Take(piece);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);
    }

    [Fact]
    public void Endless_headers_are_given_up()
    {
        using var answer = new HttpAnswer(wantsDigest: true, windowStart: 0, windowOctets: 0);
        int taken = 0;
        for (; !answer.IsComplete && taken < 10_000_000; taken += 1_000)
        {
            answer.Take(Encoding.ASCII.GetBytes("X-Header: " + new string('x', 988) + "\r\n"));
        }

        Assert.True(answer.IsTooLong);
        Assert.False(answer.HasHead);
        Assert.InRange(taken, HttpAnswer.OctetsMax, HttpAnswer.OctetsMax + 1_000);
    }

    [Fact]
    public void The_window_lies_where_it_was_asked_for_however_the_body_comes()
    {
        byte[] body = [.. Enumerable.Range(0, 4_000).Select(i => (byte)('a' + (i % 26)))];
        foreach (int piece in new List<int> { 1, 7, 999, 4_000 })
        {
            using var answer = new HttpAnswer(wantsDigest: false, windowStart: 1_500, windowOctets: 100);
            answer.Take("HTTP/1.1 200 OK\r\n\r\n"u8);
            for (int at = 0; at < body.Length; at += piece)
            {
                answer.Take(body.AsSpan(at, Math.Min(piece, body.Length - at)));
            }

            Assert.Equal(body[1_500..1_600], answer.Window.ToArray());
        }
    }

    private static HttpAnswer Read(string text)
    {
        var answer = new HttpAnswer(wantsDigest: true, windowStart: 0, windowOctets: 16);
        answer.Take(Encoding.Latin1.GetBytes(text));
        return answer;
    }

    private static string Text(HttpAnswer answer) => Encoding.ASCII.GetString(answer.Window);
}
