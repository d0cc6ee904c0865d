using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Checks;

/// <summary>
/// One request to a web server and its answer, with keepalived's words for every way it can go wrong.
/// </summary>
/// <param name="settings">Where the page is.</param>
/// <param name="page">Which.</param>
/// <param name="clock">Measures the two steps: connection with its handshake, answer.</param>
internal sealed class HttpExchange(HttpProbeSettings settings, HttpPage page, TimeProvider clock)
{
    private const int BufferOctets = 16 * 1024;

    private readonly byte[] _request = HttpRequest.Write(settings, page);
    private string _late = "Timeout connecting", _broken = "Error connecting";

    /// <summary>Asks, and feeds the answer. Once for each exchange.</summary>
    /// <returns>Success as soon as there is an answer, whatever it says.</returns>
    internal async ValueTask<ProbeResult> RunAsync(HttpAnswer answer, CancellationToken cancellation)
    {
        using var patience = new Patience(settings.Connect.Timeout, clock, cancellation);
        Socket? socket = ProbeSocket.TryOpen(
            settings.Connect, SocketType.Stream, ProtocolType.Tcp, out ProbeResult local);
        if (socket is null)
        {
            return local with { Phrase = "WEB socket bind failed" };
        }

        using (socket)
        {
            try
            {
                await socket.ConnectAsync(settings.Connect.Target, patience.Token).ConfigureAwait(false);
                return await TalkAsync(socket, answer, patience).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return patience.Result(_late);
            }
            catch (SocketException refusal)
            {
                cancellation.ThrowIfCancellationRequested();
                return ProbeSocket.Result(refusal, _broken);
            }
            catch (Exception broken) when (broken is IOException or AuthenticationException)
            {
                cancellation.ThrowIfCancellationRequested();
                string why = broken.InnerException?.Message ?? broken.Message;
                return new ProbeResult(ProbeFailure.Other, why) { Phrase = _broken };
            }
        }
    }

    private async ValueTask<ProbeResult> TalkAsync(Socket socket, HttpAnswer answer, Patience patience)
    {
        string reader = settings.Tls is null ? "HTTP" : "SSL";
        using var wire = new EndWatch(socket);
        Stream stream = wire;
        SslStream? secure = null;
        try
        {
            if (settings.Tls is { } tls)
            {
                _broken = "SSL handshake/communication error connecting to";
                secure = new SslStream(wire, leaveInnerStreamOpen: true);
                await secure.AuthenticateAsClientAsync(Handshake(tls), patience.Token).ConfigureAwait(false);
                stream = secure;
            }

            patience.BeginStep();
            (_late, _broken) = ("Timeout WEB write", "Cannot send get request to");
            await stream.WriteAsync(_request, patience.Token).ConfigureAwait(false);
            (_late, _broken) = ($"Timeout {reader} read", secure is null ? "Read error with" : "SSL read error from");
            await ReadAsync(stream, answer, secure is not null, patience.Token).ConfigureAwait(false);
            return Judge(answer, cutOff: secure is not null && wire.HasEnded);
        }
        finally
        {
            secure?.Dispose();
        }
    }

    /// <summary>Reads until the answer is complete or the connection ends.</summary>
    private async ValueTask ReadAsync(Stream stream, HttpAnswer answer, bool isTls, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferOctets];
        try
        {
            while (!answer.IsComplete)
            {
                int read = await stream.ReadAsync(buffer, stop).ConfigureAwait(false);
                if (read == 0)
                {
                    return;
                }

                answer.Take(buffer.AsSpan(0, read));
            }
        }
        catch (IOException) when (isTls && answer.HasHead && !page.IsTlsCompliant && !stop.IsCancellationRequested)
        {
            // a server that ends its TLS without saying so: what it said before counts
        }
    }

    private ProbeResult Judge(HttpAnswer answer, bool cutOff)
    {
        if (answer.IsTooLong)
        {
            return new ProbeResult(ProbeFailure.WrongAnswer, $"more than {HttpAnswer.OctetsMax} octets of headers")
            {
                Phrase = "Read, no data received from ",
            };
        }

        if (!answer.HasHead)
        {
            return new ProbeResult(ProbeFailure.Other, "the connection ended before there was an answer")
            {
                Phrase = "Read, no data received from ",
            };
        }

        return cutOff && page.IsTlsCompliant
            ? new ProbeResult(ProbeFailure.Other, "the connection ended without close_notify") { Phrase = _broken }
            : ProbeResult.Success;
    }

    private SslClientAuthenticationOptions Handshake(TlsOptions tls)
    {
        string? name = tls.NamesServer ? tls.ServerName ?? page.VirtualHost?.Split(':')[0] : null;
        X509Certificate2Collection? authorities = tls.Material?.Authorities;
        const SslPolicyErrors mayDiffer = SslPolicyErrors.RemoteCertificateNameMismatch;
        var chain = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true, // a check asks its real server and nobody else
        };
        if (authorities is not null)
        {
            chain.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.CustomTrustStore.AddRange(authorities);
        }

#pragma warning disable CA5359 // keepalived verifies no certificate: a check by address asks whether somebody answers
        return new SslClientAuthenticationOptions
        {
            TargetHost = name ?? "",
            CertificateChainPolicy = chain,
            ClientCertificates = tls.Material?.Own is { } own ? [own] : null,
            RemoteCertificateValidationCallback = (_, _, _, errors) =>
                authorities is null || (errors | mayDiffer) == mayDiffer,
        };
#pragma warning restore CA5359
    }
}
