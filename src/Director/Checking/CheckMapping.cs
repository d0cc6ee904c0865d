using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using XdpLvs.Checks;
using XdpLvs.Config;

namespace XdpLvs.Director.Checking;

/// <summary>The configuration's checks in the words of the checks' engine. Pure.</summary>
internal static class CheckMapping
{
    /// <summary>
    /// A BFD session takes a while to come up: the first check waits so long, unless the session is up sooner.
    /// </summary>
    private static readonly TimeSpan BfdStartup = TimeSpan.FromSeconds(10);

    /// <summary>What to ask.</summary>
    /// <param name="check">As configured.</param>
    /// <param name="globals">For what checks inherit from there.</param>
    /// <param name="probe">What to ask; null if this cannot be asked.</param>
    /// <param name="why">Why not.</param>
    internal static bool TryMap(ICheck check, GlobalSettings globals, out ProbeSettings? probe, out string why)
    {
        why = "";
        probe = check switch
        {
            TcpCheck tcp => new TcpProbeSettings(Connect(tcp.Target)),
            HttpCheck http => Http(http, out why),
            SmtpCheck smtp => Smtp(smtp, globals),
            DnsCheck dns => new DnsProbeSettings(Connect(dns.Target))
            {
                Type = Enum.Parse<DnsType>(dns.Type, ignoreCase: true),
                Name = dns.Name,
            },
            UdpCheck udp => Udp(udp),
            PingCheck ping => new PingProbeSettings(Connect(ping.Target)),
            MiscCheck misc => new ScriptProbeSettings(
                new ScriptCall(
                    new ValueList<string>(misc.Command.Words), misc.Timeout, misc.Command.User, misc.Command.Group),
                misc.Dynamic),
            FileCheck file => new FileProbeSettings(file.TrackFile, file.Weight, file.Reverse),
            BfdCheck bfd => new BfdProbeSettings(bfd.Instance),
            _ => throw new UnreachableException(check.Keyword),
        };
        if (probe is DnsProbeSettings { Name: var name } && !DnsQuestion.CanAsk(name))
        {
            (probe, why) = (null, $"'{name}' is no domain name");
        }

        return probe is not null;
    }

    /// <summary>How often, and what the answers mean.</summary>
    internal static CheckSettings Settings(ICheck check, GlobalSettings globals, ProbeSettings probe)
    {
        CheckTiming timing = check.Timing;
        bool isWatched = check is FileCheck or BfdCheck;
        return new CheckSettings
        {
            DelayLoop = timing.DelayLoop,
            Retry = isWatched ? 0 : timing.Retry,
            DelayBeforeRetry = timing.DelayBeforeRetry,
            Warmup = isWatched ? TimeSpan.Zero : timing.Warmup,
            StartupDelay = check is BfdCheck ? BfdStartup : new CheckSettings().StartupDelay,
            Alpha = timing.Alpha,
            LogAllFailures = timing.LogAllFailures || globals.LogAllCheckFailures,
            CleanRound = check is HttpCheck,
            FastRecovery = check is HttpCheck { FastRecovery: true },
            CountsFromBeginning = check is MiscCheck,
            ProbeTimeLimit = probe.TimeLimit,
        };
    }

    private static ConnectOptions Connect(CheckTarget target) => new(new IPEndPoint(target.Ip, target.Port))
    {
        Timeout = target.ConnectTimeout,
        BindTo = target.BindTo,
        BindPort = target.BindPort,
        BindInterface = target.BindInterface,
        Mark = (uint)target.Fwmark,
    };

    private static HttpProbeSettings? Http(HttpCheck check, out string why)
    {
        var pages = new List<HttpPage>();
        why = "";
        foreach (HttpUrl url in check.Urls)
        {
            BodyPattern? pattern = null;
            if (url.Regex is { } regex && !BodyPattern.TryMake(Pattern(url, regex), out pattern, out why))
            {
                return null;
            }

            pages.Add(new HttpPage(url.Path)
            {
                VirtualHost = url.VirtualHost,
                Codes = new StatusCodes(
                    new ValueList<(int, int)>(url.Status.Select(range => (range.First, range.Last)))),
                Digest = url.Digest.IsEmpty ? null : Convert.ToHexStringLower([.. url.Digest]),
                IsTlsCompliant = check.TlsCompliant || url.TlsCompliant,
                Pattern = pattern,
            });
        }

        return new HttpProbeSettings(Connect(check.Target), new ValueList<HttpPage>(pages))
        {
            Protocol = Enum.Parse<HttpProtocol>(check.Version.ToString()),
            Tls = check.IsTls ? new TlsOptions { NamesServer = check.EnableSni, ServerName = check.SniName } : null,
        };
    }

    private static PatternText Pattern(HttpUrl url, string regex) => new(regex)
    {
        Options = new ValueList<string>(url.RegexOptions),
        MustNotMatch = url.RegexNoMatch,
        OffsetMin = url.RegexMinOffset,
        OffsetMax = url.RegexMaxOffset > 0 ? url.RegexMaxOffset : null,
    };

    private static SmtpProbeSettings Smtp(SmtpCheck check, GlobalSettings globals)
    {
        var probe = new SmtpProbeSettings(new ValueList<ConnectOptions>(check.Hosts.Select(Connect)));
        return (check.HeloName ?? globals.SmtpHeloName) is { } name ? probe with { HeloName = name } : probe;
    }

    private static UdpProbeSettings Udp(UdpCheck check) => new(Connect(check.Target))
    {
        Payload = new ValueList<byte>(check.Payload),
        RequireReply = check.RequireReply,
        Reply = new ReplyPattern
        {
            Octets = new ValueList<byte>(check.Reply.Select(octet => octet.Value)),
            Ignored = new ValueList<byte>(check.Reply.Select(octet => (byte)~octet.Mask)),
            LengthMin = check.ReplyLengthMin,
            LengthMax = check.ReplyLengthMax == new UdpCheck(check.Target, check.Timing, check.Span).ReplyLengthMax
                ? null // not written: binds only with a pattern
                : check.ReplyLengthMax,
        },
    };
}
