using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Lists the checks of a real server.</summary>
internal static class CheckListing
{
    public static ListedBlock Of(ICheck check)
    {
        var list = new ListingBuilder(check.Keyword, "", check.Span, check.Origins);
        switch (check)
        {
            case TcpCheck tcp:
                AddTarget(list, tcp.Target);
                break;
            case PingCheck ping:
                AddTarget(list, ping.Target);
                break;
            case HttpCheck http:
                AddTarget(list, http.Target);
                AddHttp(list, http);
                break;
            case DnsCheck dns:
                AddTarget(list, dns.Target);
                list.Add("type", dns.Type).Add("name", dns.Name);
                break;
            case UdpCheck udp:
                AddTarget(list, udp.Target);
                list.Add("payload", Hex(udp.Payload))
                    .Add("require_reply", udp.RequireReply ? Reply(udp.Reply) : null)
                    .Add("min_reply_length", udp.ReplyLengthMin)
                    .Add("max_reply_length", udp.ReplyLengthMax);
                break;
            case SmtpCheck smtp:
                list.Add("helo_name", smtp.HeloName).AddBlocks(smtp.Hosts.Select(host =>
                {
                    var block = new ListingBuilder("host", "", null, Origins.None);
                    AddTarget(block, host);
                    return block.Build();
                })).Skip("connect_ip", "connect_port", "bindto", "bind_port", "bind_if", "fwmark", "connect_timeout");
                break;
            case MiscCheck misc:
                list.Add("misc_path", misc.Command, "user")
                    .Add("misc_timeout", misc.Timeout, "delay_loop")
                    .Add("misc_dynamic", misc.Dynamic);
                break;
            case FileCheck file:
                list.Add("track_file", file.TrackFile).Add("weight", ConfigListing.Weight(file.Weight, file.Reverse));
                break;
            case BfdCheck bfd:
                list.Add("name", bfd.Instance);
                break;
        }

        if (check is not (FileCheck or BfdCheck))
        {
            AddTiming(list, check.Timing);
        }

        return list
            .Add("alpha", check.Timing.Alpha)
            .Skip([.. TimingRules.Keywords, "nb_get_retry", "url", "host"])
            .Build();
    }

    private static void AddTarget(ListingBuilder list, CheckTarget target) => list
        .Add("connect_ip", target.Ip)
        .Add("connect_port", target.Port)
        .Add("bindto", target.BindTo)
        .Add("bind_port", target.BindPort)
        .Add("bind_if", target.BindInterface)
        .Add("fwmark", target.Fwmark)
        .Add("connect_timeout", target.ConnectTimeout);

    private static void AddTiming(ListingBuilder list, CheckTiming timing) => list
        .Add("retry", timing.Retry, "nb_get_retry")
        .Add("delay_before_retry", timing.DelayBeforeRetry)
        .Add("delay_loop", timing.DelayLoop)
        .Add("warmup", timing.Warmup, "delay_loop")
        .Add("log_all_failures", timing.LogAllFailures);

    private static void AddHttp(ListingBuilder list, HttpCheck http) => list
        .Add("http_protocol", http.Version switch
        {
            HttpVersion.Http10Close => "1.0C",
            HttpVersion.Http11 => "1.1",
            HttpVersion.Http11KeepAlive => "1.1K",
            _ => "1.0",
        })
        .Add("enable_sni", http.EnableSni)
        .Add("sni_name", http.SniName)
        .Add("fast_recovery", http.FastRecovery)
        .Add("tls_compliant", http.TlsCompliant)
        .AddBlocks(http.Urls.Select(url => new ListingBuilder("url", "", url.Span, url.Origins)
            .Add("path", url.Path)
            .Add("digest", Hex(url.Digest))
            .Add("status_code", string.Join(' ', url.Status))
            .Inherit("virtualhost", url.VirtualHost, http.Origins, "virtualhost")
            .Add("regex", url.Regex)
            .Add("regex_no_match", url.RegexNoMatch)
            .Add("regex_options", url.RegexOptions.IsEmpty ? null : string.Join(' ', url.RegexOptions))
            .Add("regex_min_offset", url.RegexMinOffset)
            .Add("regex_max_offset", url.RegexMaxOffset)
            .Inherit("tls_compliant", url.TlsCompliant, http.Origins, "tls_compliant")
            .Build()));

    private static string Reply(ImmutableArray<(byte Value, byte Mask)> octets) =>
        string.Concat(octets.Select(octet =>
        {
            string digits = octet.Value.ToString("x2", CultureInfo.InvariantCulture);
            return $"{((octet.Mask & 0xF0) == 0 ? 'x' : digits[0])}{((octet.Mask & 0x0F) == 0 ? 'x' : digits[1])}";
        }));

    private static string? Hex(ImmutableArray<byte> octets) =>
        octets.IsEmpty ? null : Convert.ToHexString(octets.AsSpan()).ToLower(CultureInfo.InvariantCulture);
}
