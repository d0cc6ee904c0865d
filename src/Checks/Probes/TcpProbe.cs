using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>keepalived's TCP_CHECK: connects, and closes at once.</summary>
/// <param name="options">Where to, and from where.</param>
/// <param name="clock">Measures the timeout.</param>
public sealed class TcpProbe(ConnectOptions options, TimeProvider clock) : IProbe
{
    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        using var patience = new Patience(options.Timeout, clock, cancellation);
        using Socket? socket = ProbeSocket.TryOpen(options, SocketType.Stream, ProtocolType.Tcp, out ProbeResult local);
        if (socket is null)
        {
            return local;
        }

        try
        {
            await socket.ConnectAsync(options.Target, patience.Token).ConfigureAwait(false);
            return ProbeResult.Success;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return patience.Result();
        }
        catch (SocketException refusal)
        {
            cancellation.ThrowIfCancellationRequested();
            return ProbeSocket.Result(refusal);
        }
    }
}
