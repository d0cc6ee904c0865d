using System;
using System.IO;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>SSL_GET against real TLS servers on loopback, good and bad.</summary>
public sealed class SslProbeTests : IDisposable
{
    private const string Hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private const string Unlimited = "HTTP/1.0 200 OK\r\n\r\nhello";
    private const string HelloDigest = "5d41402abc4b2a76b9719d911017c592";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly HttpPage Page = new("/") { Digest = HelloDigest };

    private readonly X509Certificate2 _certificate = SelfSigned("CN=web.example");
    private readonly TestClock _clock = new();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Any_certificate_is_accepted()
    {
        await using TestServer server = Tls(Hello, closesTls: true);

        ProbeResult result = await AskAsync(server, Page, new TlsOptions());

        Assert.Equal("", result.Reason);
    }

    [Theory]
    [InlineData(false, null, null, "")]
    [InlineData(true, null, "www.example:443", "www.example")]
    [InlineData(true, "sni.example", "www.example", "sni.example")]
    [InlineData(true, null, null, "")]
    public async Task The_handshake_names_the_server_if_told_to(
        bool names, string? name, string? virtualHost, string heard)
    {
        var asked = new TaskCompletionSource<string>();
        await using TestServer server = Tls(Hello, closesTls: true, heardName: asked);

        await AskAsync(
            server,
            Page with { VirtualHost = virtualHost },
            new TlsOptions { NamesServer = names, ServerName = name });

        Assert.Equal(heard, await asked.Task);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, true)]
    [InlineData(false, false, true)] // many servers just close
    [InlineData(false, true, false)] // tls_compliant
    public async Task An_end_without_close_notify_matters_only_if_told_to(bool closesTls, bool isCompliant, bool isFine)
    {
        await using TestServer server = Tls(Unlimited, closesTls);

        ProbeResult result = await AskAsync(server, Page with { IsTlsCompliant = isCompliant }, new TlsOptions());

        string reason = isFine ? "" : "the connection ended without close_notify";
        Assert.Equal((isFine, reason), (result.Succeeded, result.Reason));
    }

    [Fact]
    public async Task With_authorities_only_their_servers_pass()
    {
        using X509Certificate2 stranger = SelfSigned("CN=other.example");
        await using TestServer server = Tls(Hello, closesTls: true);

        ProbeResult known = await AskAsync(server, Page, Trusting(_certificate));
        ProbeResult unknown = await AskAsync(server, Page, Trusting(stranger));

        Assert.True(known.Succeeded, known.Reason);
        Assert.Equal(
            (ProbeFailure.Other, "SSL handshake/communication error connecting to"), (unknown.Failure, unknown.Phrase));
    }

    [Fact]
    public async Task A_server_that_wants_our_certificate_gets_it()
    {
        var asked = new TaskCompletionSource<string>();
        using X509Certificate2 own = SelfSigned("CN=director");
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            own.ExportCertificatePem() + "\n" + own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
            ProbeTest.Cancellation);
        await using TestServer server = Tls(Hello, closesTls: true, heardClient: asked);

        Assert.True(TlsMaterial.TryLoad(file, null, null, null, out TlsMaterial? material, out string error), error);
        await AskAsync(server, Page, new TlsOptions { Material = material });
        File.Delete(file);

        Assert.Equal("CN=director", await asked.Task);
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        Assert.False(TlsMaterial.TryLoad("/none/cert.pem", null, "secret", null, out _, out string certificate));
        Assert.False(TlsMaterial.TryLoad(null, null, null, "/dev/null", out _, out string authorities));

        Assert.StartsWith("SSL: /none/cert.pem", certificate, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", certificate, StringComparison.Ordinal);
        Assert.Equal("SSL: /dev/null: no certificate is in it", authorities);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\x16\x03\x03\x40\x00\x02")]
    [InlineData("\x15\x03\x03\x00\x02\x02\x28")] // an alert: handshake failure
    [InlineData("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")]
    [InlineData("")]
    public async Task Garbage_instead_of_a_handshake(string garbage)
    {
        await using TestServer server = TestServer.Answering(garbage);

        ProbeResult result = await AskAsync(server, Page, new TlsOptions());

        Assert.Equal(
            (ProbeFailure.Other, "SSL handshake/communication error connecting to"), (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task Silence_instead_of_a_handshake()
    {
        await using var server = new TestServer((_, stop) => Task.Delay(-1, stop));

        ProbeResult result = await ProbeTest.AskUntilLateAsync(Probe(server, Page, new TlsOptions()), _clock, Timeout);

        Assert.Equal((ProbeFailure.Timeout, "Timeout connecting"), (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task Silence_after_the_handshake()
    {
        await using TestServer server = Tls(null, closesTls: false);

        ProbeResult result = await ProbeTest.AskUntilLateAsync(Probe(server, Page, new TlsOptions()), _clock, Timeout);

        Assert.Equal((ProbeFailure.Timeout, "Timeout SSL read"), (result.Failure, result.Phrase));
    }

    [Fact]
    public async Task A_reset_after_the_handshake()
    {
        await using var server = new TestServer(async (socket, stop) =>
        {
            using var wire = new NetworkStream(socket);
            using var tls = new SslStream(wire);
            await tls.AuthenticateAsServerAsync(Server(null, null), stop);
            Assert.NotEqual(0, await tls.ReadAsync(new byte[1_000], stop));
            TestServer.Reset(socket);
        });

        ProbeResult result = await AskAsync(server, Page, new TlsOptions());

        Assert.Equal((ProbeFailure.Other, "SSL read error from"), (result.Failure, result.Phrase));
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 made = request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(
            made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static TlsOptions Trusting(X509Certificate2 authority)
    {
        string file = Path.GetTempFileName();
        File.WriteAllText(file, authority.ExportCertificatePem());
        Assert.True(TlsMaterial.TryLoad(null, null, null, file, out TlsMaterial? material, out string error), error);
        File.Delete(file);
        return new TlsOptions { Material = material };
    }

    /// <summary>A TLS server that answers so; null: never.</summary>
    private TestServer Tls(
        string? answer,
        bool closesTls,
        TaskCompletionSource<string>? heardName = null,
        TaskCompletionSource<string>? heardClient = null) => new(async (socket, stop) =>
        {
            using var wire = new NetworkStream(socket);
            using var tls = new SslStream(wire);
            await tls.AuthenticateAsServerAsync(Server(heardName, heardClient), stop);
            Assert.NotEqual(0, await tls.ReadAsync(new byte[1_000], stop));
            if (answer is null)
            {
                await Task.Delay(-1, stop);
            }

            await tls.WriteAsync(Encoding.ASCII.GetBytes(answer!), stop);
            if (closesTls)
            {
                await tls.ShutdownAsync();
            }

            socket.Shutdown(SocketShutdown.Send);
        });

    private SslServerAuthenticationOptions Server(
        TaskCompletionSource<string>? heardName, TaskCompletionSource<string>? heardClient) => new()
        {
            ServerCertificateSelectionCallback = (_, name) =>
            {
                heardName?.TrySetResult(name ?? "");
                return _certificate;
            },
            ClientCertificateRequired = heardClient is not null,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                heardClient?.TrySetResult(certificate?.Subject ?? "") ?? true,
        };

    private Task<ProbeResult> AskAsync(TestServer server, HttpPage page, TlsOptions tls) =>
        ProbeTest.AskAsync(Probe(server, page, tls));

    private HttpProbe Probe(TestServer server, HttpPage page, TlsOptions tls) => new(
        new HttpProbeSettings(server.Connect with { Timeout = Timeout }, ValueList.Of(page)) { Tls = tls },
        page,
        _clock);
}
