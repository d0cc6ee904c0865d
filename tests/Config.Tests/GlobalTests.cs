using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The keywords of <c>global_defs</c>.</summary>
public sealed class GlobalTests
{
    [Fact]
    public void All_settings_are_read()
    {
        ParseResult result = Sample.With(
            "router_id youxi1",
            """
            router_id youxi1
            notification_email { a@b c@d
                e@f
            }
            notification_email_from g@h
            smtp_server mail.example 2525
            smtp_connect_timeout 7
            vrrp_garp_master_delay 2
            vrrp_garp_master_repeat 4
            vrrp_version 2
            lvs_timeouts tcp 100 udp 10
            """);

        GlobalSettings globals = result.Config.Globals;
        Assert.All(result.Diagnostics, finding => Assert.Equal(Severity.Warning, finding.Severity)); // no mails yet
        Assert.Equal(["a@b", "c@d", "e@f"], globals.NotificationEmail);
        Assert.Equal(("youxi1", "g@h"), (globals.RouterId, globals.NotificationEmailFrom));
        Assert.Equal(new SmtpServer("mail.example", 2525), globals.SmtpServer);
        Assert.Equal(Sample.Seconds(7), globals.SmtpConnectTimeout);
        Assert.Equal((Sample.Seconds(2), 4), (globals.GarpMasterDelay, globals.GarpMasterRepeat));
        Assert.Equal(Timeouts(100, 120, 10), globals.LvsTimeouts);
    }

    [Fact]
    public void The_defaults_are_those_of_keepalived()
    {
        GlobalSettings globals = Sample.Parse("global_defs {\n}\n").Config.Globals;

        Assert.Equal(GlobalSettings.Default, globals);
        Assert.Equal((Sample.Seconds(5), 5), (globals.GarpMasterDelay, globals.GarpMasterRepeat));
        Assert.Equal(Timeouts(900, 120, 300), globals.LvsTimeouts);
        Assert.Equal(Sample.Seconds(30), globals.SmtpConnectTimeout);
    }

    [Theory]
    [InlineData("lvs_timeouts udp 7", 900, 120, 7)]
    [InlineData("lvs_timeouts tcpfin 7 tcp 8", 8, 7, 300)]
    [InlineData("lvs_timeouts tcp 0 tcpfin 0 udp 0", 900, 120, 300)]
    [InlineData("lvs_timeouts tcp 9\nlvs_timeouts tcp 0 udp 5", 900, 120, 5)]
    public void Any_of_the_timeouts_may_be_written_and_zero_is_the_default(string line, int tcp, int tcpFin, int udp)
    {
        ParseResult result = Sample.With("router_id youxi1", line);

        Assert.Empty(result.Diagnostics);
        Assert.Equal(Timeouts(tcp, tcpFin, udp), result.Config.Globals.LvsTimeouts);
    }

    [Theory]
    [InlineData("smtp_server", "2:5: error: 'smtp_server' lacks its value: a host")]
    [InlineData("smtp_server a 0", "2:19: error: '0' is outside the range of a port, 1 to 65535")]
    [InlineData("smtp_server a smtp", "2:19: error: 'smtp' is not a whole number; a port takes 1 to 65535")]
    [InlineData("smtp_connect_timeout 0", "2:26: error: '0' is outside the range of smtp_connect_timeout, 0.000001")]
    [InlineData("vrrp_version 4", "2:18: error: '4' is outside the range of vrrp_version, 2 to 3")]
    [InlineData("vrrp_garp_master_repeat 0", "2:29: error: '0' is outside the range of vrrp_garp_master_repeat, 1 t")]
    [InlineData("lvs_timeouts", "2:5: error: 'lvs_timeouts' lacks its value: pairs of tcp, tcpfin or udp and seconds")]
    [InlineData("lvs_timeouts tcp", "2:18: error: 'tcp' lacks its seconds, 0 to 2678400")]
    [InlineData("lvs_timeouts tcp -1", "2:22: error: '-1' is outside the range of tcp, 0 to 2678400")]
    [InlineData("lvs_timeouts udp 9999999", "2:22: error: '9999999' is outside the range of udp, 0 to 2678400")]
    [InlineData("lvs_timeouts tpc 9", "2:18: error: 'tpc' is not one of tcp, tcpfin and udp; did you mean 'tcp'?")]
    [InlineData("notification_email a@b", "2:5: error: 'notification_email' needs a block, but there is no '{' behi")]
    public void What_cannot_be_used_is_said_and_the_default_stays(string line, string finding)
    {
        ParseResult result = Sample.With("router_id youxi1", line);

        Assert.StartsWith(finding, Assert.Single(result.Findings()));
        GlobalSettings globals = result.Config.Globals;
        Assert.Equal(GlobalSettings.Default, globals with { SmtpServer = null });
    }

    private static LvsTimeouts Timeouts(int tcp, int tcpFin, int udp) =>
        new(Sample.Seconds(tcp), Sample.Seconds(tcpFin), Sample.Seconds(udp));
}
