using System;
using System.Net;
using Xunit;

namespace XdpLvs.Checks.Tests;

/// <summary>Two checks that ask the same in the same way are equal, and no others.</summary>
public sealed class ProbeSettingsTests
{
    private static readonly ConnectOptions Target = new(new IPEndPoint(IPAddress.Loopback, 80));

    [Fact]
    public void Defaults_are_keepaliveds()
    {
        Assert.Equal(5, Target.Timeout.TotalSeconds);
        Assert.Equal((60, 1, 1), (
            (int)new CheckSettings().DelayLoop.TotalSeconds,
            new CheckSettings().Retry,
            (int)new CheckSettings().DelayBeforeRetry.TotalSeconds));
        Assert.Equal((DnsType.Soa, "."), (new DnsProbeSettings(Target).Type, new DnsProbeSettings(Target).Name));
        Assert.Equal("200-299", new HttpPage("/").Codes.ToString());
    }

    [Fact]
    public void Equal_settings_are_equal()
    {
        Assert.Equal(Web(), Web());
        Assert.Equal(Web().GetHashCode(), Web().GetHashCode());
        Assert.Equal(Script("a", "b"), Script("a", "b"));
        Assert.Equal(Udp(1, 2), Udp(1, 2));
        Assert.Equal(Script("a", "b").GetHashCode(), Script("a", "b").GetHashCode());
    }

    [Fact]
    public void Any_difference_is_one()
    {
        HttpPage page = Web().Pages[0];
        Assert.NotEqual(Web(), Web() with { Protocol = HttpProtocol.Http11 });
        Assert.NotEqual(Web(), Web() with { Tls = new TlsOptions() });
        Assert.NotEqual(Web(), Web() with { Connect = Target with { Mark = 1 } });
        Assert.NotEqual(Web(), Web() with { Pages = ValueList.Of(page, page) });
        Assert.NotEqual(Web(), Web() with { Pages = ValueList.Of(page with { VirtualHost = "x" }) });
        var codes = new StatusCodes(ValueList.Of((200, 200)));
        Assert.NotEqual(Web(), Web() with { Pages = ValueList.Of(page with { Codes = codes }) });
        Assert.NotEqual(Script("a", "b"), Script("a b"));
        Assert.NotEqual(Udp(1, 2), Udp(2, 1));
        Assert.NotEqual<ProbeSettings>(new TcpProbeSettings(Target), new PingProbeSettings(Target));
    }

    [Fact]
    public void Tls_makes_an_ssl_get() =>
        Assert.Equal((CheckKind.Http, CheckKind.Ssl), (Web().Kind, (Web() with { Tls = new TlsOptions() }).Kind));

    [Fact]
    public void A_probe_is_given_up_only_after_all_its_own_timeouts()
    {
        Assert.True(new TcpProbeSettings(Target).TimeLimit > Target.Timeout);
        Assert.True(Web().TimeLimit > Target.Timeout * 2);
        Assert.True(new SmtpProbeSettings(ValueList.Of(Target, Target)).TimeLimit > Target.Timeout * 8);
        Assert.True(Script("a").TimeLimit > TimeSpan.FromSeconds(3 + 4));
    }

    private static HttpProbeSettings Web() => new(
        new ConnectOptions(new IPEndPoint(IPAddress.Parse("127.0.0.1"), 80)),
        ValueList.Of(new HttpPage("/") { Codes = new StatusCodes(ValueList.Of((200, 201))) }));

    private static ScriptProbeSettings Script(params string[] words) => new(
        new ScriptCall(new ValueList<string>(words), TimeSpan.FromSeconds(3), null, null), IsDynamic: false);

    private static UdpProbeSettings Udp(params byte[] payload) =>
        new(Target) { Payload = new ValueList<byte>(payload) };
}
