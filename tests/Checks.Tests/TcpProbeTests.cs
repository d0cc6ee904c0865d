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

        ProbeResult result = await Probe(target).RunAsync(Cancellation);

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
        IPAddress from = IPAddress.Parse("127.0.0.9");

        await new TcpProbe(To(listener) with { BindTo = from }, _clock).RunAsync(Cancellation);

        using Socket accepted = await listener.AcceptAsync(Cancellation);
        Assert.Equal(from, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
    }

    [Fact]
    public async Task An_address_that_is_not_ours_is_a_local_failure()
    {
        using Socket listener = Listen(backlog: 5);
        ConnectOptions foreign = To(listener) with { BindTo = IPAddress.Parse("192.0.2.1") };

        ProbeResult result = await new TcpProbe(foreign, _clock).RunAsync(Cancellation);

        Assert.Equal(ProbeFailure.Local, result.Failure);
        Assert.StartsWith("cannot bind to 192.0.2.1:0: ", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connects_from_the_port_it_is_bound_to()
    {
        using Socket listener = Listen(backlog: 5);
        using Socket free = Listen(backlog: 0);
        ushort port = (ushort)((IPEndPoint)free.LocalEndPoint!).Port;
        free.Dispose();

        ProbeResult result = await new TcpProbe(To(listener) with { BindPort = port }, _clock).RunAsync(Cancellation);

        Assert.Equal(ProbeResult.Success, result);
        using Socket accepted = await listener.AcceptAsync(Cancellation);
        Assert.Equal(port, ((IPEndPoint)accepted.RemoteEndPoint!).Port);
    }

    [Fact]
    public async Task Goes_through_the_interface_it_is_bound_to()
    {
        using Socket listener = Listen(backlog: 5);

        ProbeResult through = await new TcpProbe(To(listener) with { BindInterface = "lo" }, _clock)
            .RunAsync(Cancellation);
        ProbeResult missing = await new TcpProbe(To(listener) with { BindInterface = "none0" }, _clock)
            .RunAsync(Cancellation);

        Assert.Equal(ProbeResult.Success, through);
        Assert.Equal(ProbeFailure.Local, missing.Failure);
        Assert.StartsWith("cannot bind to interface none0: ", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Marks_its_packets_where_it_may()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "SO_MARK needs CAP_NET_ADMIN");
        using Socket listener = Listen(backlog: 5);

        ProbeResult result = await new TcpProbe(To(listener) with { Mark = 7 }, _clock).RunAsync(Cancellation);

        Assert.Equal(ProbeResult.Success, result);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, ProbeFailure.Refused)]
    [InlineData(SocketError.TimedOut, ProbeFailure.Timeout)]
    [InlineData(SocketError.HostUnreachable, ProbeFailure.Unreachable)]
    [InlineData(SocketError.NetworkUnreachable, ProbeFailure.Unreachable)]
    [InlineData(SocketError.TooManyOpenSockets, ProbeFailure.Local)]
    [InlineData(SocketError.ConnectionReset, ProbeFailure.Other)]
    public void Knows_what_the_kernel_means(SocketError error, ProbeFailure failure) =>
        Assert.Equal(failure, ProbeSocket.Classify(error));

    private TcpProbe Probe(Socket listener) => new(To(listener), _clock);

    private TcpProbe Probe(IPEndPoint target) => new(new ConnectOptions(target) { Timeout = Patience }, _clock);

    private static ConnectOptions To(Socket listener) =>
        new((IPEndPoint)listener.LocalEndPoint!) { Timeout = Patience };

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
