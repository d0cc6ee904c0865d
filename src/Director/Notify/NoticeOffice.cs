using System;
using System.IO;
using System.Threading.Tasks;
using XdpLvs.Config;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Scripts;
using XdpLvs.Linux;

namespace XdpLvs.Director.Notify;

/// <summary>
/// The ways by which the daemon tells others what happens: scripts, FIFOs and mails, as global_defs has them. One for
/// all who have something to tell; lives longer than they.
/// </summary>
internal sealed class NoticeOffice : IAsyncDisposable
{
    private const int ScriptsMax = 64, ScriptsWaitingMax = 1024, FifosMax = 3;

    private readonly MailQueue? _mails;
    private readonly EventLog _log;

    /// <summary>Opens the FIFOs and starts their scripts. A FIFO that cannot be opened is said and left out.</summary>
    /// <param name="globals">As configured.</param>
    /// <param name="desk">Says which scripts may run.</param>
    /// <param name="log">Hears what cannot be told.</param>
    internal NoticeOffice(GlobalSettings globals, ScriptDesk desk, EventLog log)
    {
        _log = log;
        RouterId = globals.RouterId ?? Environment.MachineName;
        ScriptSettings scripts = globals.Scripts;
        var runner = new ScriptRunner("xdplvs-notify", ScriptsMax + FifosMax, ScriptsWaitingMax);
        Notifier = new Notifier(
            runner,
            log.Fail,
            Open(scripts.Fifo, desk, runner),
            Open(scripts.VrrpFifo, desk, runner),
            Open(scripts.LvsFifo, desk, runner));
        if (globals is { SmtpServer: { } server, NotificationEmail.IsEmpty: false })
        {
            string from = globals.NotificationEmailFrom ?? $"{Environment.UserName}@{Environment.MachineName}";
            var settings = new MailSettings(server.Host, from, globals.NotificationEmail)
            {
                Port = server.Port,
                HeloName = globals.SmtpHeloName,
                Timeout = globals.SmtpConnectTimeout,
            };
            var deliverer = new MailDesk(settings, TimeProvider.System);
            _mails = new MailQueue(deliverer.DeliverAsync, log.Warn, TimeProvider.System);
        }
    }

    /// <summary>router_id, or the host's name.</summary>
    internal string RouterId { get; }

    /// <summary>Runs scripts and writes to FIFOs.</summary>
    internal Notifier Notifier { get; }

    /// <summary>Sends a mail, some time; nobody gets it where no mail server or no receiver is configured.</summary>
    internal void Mail(Mail mail) => _mails?.Add(mail);

    /// <summary>Gives scripts a second and mails three to get done, then closes everything.</summary>
    public async ValueTask DisposeAsync()
    {
        Notifier.Dispose();
        if (_mails is not null)
        {
            await _mails.DisposeAsync().ConfigureAwait(false);
        }
    }

    private NotifyFifo? Open(Config.NotifyFifo fifo, ScriptDesk desk, ScriptRunner runner)
    {
        try
        {
            return fifo.Path is null
                ? null
                : new NotifyFifo(
                    fifo.Path,
                    desk.DefaultUser,
                    desk.Admit(fifo.Script, "notify"),
                    runner,
                    _log.Warn,
                    TimeProvider.System);
        }
        catch (Exception error) when (error is LinuxException or IOException)
        {
            _log.Fail($"FIFO {fifo.Path}: {error.Message}; nobody is told by it");
            return null;
        }
    }
}
