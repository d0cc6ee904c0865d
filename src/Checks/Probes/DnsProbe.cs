using System;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>
/// keepalived's DNS_CHECK: one question by UDP. Any answer to it without an error code passes, even an empty one.
/// </summary>
/// <param name="settings">Whom to ask, and what.</param>
/// <param name="clock">Measures the timeout.</param>
public sealed class DnsProbe(DnsProbeSettings settings, TimeProvider clock) : IProbe
{
    private const int DatagramOctetsMax = 65_535;

    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        using var patience = new Patience(settings.Connect.Timeout, clock, cancellation);
        using Socket? socket = ProbeSocket.TryOpen(
            settings.Connect, SocketType.Dgram, ProtocolType.Udp, out ProbeResult local);
        if (socket is null)
        {
            return local with { Phrase = "UDP socket bind failed." };
        }

        try
        {
            ProbeSocket.HearErrors(socket);
            await socket.ConnectAsync(settings.Connect.Target, patience.Token).ConfigureAwait(false);
            return await AskAsync(socket, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return patience.Result("read timeout from socket");
        }
        catch (SocketException refusal)
        {
            cancellation.ThrowIfCancellationRequested();
            return ProbeSocket.Result(
                refusal, $"failed to read socket; errno {refusal.NativeErrorCode} ({refusal.Message})");
        }
    }

    private async ValueTask<ProbeResult> AskAsync(Socket socket, CancellationToken stop)
    {
        DnsQuestion question = DnsQuestion.Draw(settings.Name, settings.Type);
        await socket.SendAsync(question.Octets, stop).ConfigureAwait(false);
        byte[] heard = new byte[DatagramOctetsMax];
        while (true)
        {
            int length = await socket.ReceiveAsync(heard, stop).ConfigureAwait(false);
            if (question.IsAnsweredBy(heard.AsSpan(0, length), out int code))
            {
                return code == 0
                    ? ProbeResult.Success
                    : new ProbeResult(ProbeFailure.WrongAnswer, $"the answer has error code {code}")
                    {
                        Phrase = $"read error occurred. (rcode = {code})",
                    };
            }
        }
    }
}
