using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>keepalived's TCP_CHECK: connects, and closes at once.</summary>
/// <param name="target">Address and port of the real server (connect_ip, connect_port).</param>
/// <param name="timeout">How long a connection may take (connect_timeout).</param>
/// <param name="clock">Measures the timeout.</param>
/// <param name="bindTo">Address to connect from (bindto, bind_port); null leaves it to the kernel.</param>
public sealed class TcpProbe(IPEndPoint target, TimeSpan timeout, TimeProvider clock, IPEndPoint? bindTo = null)
    : IProbe
{
    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            using var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (bindTo is not null)
            {
                socket.Bind(bindTo);
            }

            await socket.ConnectAsync(target, either.Token).ConfigureAwait(false);
            return ProbeResult.Success;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeResult(ProbeFailure.Timeout, $"no answer within {timeout.TotalSeconds:0.###} s");
        }
        catch (SocketException refusal)
        {
            cancellation.ThrowIfCancellationRequested();
            return new ProbeResult(Classify(refusal.SocketErrorCode), refusal.Message);
        }
    }

    internal static ProbeFailure Classify(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ProbeFailure.Refused,
        SocketError.TimedOut => ProbeFailure.Timeout,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown
            or SocketError.NetworkDown => ProbeFailure.Unreachable,
        SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse or SocketError.TooManyOpenSockets
            or SocketError.NoBufferSpaceAvailable or SocketError.AccessDenied
            or SocketError.AddressFamilyNotSupported => ProbeFailure.Local,
        _ => ProbeFailure.Other,
    };
}
