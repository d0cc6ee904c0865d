using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Checks;
using XdpLvs.Director.Notify;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Tests.Scripts;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Director.Tests.Notify;

/// <summary>Who hears what of a service, and when: a keeper, verdicts, and a FIFO that is read.</summary>
public sealed class ServiceAnnouncerTests : IDisposable
{
    private const string Vs = "[192.168.5.100]:tcp:80", Youxi3 = "[192.168.5.103]:tcp:80", Text = "=> why <=";

    private static readonly CheckName OfYouxi3 = new(0, 0, 0), OfYouxi4 = new(0, 1, 0);

    private readonly ScriptFolder _folder = new();
    private readonly List<Mail> _mails = [];
    private readonly List<string> _said = [];
    private readonly ScriptRunner _runner = new("announce-test", runningMax: 4, waitingMax: 16);
    private readonly NotifyFifo _fifo;
    private readonly FileStream _reader;

    public ServiceAnnouncerTests()
    {
        string path = _folder.Path + "/fifo";
        _fifo = new NotifyFifo(path, ScriptUser.Own, null, _runner, _said.Add, TimeProvider.System);
        _reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _fifo.Dispose();
        _runner.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void At_start_only_the_quorum_is_told()
    {
        (TableKeeper keeper, _) = Make(Plans.Real);

        keeper.TellStart(realServersToo: false);

        Assert.Equal($"VS {Vs} UP\n", Heard());
        Assert.Equal("=> Starting with quorum up 1+0=1 <= 1 <=", Assert.Single(_mails).Body);
    }

    [Fact]
    public void Real_servers_are_told_at_start_where_that_is_asked_for()
    {
        (TableKeeper keeper, _) = Make(Plans.Real);

        keeper.TellStart(realServersToo: true);

        Assert.Equal($"RS {Youxi3} {Vs} UP\nVS {Vs} UP\n", Heard());
    }

    [Fact]
    public void A_change_is_told_the_server_first_and_its_quorum_then()
    {
        (TableKeeper keeper, _) = Make(Plans.Real);

        keeper.SetVerdict(OfYouxi3, passed: false);
        keeper.SetVerdict(OfYouxi3, passed: true);

        Assert.Equal($"RS {Youxi3} {Vs} DOWN\nVS {Vs} DOWN\nRS {Youxi3} {Vs} UP\nVS {Vs} UP\n", Heard());
    }

    [Fact]
    public void A_first_success_of_what_was_assumed_is_told_to_nobody()
    {
        (TableKeeper keeper, ServiceAnnouncer announcer) = Make(Plans.Real);

        Take(keeper, announcer, OfYouxi3, isUp: true);

        Assert.Empty(_mails);
        keeper.SetVerdict(OfYouxi3, passed: false); // and this is the first thing to be read
        Assert.StartsWith($"RS {Youxi3} {Vs} DOWN\n", Heard(), StringComparison.Ordinal);
    }

    [Fact]
    public void With_alpha_a_first_failure_is_told_once()
    {
        (TableKeeper keeper, _) = Make(Plans.Real with { StartsDown = true });

        keeper.SetVerdict(OfYouxi3, passed: false);
        keeper.SetVerdict(OfYouxi3, passed: false);
        keeper.SetVerdict(OfYouxi3, passed: true);

        Assert.Equal($"RS {Youxi3} {Vs} DOWN\nRS {Youxi3} {Vs} UP\nVS {Vs} UP\n", Heard());
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void A_second_failed_check_is_mailed_unless_only_changes_are(bool onlyChanges, int mails)
    {
        (TableKeeper keeper, ServiceAnnouncer announcer) = Make(onlyChanges, Plans.Real with { Checks = 2 });

        Take(keeper, announcer, OfYouxi3, isUp: false);
        Take(keeper, announcer, OfYouxi3 with { Check = 1 }, isUp: false);

        Assert.Equal(mails, _mails.FindAll(mail => mail.Body == Text).Count);
        Assert.Contains(new Mail($"[LVS] Realserver {Youxi3} of virtual server {Vs} - DOWN", Text), _mails);
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, $"RS {Youxi3} {Vs} DOWN\nVS {Vs} DOWN\n")]
    public void At_the_end_they_hear_of_it_only_with_omega(bool omega, string lines)
    {
        (TableKeeper keeper, _) = Make(false, omega, Plans.Real, Plans.Real with { Address = Plans.Youxi4 });
        keeper.SetVerdict(OfYouxi4, passed: false); // it is down already: nothing more to tell of it
        Assert.NotEmpty(Heard());
        _said.Clear();
        _mails.Clear();

        keeper.TellStop();
        _fifo.Write("end\n"u8);

        Assert.Equal(lines + "end\n", Heard());
        Assert.Equal($"Shutting down service {Youxi3} from VS {Vs}", _said[0]);
        Assert.Equal(omega ? 2 : 0, _mails.FindAll(mail => mail.Body == "=> Shutting down <=").Count);
    }

    [Fact]
    public async Task The_scripts_run()
    {
        Script down = _folder.Shell($"echo down \"$1\" >>{_folder.Output}", "youxi3");
        (TableKeeper keeper, _) = Make(false, false, down, Plans.Real);

        keeper.SetVerdict(OfYouxi3, passed: false);

        await Eventually.Async(() => _folder.Written == "down youxi3\n", "notify_down did not run");
    }

    private (TableKeeper Keeper, ServiceAnnouncer Announcer) Make(params RealServerSettings[] reals) =>
        Make(onlyChanges: false, reals);

    private (TableKeeper Keeper, ServiceAnnouncer Announcer) Make(
        bool onlyChanges, params RealServerSettings[] reals) => Make(onlyChanges, omega: false, reals);

    private (TableKeeper Keeper, ServiceAnnouncer Announcer) Make(
        bool onlyChanges, bool omega, params RealServerSettings[] reals) => Make(onlyChanges, omega, null, reals);

    private (TableKeeper Keeper, ServiceAnnouncer Announcer) Make(
        bool onlyChanges, bool omega, Script? down, params RealServerSettings[] reals)
    {
        var contacts = new ServiceContacts(
            Vs,
            Quorum: 1,
            Hysteresis: 0,
            Up: null,
            Down: null,
            Mails: true,
            omega,
            [.. Array.ConvertAll(reals, real => new RealServerContacts(
                AddressText.Service(real.Address, 6, real.Port), null, down, Mails: true))]);
        var announcer = new ServiceAnnouncer(
            [contacts], "LVS", onlyChanges, new Notifier(_runner, _said.Add, lvs: _fifo), _mails.Add);
        var keeper = new TableKeeper([Plans.Service(reals)], FlowPolicy.Default, _said.Add) { Told = announcer.Tell };
        return (keeper, announcer);
    }

    private static void Take(TableKeeper keeper, ServiceAnnouncer announcer, CheckName name, bool isUp) =>
        announcer.MailVerdict(name, isUp, keeper.SetVerdict(name, new CheckReport(isUp, WeightAdvice.None)), Text);

    /// <summary>All lines that wait in the FIFO; there must be one.</summary>
    private string Heard()
    {
        byte[] octets = new byte[4096];
        return Encoding.UTF8.GetString(octets, 0, _reader.Read(octets));
    }
}
