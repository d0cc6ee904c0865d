using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>A TCP server on loopback that treats each connection as a test says. Ended with the test.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Socket, CancellationToken, Task> _serve;
    private readonly Task _accepting;

    public TestServer(Func<Socket, CancellationToken, Task> serve, IPAddress? address = null)
    {
        _serve = serve;
        _listener = new Socket((address ?? IPAddress.Loopback).AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        _listener.Listen(16);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    public IPEndPoint Address { get; }

    public ConnectOptions Connect => new(Address) { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Sends this to everybody after one read, then closes.</summary>
    public static TestServer Answering(string answer) => Answering(Encoding.Latin1.GetBytes(answer));

    /// <inheritdoc cref="Answering(string)"/>
    public static TestServer Answering(byte[] answer) => new(async (socket, stop) =>
    {
        await ReadAsync(socket, stop);
        await SendAsync(socket, answer, stop);
    });

    /// <summary>What has come, at least one octet; "" at the end.</summary>
    public static async Task<string> ReadAsync(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[64 * 1024];
        return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, stop));
    }

    public static Task SendAsync(Socket socket, string text, CancellationToken stop) =>
        SendAsync(socket, Encoding.Latin1.GetBytes(text), stop);

    public static async Task SendAsync(Socket socket, byte[] octets, CancellationToken stop)
    {
        for (int sent = 0; sent < octets.Length;)
        {
            sent += await socket.SendAsync(octets.AsMemory(sent), stop);
        }
    }

    /// <summary>Ends a connection as a machine that crashes does: by a reset.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_stop.Token);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException
            or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await _serve(socket, _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException
                or ObjectDisposedException or IOException)
            {
                // the probe has left, or the test is over
            }
        }
    }
}

/// <summary>What tests of probes share.</summary>
internal static class ProbeTest
{
    /// <summary>Real time after which a test that will never end is ended.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(20);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The result of a probe that needs no clock to move.</summary>
    public static Task<ProbeResult> AskAsync(IProbe probe) =>
        probe.RunAsync(Cancellation).AsTask().WaitAsync(PatienceMax, Cancellation);

    /// <summary>
    /// The result of a probe that only its own timeout ends: the clock is moved by that whenever it may be waiting.
    /// </summary>
    public static async Task<ProbeResult> AskUntilLateAsync(IProbe probe, TestClock clock, TimeSpan timeout)
    {
        Task<ProbeResult> asking = probe.RunAsync(Cancellation).AsTask();
        await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(200), Cancellation)); // let it begin
        for (int step = 0; step < 10 && !asking.IsCompleted; step++)
        {
            clock.Advance(timeout);
            await Task.WhenAny(asking, Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation));
        }

        return await asking.WaitAsync(PatienceMax, Cancellation);
    }
}
