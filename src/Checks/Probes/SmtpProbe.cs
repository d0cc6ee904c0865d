using System;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>
/// keepalived's SMTP_CHECK: greeting, HELO, QUIT, with each host in turn; all must answer as they should.
/// </summary>
/// <param name="settings">The hosts, and our name.</param>
/// <param name="clock">Measures the timeouts.</param>
public sealed class SmtpProbe(SmtpProbeSettings settings, TimeProvider clock) : IProbe
{
    private const int Greeting = 220, Fine = 250;

    private readonly byte[] _helo = Encoding.UTF8.GetBytes($"HELO {settings.HeloName}\r\n");

    /// <inheritdoc/>
    public async ValueTask<ProbeResult> RunAsync(CancellationToken cancellation)
    {
        foreach (ConnectOptions host in settings.Hosts)
        {
            ProbeResult result = await AskAsync(host, cancellation).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                return result;
            }
        }

        return ProbeResult.Success;
    }

    private async Task<ProbeResult> AskAsync(ConnectOptions host, CancellationToken cancellation)
    {
        string name = $"[{host.Target.Address}]:{host.Target.Port}";
        using var patience = new Patience(host.Timeout, clock, cancellation);
        using Socket? socket = ProbeSocket.TryOpen(host, SocketType.Stream, ProtocolType.Tcp, out ProbeResult local);
        if (socket is null)
        {
            return local with { Phrase = "socket bind failed." };
        }

        string late = $"Connection timeout to server {name}", broken = $"Error connecting to server {name}";
        try
        {
            await socket.ConnectAsync(host.Target, patience.Token).ConfigureAwait(false);
            (late, broken) = ($"Read timeout from server {name}", $"Read failure from server {name}");
            return await TalkAsync(socket, patience, name).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return patience.Result(late);
        }
        catch (SocketException refusal)
        {
            cancellation.ThrowIfCancellationRequested();
            return ProbeSocket.Result(refusal, broken);
        }
    }

    private async ValueTask<ProbeResult> TalkAsync(Socket socket, Patience patience, string name)
    {
        var reply = new SmtpReply(socket);
        patience.BeginStep();
        if (await reply.ReadAsync(patience.Token).ConfigureAwait(false) is var greeting && greeting != Greeting)
        {
            return Wrong(greeting, "Bad greeting banner", name);
        }

        patience.BeginStep();
        await socket.SendAsync(_helo, patience.Token).ConfigureAwait(false);
        if (await reply.ReadAsync(patience.Token).ConfigureAwait(false) is var answer && answer != Fine)
        {
            return Wrong(answer, "Bad HELO response", name);
        }

        patience.BeginStep();
        await socket.SendAsync("QUIT\r\n"u8.ToArray(), patience.Token).ConfigureAwait(false);
        int farewell = await reply.ReadAsync(patience.Token).ConfigureAwait(false); // keepalived takes any
        return farewell == SmtpReply.Broken ? Wrong(farewell, "", name) : ProbeResult.Success;
    }

    private static ProbeResult Wrong(int code, string complaint, string name) => code switch
    {
        SmtpReply.Broken => new ProbeResult(ProbeFailure.Other, $"{name} closed the connection")
        {
            Phrase = $"Read failure from server {name}",
        },
        _ => new ProbeResult(
            ProbeFailure.WrongAnswer,
            code == SmtpReply.Nonsense ? $"{name} does not speak SMTP" : $"{name} answered with code {code}")
        {
            Phrase = $"{complaint} from server {name}",
        },
    };
}
