using System;
using System.Collections.Immutable;
using System.Net;

namespace XdpLvs.Config;

/// <summary>The settings of <c>global_defs</c>.</summary>
public sealed record GlobalSettings
{
    /// <summary>keepalived's defaults, and ours for what it does not know.</summary>
    public static GlobalSettings Default { get; } = new();

    /// <summary>The director's name in mails and logs; null means the host's name.</summary>
    public string? RouterId { get; init; }

    /// <summary>Who is mailed about changes.</summary>
    public ImmutableArray<string> NotificationEmail { get; init; } = [];

    /// <summary>The sender of those mails; null means the daemon chooses.</summary>
    public string? NotificationEmailFrom { get; init; }

    /// <summary>Where those mails are handed in; null means no mail.</summary>
    public SmtpServer? SmtpServer { get; init; }

    /// <summary>The name behind HELO; null means the host's name.</summary>
    public string? SmtpHeloName { get; init; }

    /// <summary>How long the mail server may take to answer, 30 s.</summary>
    public TimeSpan SmtpConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Which changes are mailed.</summary>
    public MailChoice Mail { get; init; } = new();

    /// <summary>Whether every failed try of a check is logged.</summary>
    public bool LogAllCheckFailures { get; init; }

    /// <summary>The defaults of VRRP instances.</summary>
    public VrrpDefaults Vrrp { get; init; } = new();

    /// <summary>How long an idle connection is remembered.</summary>
    public LvsTimeouts LvsTimeouts { get; init; } = new(
        TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(300));

    /// <summary>Where connections are copied to, for the next director; null: nowhere.</summary>
    public SyncDaemon? SyncDaemon { get; init; }

    /// <summary>Scripts and FIFOs.</summary>
    public ScriptSettings Scripts { get; init; } = new();

    /// <summary>How the daemon is made to read its configuration anew.</summary>
    public ReloadSettings Reload { get; init; } = new();

    /// <summary>The interface of addresses that name none, eth0.</summary>
    public string DefaultInterface { get; init; } = "eth0";

    /// <summary>Whether interfaces may be missing at start.</summary>
    public bool DynamicInterfaces { get; init; }

    /// <summary>XdpLvs's own settings of the forwarder.</summary>
    public ForwarderSettings Forwarder { get; init; } = ForwarderSettings.Default;

    /// <summary>What was written.</summary>
    public Origins Origins { get; init; } = Origins.None;

    /// <summary><see cref="AnnounceTiming.MasterDelay"/> of <see cref="Vrrp"/>.</summary>
    public TimeSpan GarpMasterDelay => Vrrp.Announce.MasterDelay;

    /// <summary><see cref="AnnounceTiming.MasterRepeat"/> of <see cref="Vrrp"/>.</summary>
    public int GarpMasterRepeat => Vrrp.Announce.MasterRepeat;
}

/// <summary>A mail server.</summary>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its TCP port.</param>
public sealed record SmtpServer(string Host, ushort Port);

/// <summary>How long an idle connection is remembered, by its state, as in <c>ipvsadm --set</c>.</summary>
/// <param name="Tcp">An established TCP connection.</param>
/// <param name="TcpFin">A TCP connection after a FIN.</param>
/// <param name="Udp">A UDP flow.</param>
public sealed record LvsTimeouts(TimeSpan Tcp, TimeSpan TcpFin, TimeSpan Udp);

/// <summary>Which changes are mailed, unless an instance or server says otherwise.</summary>
public sealed record MailChoice
{
    /// <summary><c>smtp_alert</c>: all or none; null: as the others say.</summary>
    public bool? All { get; init; }

    /// <summary><c>smtp_alert_vrrp</c>: those of instances and groups; null: none.</summary>
    public bool? Vrrp { get; init; }

    /// <summary><c>smtp_alert_checker</c>: those of servers; null: real servers only.</summary>
    public bool? Checker { get; init; }

    /// <summary><c>no_email_faults</c>: not when an instance is in fault.</summary>
    public bool NoFaults { get; init; }

    /// <summary><c>no_checker_emails</c>: of real servers only when they are added or removed.</summary>
    public bool NoCheckerMails { get; init; }
}

/// <summary>The defaults of VRRP instances.</summary>
public sealed record VrrpDefaults
{
    /// <summary>2 or 3.</summary>
    public int Version { get; init; } = 2;

    /// <summary>The group of adverts over IPv4.</summary>
    public IPAddress Group4 { get; init; } = new([224, 0, 0, 18]);

    /// <summary>The group of adverts over IPv6.</summary>
    public IPAddress Group6 { get; init; } = IPAddress.Parse("ff02::12");

    /// <summary>When the world is told who has the addresses.</summary>
    public AnnounceTiming Announce { get; init; } = new();

    /// <summary><c>vrrp_min_garp</c>: one packet an address and no second burst.</summary>
    public bool MinGarp { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.DownTimerAdverts"/>.</summary>
    public int DownTimerAdverts { get; init; } = 3;

    /// <summary>The default of <see cref="VrrpInstance.LowerPriorityNoAdvert"/>.</summary>
    public bool LowerPriorityNoAdvert { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.HigherPrioritySendAdvert"/>.</summary>
    public bool HigherPrioritySendAdvert { get; init; } = true;

    /// <summary>The default of <see cref="AdvertTransport.CheckUnicastSource"/>.</summary>
    public bool CheckUnicastSource { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.SkipCheckAdvertAddresses"/>.</summary>
    public bool SkipCheckAdvertAddresses { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.Strict"/>.</summary>
    public bool Strict { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.NotifyPriorityChanges"/>.</summary>
    public bool NotifyPriorityChanges { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.OwnerIgnoresAdverts"/>.</summary>
    public bool OwnerIgnoresAdverts { get; init; }

    /// <summary>The default of <see cref="VrrpInstance.ChecksumAsVersion2"/>.</summary>
    public bool ChecksumAsVersion2 { get; init; }

    /// <summary>Whether adverts for nobody's VRID are logged.</summary>
    public bool LogUnknownVrids { get; init; }

    /// <summary>How long instances wait after the daemon's start.</summary>
    public TimeSpan StartupDelay { get; init; }

    /// <summary>How long after the host's start instances wait at least.</summary>
    public TimeSpan DelayAfterBoot { get; init; }

    /// <summary>The beginning of names of interfaces with virtual MAC addresses; null: vrrp.</summary>
    public string? VmacPrefix { get; init; }

    /// <summary>The same for those of <c>use_vmac_addr</c>; null: the former.</summary>
    public string? VmacAddressPrefix { get; init; }
}

/// <summary>The line <c>lvs_sync_daemon</c>.</summary>
/// <param name="Interface">Where copies are sent and heard.</param>
/// <param name="Instance">The instance whose master sends; null: none is named.</param>
/// <param name="Id">The number of the group, 0 to 255.</param>
/// <param name="LengthMax">The greatest length of a packet; 0: the MTU's.</param>
/// <param name="Port">The UDP port.</param>
/// <param name="Ttl">TTL or hop limit.</param>
/// <param name="Group">The multicast group.</param>
public sealed record SyncDaemon(
    string Interface, string? Instance, byte Id, int LengthMax, ushort Port, byte Ttl, IPAddress Group);

/// <summary>Scripts and FIFOs.</summary>
public sealed record ScriptSettings
{
    /// <summary>As whom scripts run; null: keepalived_script if there is such a user, else the daemon's.</summary>
    public string? User { get; init; }

    /// <summary>As which group; null: that of the user.</summary>
    public string? Group { get; init; }

    /// <summary>Whether a script that others than root could change is not run as root.</summary>
    public bool EnableSecurity { get; init; }

    /// <summary>What is run when the daemon starts.</summary>
    public ScriptCommand? Startup { get; init; }

    /// <summary>How long that may take, 10 s.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is run when the daemon ends.</summary>
    public ScriptCommand? Shutdown { get; init; }

    /// <summary>How long that may take, 10 s.</summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>notify_fifo</c>: hears of everything.</summary>
    public NotifyFifo Fifo { get; init; } = new();

    /// <summary><c>vrrp_notify_fifo</c>: hears of instances and groups.</summary>
    public NotifyFifo VrrpFifo { get; init; } = new();

    /// <summary><c>lvs_notify_fifo</c>: hears of servers.</summary>
    public NotifyFifo LvsFifo { get; init; } = new();

    /// <summary>Whether states of instances are written to the FIFO again after a reload.</summary>
    public bool FifoStatesOnReload { get; init; }

    /// <summary>Whether the first state of real servers is notified too.</summary>
    public bool RealServerInitNotifies { get; init; }
}

/// <summary>A FIFO that hears of changes, and who reads it.</summary>
public sealed record NotifyFifo
{
    /// <summary>Its path; null: there is none.</summary>
    public string? Path { get; init; }

    /// <summary>What is run to read it; it gets the path as its last argument.</summary>
    public ScriptCommand? Script { get; init; }
}

/// <summary>How the daemon is made to read its configuration anew.</summary>
public sealed record ReloadSettings
{
    /// <summary>Whether a configuration is tested before; XdpLvs always does.</summary>
    public bool Check { get; init; } = true;

    /// <summary>A file with the time of the next reload; null: none.</summary>
    public string? TimeFile { get; init; }

    /// <summary>Whether the time in that file counts every day.</summary>
    public bool Repeat { get; init; }

    /// <summary>A file that forbids a reload while it is there; null: none.</summary>
    public string? File { get; init; }
}
