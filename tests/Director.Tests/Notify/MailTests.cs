using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Director.Notify;

namespace XdpLvs.Director.Tests.Notify;

/// <summary>keepalived's mails, and how they reach a mail server on loopback.</summary>
public sealed class MailTests
{
    private const string Rs = "[10.9.0.11]:tcp:80", Vs = "[10.9.0.100]:tcp:80";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Texts_are_keepaliveds()
    {
        Assert.Equal(
            new Mail($"[LVS] Realserver {Rs} of virtual server {Vs} - DOWN", "=> TCP CHECK failed on service <="),
            MailTexts.RealServer("LVS", Rs, Vs, isUp: false, "=> TCP CHECK failed on service <="));
        Assert.Equal(
            new Mail($"[LVS] Virtualserver {Vs} - UP", "=> Gained quorum 1+0=1 <= 2 <="),
            MailTexts.VirtualServer("LVS", Vs, isUp: true, isStart: false, 1, 0, 2));
        Assert.Equal(
            "=> Starting with quorum up 1+0=1 <= 2 <=",
            MailTexts.VirtualServer("LVS", Vs, isUp: true, isStart: true, 1, 0, 2).Body);
        Assert.Equal(
            new Mail("[LVS] VRRP Instance VI_1 - Entering MASTER state", "=> VRRP Instance is now owning VRRP VIPs <="),
            MailTexts.Instance("LVS", "VI_1", "MASTER"));
        Assert.Equal(
            new Mail(
                "[LVS] VRRP Instance VI_1 - Entering FAULT state", "=> VRRP Instance is no longer owning VRRP VIPs <="),
            MailTexts.Instance("LVS", "VI_1", "FAULT"));
        Assert.Equal("[LVS] VRRP Instance VI_1 - Stopping", MailTexts.Instance("LVS", "VI_1", "STOP").Subject);
        Assert.Equal(
            new Mail(
                "[LVS] VRRP Group G - Entering BACKUP state",
                "=> All VRRP group instances are now in BACKUP state <="),
            MailTexts.Group("LVS", "G", "BACKUP"));
    }

    [Fact]
    public async Task A_mail_reaches_its_server()
    {
        await using var server = new MailServer();
        var settings = new MailSettings("127.0.0.1", "lvs@example", ["a@example", "b@example"])
        {
            Port = server.Port,
            HeloName = "director.example",
        };

        await new MailDesk(settings, TimeProvider.System).DeliverAsync(
            new Mail("[LVS] Realserver x - DOWN", "=> TCP CHECK failed on service <="), Cancellation);

        string heard = await server.Heard.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        Assert.Contains("EHLO director.example\r\n", heard, StringComparison.Ordinal);
        Assert.Contains("MAIL FROM:<lvs@example>", heard, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<a@example>\r\n", heard, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<b@example>\r\n", heard, StringComparison.Ordinal);
        Assert.Contains("Subject: [LVS] Realserver x - DOWN\r\n", heard, StringComparison.Ordinal);
        Assert.Contains("X-Mailer: Keepalived\r\n", heard, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n=> TCP CHECK failed on service <=\r\n", heard, StringComparison.Ordinal);
        Assert.EndsWith("QUIT\r\n", heard, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_given_up_in_time()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        var settings = new MailSettings("127.0.0.1", "lvs@example", ["a@example"])
        {
            Port = (ushort)((IPEndPoint)listener.LocalEndPoint!).Port,
            Timeout = TimeSpan.FromMilliseconds(200),
        };

        TimeoutException late = await Assert.ThrowsAsync<TimeoutException>(
            () => new MailDesk(settings, TimeProvider.System).DeliverAsync(new Mail("a", "b"), Cancellation));

        Assert.EndsWith("took more than 0.2 s", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mails_are_delivered_in_order_and_tried_again()
    {
        var delivered = new List<string>();
        int failures = 2;
        var clock = new HurriedClock();
        await using (var queue = new MailQueue(
            (mail, _) =>
            {
                if (mail.Subject == "second" && failures-- > 0)
                {
                    throw new InvalidOperationException("busy");
                }

                delivered.Add(mail.Subject);
                return Task.CompletedTask;
            },
            _ => { },
            clock))
        {
            Array.ForEach<string>(["first", "second", "third"], subject => queue.Add(new Mail(subject, "")));
        }

        Assert.Equal(["first", "second", "third"], delivered);
        Assert.Equal([5, 10], clock.Waits);
    }

    [Fact]
    public async Task A_mail_that_never_goes_is_given_up_and_said()
    {
        var said = new List<string>();
        var clock = new HurriedClock();
        await using (var queue = new MailQueue(
            (_, _) => throw new InvalidOperationException("no such host"), said.Add, clock))
        {
            queue.Add(new Mail("subject", "body"));
        }

        Assert.Equal(["mail \"subject\" given up after 4 tries: no such host"], said);
    }

    [Fact]
    public async Task A_full_queue_loses_mails_and_never_waits()
    {
        var said = new List<string>();
        var open = new TaskCompletionSource();
        int delivered = 0;
        await using (var queue = new MailQueue(
            async (_, _) =>
            {
                await open.Task;
                delivered++;
            },
            said.Add,
            TimeProvider.System))
        {
            for (int i = 0; i < MailQueue.MailsMax * 2; i++)
            {
                queue.Add(new Mail("subject", "body")); // returns although nothing is delivered
            }

            open.SetResult();
        }

        Assert.InRange(delivered, MailQueue.MailsMax, MailQueue.MailsMax + 1); // one was out of the queue already
        int lost = (MailQueue.MailsMax * 2) - delivered;
        Assert.Equal([$"{lost} mail(s) lost: 256 were waiting for the mail server already"], said);
    }

    /// <summary>Every wait is over at once, and remembered in whole seconds.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public List<int> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add((int)dueTime.TotalSeconds);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Takes one mail, as any mail server would.</summary>
    private sealed class MailServer : IAsyncDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public MailServer()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(1);
            Port = (ushort)((IPEndPoint)_listener.LocalEndPoint!).Port;
            Heard = ServeAsync();
        }

        public ushort Port { get; }

        public Task<string> Heard { get; }

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task<string> ServeAsync()
        {
            using Socket peer = await _listener.AcceptAsync(Cancellation);
            using var stream = new NetworkStream(peer);
            using var reader = new System.IO.StreamReader(stream, Encoding.ASCII);
            var heard = new StringBuilder();
            await SayAsync(stream, "220 mail");
            bool isData = false;
            while (await reader.ReadLineAsync(Cancellation) is { } line)
            {
                heard.Append(line).Append("\r\n");
                if (isData)
                {
                    isData = line != ".";
                    await (isData ? Task.CompletedTask : SayAsync(stream, "250 taken"));
                    continue;
                }

                isData = line == "DATA";
                await SayAsync(stream, isData ? "354 go on" : line == "QUIT" ? "221 bye" : "250 fine");
                if (line == "QUIT")
                {
                    break;
                }
            }

            return heard.ToString();
        }

        private static async Task SayAsync(NetworkStream stream, string line) =>
            await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), Cancellation);
    }
}
