using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;
using XdpLvs.Checks;
using XdpLvs.Config;
using XdpLvs.Director.Checking;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tests.Scripts;

namespace XdpLvs.Director.Tests.Checking;

/// <summary>From the file to the plan: what is checked, and what keeps a server out because it cannot be.</summary>
public sealed class CheckPlannerTests : IDisposable
{
    private readonly ScriptFolder _folder = new();
    private readonly List<string> _complaints = [], _said = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HTTP_GET {\nurl {\npath /\n}\n}", CheckKind.Http)]
    [InlineData("SSL_GET {\nurl {\npath /\n}\n}", CheckKind.Ssl)]
    [InlineData("SMTP_CHECK {\n}", CheckKind.Smtp)]
    [InlineData("DNS_CHECK {\n}", CheckKind.Dns)]
    [InlineData("UDP_CHECK {\n}", CheckKind.Udp)]
    [InlineData("PING_CHECK {\n}", CheckKind.Ping)]
    [InlineData("TCP_CHECK {\n}", CheckKind.Tcp)]
    public void Every_kind_of_check_is_planned(string check, CheckKind kind)
    {
        CheckPlanner planner = Plan(check, out Dictionary<int, string> refused);

        Assert.Equal(kind, Assert.Single(planner.Plans).Probe.Kind);
        Assert.Empty(refused);
        Assert.Empty(_complaints);
    }

    [Fact]
    public void All_checks_of_a_server_are_planned_and_numbered()
    {
        CheckPlanner planner = Plan("TCP_CHECK {\n}\nPING_CHECK {\n}\nTCP_CHECK {\nconnect_port 81\n}", out _);

        Assert.Equal([0, 1, 2], planner.Plans.Select(plan => plan.Name.Check));
    }

    [Fact]
    public void A_script_runs_with_its_words_as_the_user_that_was_named()
    {
        string path = _folder.Shell("exit 0").Path;

        CheckPlanner planner = Plan(
            $"MISC_CHECK {{\nmisc_path \"{path} a 'b c'\"\nmisc_dynamic\nuser root\n}}",
            out Dictionary<int, string> refused);

        Assert.Empty(refused);
        Script script = Assert.Single(planner.Scripts).Value;
        Assert.Equal([path, "a", "b c"], script.Arguments);
        Assert.Equal("root", script.User.Name);
        Assert.True(((ScriptProbeSettings)planner.Plans[0].Probe).IsDynamic);
    }

    [Theory]
    [InlineData("misc_path /no/such/script", "/no/such/script")]
    [InlineData("misc_path /bin/true\nuser nobody-of-that-name", "nobody-of-that-name")]
    public void A_script_that_cannot_run_keeps_its_server_out_loudly(string lines, string why)
    {
        CheckPlanner planner = Plan($"MISC_CHECK {{\n{lines}\n}}", out Dictionary<int, string> refused);

        Assert.Empty(planner.Plans);
        Assert.Contains(why, refused[0], StringComparison.Ordinal);
        Assert.Contains(why, Assert.Single(_complaints), StringComparison.Ordinal);
    }

    [Fact]
    public void With_script_security_a_script_that_others_can_change_keeps_its_server_out()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root's scripts are inspected");
        string path = _folder.Shell("exit 0").Path; // in a folder that everybody may write to

        Plan($"MISC_CHECK {{\nmisc_path {path}\nuser root\n}}", out Dictionary<int, string> lax);
        Plan(
            $"MISC_CHECK {{\nmisc_path {path}\nuser root\n}}",
            out Dictionary<int, string> strict,
            "enable_script_security");

        Assert.Empty(lax);
        Assert.Contains("due to insecure", strict[0], StringComparison.Ordinal);
        Assert.Contains(_said, line => line.StartsWith("Unsafe permissions found", StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_of_a_check_is_tracked()
    {
        CheckPlanner planner = Plan(
            "FILE_CHECK {\ntrack_file load\n}",
            out Dictionary<int, string> refused,
            "",
            "track_file load {\nfile /run/load\n}\ntrack_file other {\nfile /run/other\n}");

        Assert.Empty(refused);
        Assert.Equal("/run/load", Assert.Single(planner.Files).Path);
    }

    [Fact]
    public void Certificates_that_cannot_be_read_keep_their_servers_out()
    {
        Plan(
            "SSL_GET {\nurl {\npath /\n}\n}",
            out Dictionary<int, string> refused,
            "",
            "SSL {\nca /no/such/file.pem\n}");

        Assert.Contains("/no/such/file.pem", refused[0], StringComparison.Ordinal);
    }

    [Fact]
    public void An_authority_that_can_be_read_is_asked()
    {
        string file = _folder.Path + "/ca.pem";
        using var key = System.Security.Cryptography.ECDsa.Create();
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=ca", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        using var authority = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
        File.WriteAllText(file, authority.ExportCertificatePem());

        CheckPlanner planner = Plan("SSL_GET {\nurl {\npath /\n}\n}", out _, "", $"SSL {{\nca {file}\n}}");

        Assert.NotNull(((HttpProbeSettings)planner.Plans[0].Probe).Tls!.Material);
    }

    private CheckPlanner Plan(
        string checks, out Dictionary<int, string> refused, string globals = "", string before = "")
    {
        ParseResult read = ConfigReader.Parse(
            $$"""
            global_defs {
            {{globals}}
            }
            {{before}}
            virtual_server 10.0.0.1 80 {
            lb_algo rr
            lb_kind DR
            protocol TCP
            real_server 10.0.0.2 80 {
            {{checks}}
            }
            }
            """,
            "t.conf");
        Assert.DoesNotContain(read.Diagnostics, one => one.Severity == Severity.Error);
        var desk = new ScriptDesk(read.Config.Globals.Scripts, _said.Add);
        var planner = new CheckPlanner(read.Config, desk, _complaints.Add);
        refused = planner.Add(read.Config.Services[0], service: 0);
        return planner;
    }
}
