using System;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>
/// Probes of real servers of other people's, on another host: nginx, dnsmasq, aiosmtpd and a kernel. The network tests
/// set them up and run this class on the director's host.
/// </summary>
[Trait("Group", "Live")]
public sealed class LiveServerTests
{
    private const string Variable = "XDPLVS_LIVE_SERVER";

    private static readonly string? Server = Environment.GetEnvironmentVariable(Variable);

    private readonly string _address = Server ?? "";

    public LiveServerTests() => Assert.SkipUnless(Server is not null, $"the network tests set {Variable} and run this");

    [Theory]
    [InlineData("/page", null, true)]
    [InlineData("/missing", null, false)]
    [InlineData("/page", "other.example", false)] // another virtual host has no such page
    public async Task Nginx_serves_pages(string path, string? virtualHost, bool isFine) =>
        Assert.Equal(isFine, (await WebAsync(new HttpPage(path) { VirtualHost = virtualHost }, null)).Succeeded);

    [Theory]
    [InlineData(HttpProtocol.Http10)]
    [InlineData(HttpProtocol.Http10Close)]
    [InlineData(HttpProtocol.Http11)]
    [InlineData(HttpProtocol.Http11KeepAlive)]
    public async Task A_page_has_the_same_digest_in_every_protocol(HttpProtocol protocol)
    {
        ProbeResult result = await WebAsync(new HttpPage("/page") { Digest = Digest("page of nginx") }, null, protocol);

        Assert.Equal("", result.Reason);
    }

    [Theory]
    [InlineData("of\\s+nginx", true)]
    [InlineData("of apache", false)]
    public async Task A_page_is_searched(string pattern, bool isFine)
    {
        Assert.True(BodyPattern.TryMake(new PatternText(pattern), out BodyPattern? made, out _));

        Assert.Equal(isFine, (await WebAsync(new HttpPage("/page") { Pattern = made }, null)).Succeeded);
    }

    [Theory]
    [InlineData(true, "tls page of www.example")]
    [InlineData(false, "tls page of ")]
    public async Task Nginx_speaks_tls_and_hears_the_name(bool namesServer, string page)
    {
        ProbeResult result = await WebAsync(
            new HttpPage("/page") { VirtualHost = "www.example", Digest = Digest(page), IsTlsCompliant = true },
            new TlsOptions { NamesServer = namesServer });

        Assert.Equal("", result.Reason);
    }

    [Fact]
    public async Task Plain_http_is_no_tls() => Assert.Equal(
        "SSL handshake/communication error connecting to",
        (await WebAsync(new HttpPage("/page"), new TlsOptions(), port: 80)).Phrase);

    [Theory]
    [InlineData("web.example", DnsType.A, "")]
    [InlineData("web.example.", DnsType.Txt, "")] // no such record, and no error
    [InlineData("none.example", DnsType.A, "the answer has error code 3")]
    [InlineData(".", DnsType.Soa, "the answer has error code 5")] // it has nobody to ask
    public async Task Dnsmasq_answers(string name, DnsType type, string reason)
    {
        var settings = new DnsProbeSettings(To(53)) { Name = name, Type = type };

        Assert.Equal(reason, (await ProbeTest.AskAsync(new DnsProbe(settings, TimeProvider.System))).Reason);
    }

    [Fact]
    public async Task Aiosmtpd_answers() => Assert.Equal(
        "",
        (await ProbeTest.AskAsync(
            new SmtpProbe(new SmtpProbeSettings(ValueList.Of(To(25))), TimeProvider.System))).Reason);

    [Fact]
    public async Task A_kernel_answers_pings_and_refuses_datagrams()
    {
        ProbeResult ping = await ProbeTest.AskAsync(new PingProbe(To(0), TimeProvider.System));
        ProbeResult udp = await ProbeTest.AskAsync(new UdpProbe(new UdpProbeSettings(To(4_711)), TimeProvider.System));

        Assert.Equal(("", ProbeFailure.Refused), (ping.Reason, udp.Failure));
    }

    [Fact]
    public async Task A_dead_host_is_down_for_every_probe()
    {
        IPAddress nobody = IPAddress.Parse(_address[..(_address.LastIndexOf('.') + 1)] + "250");
        var dead = new ConnectOptions(new IPEndPoint(nobody, 9));

        foreach (IProbe probe in new IProbe[]
        {
            new UdpProbe(new UdpProbeSettings(dead), TimeProvider.System), // no reply is required
            new PingProbe(dead, TimeProvider.System),
            new TcpProbe(dead, TimeProvider.System),
        })
        {
            Assert.Equal(ProbeFailure.Unreachable, (await ProbeTest.AskAsync(probe)).Failure);
        }
    }

    [Fact]
    public async Task Interface_and_mark_are_taken()
    {
        ConnectOptions options = To(80) with { BindInterface = "ens33", Mark = 7 };

        ProbeResult through = await ProbeTest.AskAsync(new TcpProbe(options, TimeProvider.System));
        ConnectOptions wrong = options with { BindInterface = "lo", Timeout = TimeSpan.FromSeconds(1) };
        ProbeResult astray = await ProbeTest.AskAsync(new TcpProbe(wrong, TimeProvider.System));

        Assert.Equal(("", false), (through.Reason, astray.Succeeded));
    }

    private static string Digest(string text)
    {
#pragma warning disable CA5351 // as configurations hold it
        return Convert.ToHexString(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351
    }

    private ConnectOptions To(int port) => new(new IPEndPoint(IPAddress.Parse(_address), port));

    private Task<ProbeResult> WebAsync(
        HttpPage page, TlsOptions? tls, HttpProtocol protocol = HttpProtocol.Http10, int? port = null)
    {
        var settings = new HttpProbeSettings(To(port ?? (tls is null ? 80 : 443)), ValueList.Of(page))
        {
            Tls = tls,
            Protocol = protocol,
        };
        return ProbeTest.AskAsync(new HttpProbe(settings, page, TimeProvider.System));
    }
}
