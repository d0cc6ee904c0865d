using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>keepalived's PING_CHECK: an ICMP or ICMPv6 echo.</summary>
/// <remarks>
/// A ping socket (icmp(7)) first, which hears its own answers only; where net.ipv4.ping_group_range forbids it, a raw
/// socket, which hears all ICMP of that host and picks its own.
/// </remarks>
/// <param name="options">Whom to ask; the port means nothing.</param>
/// <param name="clock">Measures the timeout.</param>
public sealed class PingProbe(ConnectOptions options, TimeProvider clock) : IProbe
{
    private const int DatagramOctetsMax = 65_535;

    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        using var patience = new Patience(options.Timeout, clock, cancellation);
        bool isV4 = options.Target.AddressFamily == AddressFamily.InterNetwork;
        ProtocolType protocol = isV4 ? ProtocolType.Icmp : ProtocolType.IcmpV6;
        bool isRaw = false;
        Socket? socket = ProbeSocket.TryOpen(options, SocketType.Dgram, protocol, out ProbeResult local);
        if (socket is null)
        {
            isRaw = true;
            socket = ProbeSocket.TryOpen(options, SocketType.Raw, protocol, out local);
        }

        if (socket is null)
        {
            return local;
        }

        using (socket)
        {
            try
            {
                return await AskAsync(socket, EchoRequest.Draw(isV4), isRaw, patience.Token).ConfigureAwait(false);
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

    private async ValueTask<ProbeResult> AskAsync(
        Socket socket, EchoRequest request, bool isRaw, CancellationToken stop)
    {
        ProbeSocket.HearErrors(socket);
        await socket.ConnectAsync(options.Target, stop).ConfigureAwait(false); // only its answers
        await socket.SendAsync(request.Octets, stop).ConfigureAwait(false);
        byte[] heard = new byte[DatagramOctetsMax];
        while (true)
        {
            int length = await socket.ReceiveAsync(heard, stop).ConfigureAwait(false);
            if (request.IsAnsweredBy(heard.AsSpan(0, length), hasIpHeader: isRaw && request.IsV4))
            {
                return ProbeResult.Success;
            }
        }
    }
}
