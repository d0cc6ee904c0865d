using System;
using System.CommandLine;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Checks;

namespace XdpLvs.Director.Commands;

/// <summary>
/// keepalived's genhash: prints the digest that HTTP_GET and SSL_GET compare. Asks the server itself, needs no daemon.
/// </summary>
internal static class GenhashVerb
{
    private static readonly Option<string> Server = new("--server", "-s")
    {
        Description = "Address of the web server.",
        HelpName = "ADDRESS",
        Required = true,
    };

    private static readonly Option<int?> Port = new("--port", "-p")
    {
        Description = "Its port. Default: 80, or 443 with -S.",
        HelpName = "PORT",
    };

    private static readonly Option<string> Url = new("--url", "-u")
    {
        Description = "Path of the page.",
        HelpName = "PATH",
        DefaultValueFactory = _ => "/",
    };

    private static readonly Option<bool> Ssl = new("--use-ssl", "-S") { Description = "Speak TLS." };

    private static readonly Option<bool> Sni = new("--use-sni", "-I")
    {
        Description = "Name the virtual host in the handshake.",
    };

    private static readonly Option<string?> VirtualHost = new("--use-virtualhost", "-V")
    {
        Description = "The Host header.",
        HelpName = "HOST",
    };

    private static readonly Option<string> Protocol = new("--http-protocol", "-P")
    {
        Description = "1.0, 1.0C, 1.1 or 1.1K, as the check's http_protocol.",
        HelpName = "VERSION",
        DefaultValueFactory = _ => "1.0",
    };

    private static readonly Option<uint> Mark = new("--fwmark", "-m")
    {
        Description = "Mark of the packets.",
        HelpName = "MARK",
    };

    internal static Command Make()
    {
        Protocol.AcceptOnlyFromAmong("1.0", "1.0C", "1.0c", "1.1", "1.1K", "1.1k");
        Port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > ushort.MaxValue)
            {
                result.AddError("-p takes a port from 1 to 65535");
            }
        });
        Server.Validators.Add(result =>
        {
            if (!IPAddress.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("-s takes an address, not a name");
            }
        });
        var command = new Command("genhash", "Ask a web server for a page and print the MD5 digest of what it sends, "
            + "for the digest of an HTTP_GET or SSL_GET.")
        {
            Server, Port, Url, Ssl, Sni, VirtualHost, Protocol, Mark,
        };
        command.SetAction((parsed, stop) => RunAsync(Settings(parsed), Page(parsed), Console.Out, Console.Error, stop));
        return command;
    }

    /// <summary>Asks and prints. Returns the exit code: 0 if there was an answer, whatever its status.</summary>
    internal static async Task<int> RunAsync(
        HttpProbeSettings settings, HttpPage page, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        (string? digest, int status, string reason) =
            await PageDigest.AskAsync(settings, page, TimeProvider.System, stop).ConfigureAwait(false);
        if (digest is null)
        {
            await errors.WriteLineAsync($"xdplvs: {settings.Target}: {reason}").ConfigureAwait(false);
            return ExitCode.Fatal;
        }

        if (!page.Codes.Contains(status))
        {
            await errors.WriteLineAsync($"xdplvs: this is the digest of an answer with status {status}")
                .ConfigureAwait(false);
        }

        await output.WriteLineAsync($"MD5SUM = {digest}").ConfigureAwait(false);
        return ExitCode.Fine;
    }

    private static HttpPage Page(ParseResult parsed) => new(parsed.GetRequiredValue(Url))
    {
        VirtualHost = parsed.GetValue(VirtualHost),
    };

    private static HttpProbeSettings Settings(ParseResult parsed)
    {
        bool isTls = parsed.GetValue(Ssl);
        int port = parsed.GetValue(Port) ?? (isTls ? 443 : 80);
        var target = new IPEndPoint(IPAddress.Parse(parsed.GetRequiredValue(Server)), port);
        return new HttpProbeSettings(
            new ConnectOptions(target) { Mark = parsed.GetValue(Mark) }, ValueList.Of(Page(parsed)))
        {
            Protocol = parsed.GetRequiredValue(Protocol) switch
            {
                "1.0C" or "1.0c" => HttpProtocol.Http10Close,
                "1.1" => HttpProtocol.Http11,
                "1.1K" or "1.1k" => HttpProtocol.Http11KeepAlive,
                _ => HttpProtocol.Http10,
            },
            Tls = isTls ? new TlsOptions { NamesServer = parsed.GetValue(Sni) } : null,
        };
    }
}
