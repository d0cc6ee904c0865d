using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>The four files of the tutorial that the project grew from, in our own words and as published.</summary>
public sealed class TutorialTests
{
    public static TheoryData<string, string, int> Files => new()
    {
        { "youxi1.conf", "VI_1 Master 51 100 192.168.5.100", 50 },
        { "youxi2.conf", "VI_1 Backup 51 90 192.168.5.100", 50 },
        { "youxi1-mutual.conf", "VI_1 Master 51 100 192.168.5.100|VI_2 Backup 52 90 192.168.5.105", 50 },
        { "youxi2-mutual.conf", "VI_1 Backup 51 90 192.168.5.100|VI_2 Master 52 100 192.168.5.105", 50 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Our_own_files_say_what_the_tutorial_means(string file, string instances, int persistence) =>
        AssertMeaning(Path.Combine(Sample.Cases, "tutorial", file), instances, persistence);

    [Theory]
    [MemberData(nameof(Files))]
    public void The_published_files_say_the_same(string file, string instances, int persistence)
    {
        string path = Path.Combine(Sample.Root, "..", "shared", "tutorial", file);
        Assert.SkipUnless(File.Exists(path), "the published files are not here");

        AssertMeaning(path, instances, persistence);
    }

    private static void AssertMeaning(string path, string instances, int persistence)
    {
        ParseResult result = ConfigReader.Load(path);
        string[] names = [.. result.Config.Instances.Select(one =>
            $"{one.Name} {one.InitialState} {one.VirtualRouterId} {one.Priority} {one.Addresses.Single().Address}")];

        Assert.Equal(instances, string.Join('|', names));
        Assert.Equal(names.Length, result.Config.Services.Length);
        Assert.Equal(2 * names.Length, result.Diagnostics.Count(finding => finding.Severity == Severity.Notice));
        Assert.All(result.Diagnostics, finding => Assert.True(
            finding.Message.StartsWith("'nb_get_retry' is taken", System.StringComparison.Ordinal)
            || (finding.Severity == Severity.Warning
                && Regex.IsMatch(finding.Message, "^'(notification_email|smtp_)"))));
        Assert.Equal(Sample.Seconds(persistence), result.Config.Services[0].PersistenceTimeout);
        Assert.All(result.Config.Services.Skip(1), service => Assert.Null(service.PersistenceTimeout));
        Assert.All(result.Config.Services, AssertService);
        Assert.All(result.Config.Instances, one => Assert.Equal(("ens33", 8), (one.Interface, one.Password.Length)));
        Assert.Equal(["root@localhost"], result.Config.Globals.NotificationEmail);
        Assert.Equal(new SmtpServer("localhost", 25), result.Config.Globals.SmtpServer);
        Assert.Equal(Path.GetFileName(path)[.."youxi1".Length], result.Config.Globals.RouterId);
    }

    private static void AssertService(VirtualServer service)
    {
        Assert.Equal((80, TransportProtocol.Tcp), (service.Port, service.Protocol));
        Assert.Equal(SchedulerKind.RoundRobin, service.Scheduler);
        Assert.Equal(["192.168.5.103", "192.168.5.104"], service.RealServers.Select(server => $"{server.Address}"));
        Assert.All(service.RealServers, server =>
        {
            TcpCheck check = Assert.IsType<TcpCheck>(Assert.Single(server.Checks));
            Assert.Equal((server.Address, (ushort)80, 3), (check.Ip, check.Port, check.Retry));
            Assert.Equal((Sample.Seconds(3), Sample.Seconds(3)), (check.ConnectTimeout, check.DelayBeforeRetry));
            Assert.Equal((Sample.Seconds(6), Sample.Seconds(6)), (check.DelayLoop, check.Warmup));
        });
    }
}
