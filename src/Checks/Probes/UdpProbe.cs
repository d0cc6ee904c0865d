using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>
/// keepalived's UDP_CHECK: sends a datagram. An ICMP error is a failure; silence is one only if a reply is required.
/// </summary>
/// <param name="settings">What to send and what to expect.</param>
/// <param name="clock">Measures the timeout.</param>
public sealed class UdpProbe(UdpProbeSettings settings, TimeProvider clock) : IProbe
{
    private const int DefaultPayloadOctets = 32, DatagramOctetsMax = 65_535;

    private readonly byte[] _payload = settings.Payload.Count > 0 ? [.. settings.Payload] : Default();

    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        using var patience = new Patience(settings.Connect.Timeout, clock, cancellation);
        using Socket? socket = ProbeSocket.TryOpen(
            settings.Connect, SocketType.Dgram, ProtocolType.Udp, out ProbeResult local);
        if (socket is null)
        {
            return local;
        }

        try
        {
            ProbeSocket.HearErrors(socket);
            await socket.ConnectAsync(settings.Connect.Target, patience.Token).ConfigureAwait(false);
            await socket.SendAsync(_payload, patience.Token).ConfigureAwait(false);
            return await JudgeAsync(socket, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return settings.RequireReply ? patience.Result() : ProbeResult.Success;
        }
        catch (SocketException refusal)
        {
            cancellation.ThrowIfCancellationRequested();
            return ProbeSocket.Result(refusal);
        }
    }

    private static byte[] Default()
    {
        byte[] octets = new byte[DefaultPayloadOctets]; // as many as keepalived sends when nothing is configured
        for (int i = 0; i < octets.Length; i++)
        {
            octets[i] = (byte)('!' + i);
        }

        return octets;
    }

    private async ValueTask<ProbeResult> JudgeAsync(Socket socket, CancellationToken stop)
    {
        byte[] reply = new byte[DatagramOctetsMax];
        int length = await socket.ReceiveAsync(reply, stop).ConfigureAwait(false);
        return !settings.RequireReply || settings.Reply.Accepts(reply.AsSpan(0, length), out string why)
            ? ProbeResult.Success
            : new ProbeResult(ProbeFailure.WrongAnswer, why);
    }
}
