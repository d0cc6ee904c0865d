using System;
using System.Collections.Immutable;

namespace XdpLvs.Config;

/// <summary>All that a configuration file says, with every default and every inherited value filled in.</summary>
/// <param name="Globals">The settings of <c>global_defs</c>.</param>
/// <param name="Instances">The VRRP instances in the order of the file.</param>
/// <param name="Services">The virtual servers in the order of the file.</param>
public sealed record DirectorConfig(
    GlobalSettings Globals,
    ImmutableArray<VrrpInstance> Instances,
    ImmutableArray<VirtualServer> Services)
{
    /// <summary>What an empty file says.</summary>
    public static DirectorConfig Empty { get; } = new(GlobalSettings.Default, [], []);
}

/// <summary>The settings of <c>global_defs</c>.</summary>
/// <param name="RouterId">The director's name in mails and logs; null means the host's name.</param>
/// <param name="NotificationEmail">Who is mailed about changes.</param>
/// <param name="NotificationEmailFrom">The sender of those mails; null means the daemon chooses.</param>
/// <param name="SmtpServer">Where those mails are handed in; null means no mail.</param>
/// <param name="SmtpConnectTimeout">How long the mail server may take to answer.</param>
/// <param name="GarpMasterDelay">The default of <see cref="VrrpInstance.GarpMasterDelay"/>.</param>
/// <param name="GarpMasterRepeat">The default of <see cref="VrrpInstance.GarpMasterRepeat"/>.</param>
/// <param name="LvsTimeouts">How long an idle connection is remembered.</param>
/// <param name="Forwarder">XdpLvs's own settings of the forwarder.</param>
public sealed record GlobalSettings(
    string? RouterId,
    ImmutableArray<string> NotificationEmail,
    string? NotificationEmailFrom,
    SmtpServer? SmtpServer,
    TimeSpan SmtpConnectTimeout,
    TimeSpan GarpMasterDelay,
    int GarpMasterRepeat,
    LvsTimeouts LvsTimeouts,
    ForwarderSettings Forwarder)
{
    /// <summary>keepalived's defaults, and ours for what it does not know.</summary>
    public static GlobalSettings Default { get; } = new(
        RouterId: null,
        NotificationEmail: [],
        NotificationEmailFrom: null,
        SmtpServer: null,
        SmtpConnectTimeout: TimeSpan.FromSeconds(30),
        GarpMasterDelay: TimeSpan.FromSeconds(5),
        GarpMasterRepeat: 5,
        LvsTimeouts: new LvsTimeouts(
            TimeSpan.FromSeconds(900), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(300)),
        Forwarder: ForwarderSettings.Default);
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
