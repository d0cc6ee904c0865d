using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>Real sockets, on loopback only.</summary>
public sealed class TcpProbeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TestClock _clock = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Succeeds_where_somebody_listens()
    {
        using Socket listener = Listen(backlog: 5);

        ProbeResult result = await Probe(listener).RunAsync(Cancellation);

        Assert.Equal(ProbeResult.Success, result);
        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task Closes_the_connection_without_a_word()
    {
        using Socket listener = Listen(backlog: 5);
        await Probe(listener).RunAsync(Cancellation);

        using Socket accepted = await listener.AcceptAsync(Cancellation);
        int read = await accepted.ReceiveAsync(new byte[1], Cancellation);

        Assert.Equal(0, read); // a clean end, not a reset
    }

    [Fact]
    public async Task Is_refused_where_nobody_listens()
    {
        Socket listener = Listen(backlog: 5);
        var target = (IPEndPoint)listener.LocalEndPoint!;
        listener.Dispose();

        ProbeResult result = await new TcpProbe(target, Patience, _clock).RunAsync(Cancellation);

        Assert.Equal((ProbeFailure.Refused, "Connection refused"), (result.Failure, result.Reason));
    }

    [Fact]
    public async Task Gives_up_when_nobody_answers_in_time()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket guest = await FillAsync(listener);

        ValueTask<ProbeResult> pending = Probe(listener).RunAsync(Cancellation);
        await _clock.NextWaitAsync(wait => wait == Patience);
        _clock.Advance(Patience);
        ProbeResult result = await pending;

        Assert.Equal((ProbeFailure.Timeout, "no answer within 5 s"), (result.Failure, result.Reason));
    }

    [Fact]
    public async Task Stops_when_told_to()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket guest = await FillAsync(listener);
        using var stop = new CancellationTokenSource();

        ValueTask<ProbeResult> pending = Probe(listener).RunAsync(stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending.AsTask());
    }

    [Fact]
    public async Task Connects_from_the_address_it_is_bound_to()
    {
        using Socket listener = Listen(backlog: 5);
        var from = new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0);

        await new TcpProbe((IPEndPoint)listener.LocalEndPoint!, Patience, _clock, from).RunAsync(Cancellation);

        using Socket accepted = await listener.AcceptAsync(Cancellation);
        Assert.Equal(from.Address, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task An_address_that_is_not_ours_is_a_local_failure()
    {
        using Socket listener = Listen(backlog: 5);
        var foreign = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0);

        ProbeResult result = await new TcpProbe((IPEndPoint)listener.LocalEndPoint!, Patience, _clock, foreign)
            .RunAsync(Cancellation);

        Assert.Equal(ProbeFailure.Local, result.Failure);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, ProbeFailure.Refused)]
    [InlineData(SocketError.TimedOut, ProbeFailure.Timeout)]
    [InlineData(SocketError.HostUnreachable, ProbeFailure.Unreachable)]
    [InlineData(SocketError.NetworkUnreachable, ProbeFailure.Unreachable)]
    [InlineData(SocketError.TooManyOpenSockets, ProbeFailure.Local)]
    [InlineData(SocketError.ConnectionReset, ProbeFailure.Other)]
    public void Knows_what_the_kernel_means(SocketError error, ProbeFailure failure) =>
        Assert.Equal(failure, TcpProbe.Classify(error));

    [Fact]
    public void A_service_is_written_as_keepalived_does() =>
        Assert.Equal(
            "[192.168.5.103]:tcp:80", CheckLog.Service(new IPEndPoint(IPAddress.Parse("192.168.5.103"), 80), "tcp"));

    [Fact]
    public void A_try_that_timed_out_says_so()
    {
        var late = new Verdict(1, true, false, CheckNews.FailedTry, 0, new ProbeResult(ProbeFailure.Timeout, ""));

        Assert.Equal("TCP connection to [::1]:tcp:80 timeout.", CheckLog.TcpLine(late, "[::1]:tcp:80"));
    }

    private TcpProbe Probe(Socket listener) => new((IPEndPoint)listener.LocalEndPoint!, Patience, _clock);

    private static Socket Listen(int backlog)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
    }

    /// <summary>Takes the only place in the queue; whoever comes now gets no answer.</summary>
    private static async Task<Socket> FillAsync(Socket listener)
    {
        var guest = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await guest.ConnectAsync(listener.LocalEndPoint!, Cancellation);
        return guest;
    }
}
