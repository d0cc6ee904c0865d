using System;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>The settings of <c>global_defs</c> while they are being read.</summary>
internal sealed class GlobalDraft
{
    public GlobalSettings Settings { get; set; } = GlobalSettings.Default;

    /// <summary>The VRRP version that instances speak unless they say otherwise.</summary>
    public int VrrpVersion { get; set; } = 2;
}

/// <summary>Reads <c>global_defs</c>.</summary>
internal static class GlobalReader
{
    /// <summary>The keywords of the block.</summary>
    public static Grammar<GlobalDraft> Grammar { get; } = new(
        "global_defs",
        [
            new("router_id", false, RouterId),
            new("notification_email", true, NotificationEmail),
            new("notification_email_from", false, NotificationEmailFrom),
            new("smtp_server", false, Smtp),
            new("smtp_connect_timeout", false, SmtpConnectTimeout),
            new("vrrp_garp_master_delay", false, GarpMasterDelay),
            new("vrrp_garp_master_repeat", false, GarpMasterRepeat),
            new("vrrp_version", false, VrrpVersion),
            new("lvs_timeouts", false, Timeouts),
            .. ForwarderRules.All,
        ]);

    private static void RouterId(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "a name", out Word name))
        {
            draft.Settings = draft.Settings with { RouterId = name.Text };
        }
    }

    private static void NotificationEmail(GlobalDraft draft, Statement statement, Reporter report)
    {
        ImmutableArray<string>.Builder all = draft.Settings.NotificationEmail.ToBuilder();
        foreach (Statement line in statement.Body!.Statements.Where(line => !line.Words.IsEmpty))
        {
            all.AddRange(line.Words.Select(word => word.Text));
        }

        draft.Settings = draft.Settings with { NotificationEmail = all.ToImmutable() };
    }

    private static void NotificationEmailFrom(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "a mail address", out Word address))
        {
            draft.Settings = draft.Settings with { NotificationEmailFrom = address.Text };
        }
    }

    private static void Smtp(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "a host", out Word host))
        {
            return;
        }

        ushort port = 25;
        if (statement.Words.Length > 2 && report.TryPort(statement.Words[2], out ushort written))
        {
            port = written;
        }

        draft.Settings = draft.Settings with { SmtpServer = new SmtpServer(host.Text, port) };
    }

    private static void SmtpConnectTimeout(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (report.TryTimer(statement, out TimeSpan time))
        {
            draft.Settings = draft.Settings with { SmtpConnectTimeout = time };
        }
    }

    private static void GarpMasterDelay(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (report.TryTimerOrZero(statement, out TimeSpan time))
        {
            draft.Settings = draft.Settings with { GarpMasterDelay = time };
        }
    }

    private static void GarpMasterRepeat(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 1, ushort.MaxValue, out int repeat))
        {
            draft.Settings = draft.Settings with { GarpMasterRepeat = repeat };
        }
    }

    private static void VrrpVersion(GlobalDraft draft, Statement statement, Reporter report)
    {
        if (report.TryNumber(statement, 2, 3, out int version))
        {
            draft.VrrpVersion = version;
            if (version == 3)
            {
                report.Error(
                    statement.Words[1], "VRRPv3 is not supported yet; instances without 'version 2' are left out");
            }
        }
    }

    /// <summary>0 is the default, as <c>ipvsadm --set</c> leaves a time alone that is 0.</summary>
    private static void Timeouts(GlobalDraft draft, Statement statement, Reporter report)
    {
        LvsTimeouts timeouts = draft.Settings.LvsTimeouts;
        _ = report.TryWord(statement, "pairs of tcp, tcpfin or udp and seconds", out _);
        for (int i = 1; i < statement.Words.Length; i += 2)
        {
            Word kind = statement.Words[i];
            if (kind.Text is not ("tcp" or "tcpfin" or "udp"))
            {
                string? nearest = Spelling.Nearest(kind.Text, ["tcp", "tcpfin", "udp"]);
                report.Error(kind, $"{Reporter.Quote(kind.Text)} is not one of tcp, tcpfin and udp", nearest);
                break;
            }

            if (i + 1 == statement.Words.Length)
            {
                report.Error(kind, $"'{kind.Text}' lacks its seconds, 0 to {Values.SecondsMax}");
            }
            else if (report.TryNumber(kind.Text, statement.Words[i + 1], 0, Values.SecondsMax, out int seconds))
            {
                TimeSpan? time = seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
                LvsTimeouts defaults = GlobalSettings.Default.LvsTimeouts;
                timeouts = kind.Text switch
                {
                    "tcp" => timeouts with { Tcp = time ?? defaults.Tcp },
                    "tcpfin" => timeouts with { TcpFin = time ?? defaults.TcpFin },
                    _ => timeouts with { Udp = time ?? defaults.Udp },
                };
            }
        }

        draft.Settings = draft.Settings with { LvsTimeouts = timeouts };
    }
}
