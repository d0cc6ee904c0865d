using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;

namespace XdpLvs.Config;

using On = Options<HttpCheck>;
using OnUrl = Options<HttpUrl>;

/// <summary>Reads <c>HTTP_GET</c> and <c>SSL_GET</c>.</summary>
internal static class HttpReader
{
    private const int DigestLength = 16, StatusMin = 100, StatusMax = 599;

    private static readonly string[] RegexOptions =
    [
        "allow_empty_class", "alt_bsux", "auto_callout", "caseless", "dollar_endonly", "dotall", "dupnames",
        "extended", "firstline", "match_unset_backref", "multiline", "never_ucp", "never_utf", "no_auto_capture",
        "no_auto_possess", "no_dotstar_anchor", "no_start_optimize", "ucp", "ungreedy", "utf", "never_backslash_c",
        "alt_circumflex", "alt_verbnames", "use_offset_limit",
    ];

    /// <summary>The keywords of <c>url</c>.</summary>
    public static Grammar<Draft<HttpUrl>> UrlGrammar { get; } = new(
        "url",
        OnUrl.Text("path", "a path, as in an URL", (all, path) => all with { Path = path }),
        OnUrl.Any("digest", Digest),
        OnUrl.Any("status_code", Status, words: StatusMax),
        OnUrl.Text("virtualhost", "a host name", (all, name) => all with { VirtualHost = name }),
        OnUrl.Text("regex", "a regular expression", (all, regex) => all with { Regex = regex }),
        OnUrl.Switch("regex_no_match", (all, isOn) => all with { RegexNoMatch = isOn }),
        OnUrl.Any("regex_options", Regex, words: RegexOptions.Length),
        OnUrl.Number("regex_min_offset", 0, int.MaxValue, (all, offset) => all with { RegexMinOffset = offset }),
        OnUrl.Number("regex_max_offset", 0, int.MaxValue, (all, offset) => all with { RegexMaxOffset = offset }),
        OnUrl.Any("regex_stack", Stack, words: 2),
        OnUrl.Switch("tls_compliant", (all, isOn) => all with { TlsCompliant = isOn }));

    /// <summary>The keywords of <c>HTTP_GET</c>.</summary>
    public static Grammar<CheckDraft<HttpCheck>> HttpGrammar { get; } = new("HTTP_GET", Keywords());

    /// <summary>The keywords of <c>SSL_GET</c>.</summary>
    public static Grammar<CheckDraft<HttpCheck>> SslGrammar { get; } = new("SSL_GET", Keywords());

    /// <summary>The rules of both blocks.</summary>
    public static Rule<RealServerDraft>[] All { get; } =
    [
        CheckReader.Kind("HTTP_GET", HttpGrammar, () => new HttpCheck(null!, null!, default), Make),
        CheckReader.Kind("SSL_GET", SslGrammar, () => new HttpCheck(null!, null!, default) { IsTls = true }, Make),
    ];

    private static Rule<CheckDraft<HttpCheck>>[] Keywords() =>
    [
        TimingRules.VirtualHost<CheckDraft<HttpCheck>>(),
        .. CheckRules.WithTarget(
            On.Block("url", Url),
            On.Choice(
                "http_protocol",
                [
                    ("1.0", HttpVersion.Http10),
                    ("1.0C", HttpVersion.Http10Close),
                    ("1.0c", HttpVersion.Http10Close),
                    ("1.1", HttpVersion.Http11),
                    ("1.1K", HttpVersion.Http11KeepAlive),
                    ("1.1k", HttpVersion.Http11KeepAlive),
                ],
                (all, version) => all with { Version = version }),
            On.Switch("enable_sni", (all, isOn) => all with { EnableSni = isOn }),
            On.Text("sni_name", "a host name", (all, name) => all with { SniName = name }),
            On.Switch("fast_recovery", (all, isOn) => all with { FastRecovery = isOn }),
            On.Switch("tls_compliant", (all, isOn) =>all with { TlsCompliant = isOn })),
    ];

    private static HttpCheck? Make(CheckDraft<HttpCheck> draft, CheckSurroundings around, Reporter report)
    {
        HttpCheck read = draft.Own.Model;
        if (read.Urls.IsEmpty)
        {
            report.Error(draft.Place, "this check needs a 'url' with a 'path'");
        }

        return CheckReader.TargetOf(draft, around, CheckDefaults.Http, report) is { } target && !read.Urls.IsEmpty
            ? read with
            {
                Target = target,
                Timing = CheckReader.TimingOf(draft, around, CheckDefaults.Http),
                Urls =
                [
                    .. read.Urls.Select(url => url with
                    {
                        VirtualHost = url.VirtualHost ?? draft.VirtualHost,
                        TlsCompliant = url.Origins.Of("tls_compliant") is null ? read.TlsCompliant : url.TlsCompliant,
                    }),
                ],
                Origins = draft.Origins,
                Span = report.Span(draft.Place),
            }
            : null;
    }

    private static void Url(Draft<HttpCheck> draft, Statement block, Reporter report)
    {
        var url = new Draft<HttpUrl>(new HttpUrl { Span = report.Span(block.Words[0]) });
        bool isUnderstood = true;
        UrlGrammar.Read(block.Body!, url, report, (_, _) => isUnderstood = false);
        if (!block.Body!.Mentions("path"))
        {
            report.Error(block.Words[0], "this 'url' needs a 'path'");
            isUnderstood = false;
        }

        ImmutableArray<HttpUrl> urls = draft.Model.Urls.Add(url.Model with { Origins = url.Origins });
        draft.IsLeftOut |= !isUnderstood;
        draft.Model = draft.Model with { Urls = draft.IsLeftOut ? [] : urls };
    }

    private static void Digest(Draft<HttpUrl> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "an MD5 digest, 32 hexadecimal digits", out Word word))
        {
            return;
        }

        bool isHex = ScriptValues.TryHex([word.Text], false, out ImmutableArray<(byte Value, byte Mask)> octets);
        if (!isHex || word.Text.Length != 2 * DigestLength)
        {
            report.Error(word, $"{Reporter.Quote(word.Text)} is not an MD5 digest, 32 hexadecimal digits");
            return;
        }

        draft.Model = draft.Model with { Digest = [.. octets.Select(octet => octet.Value)] };
    }

    private static void Status(Draft<HttpUrl> draft, Statement statement, Reporter report)
    {
        _ = report.TryWord(statement, "status codes, 100 to 599, or ranges of them", out _);
        var ranges = new List<StatusRange>();
        foreach (Word word in statement.Words.Skip(1))
        {
            string[] parts = word.Text.Split('-');
            bool isRange = TryStatus(parts[0], out int first) & TryStatus(parts[^1], out int last);
            if (parts.Length > 2 || !isRange || first > last)
            {
                report.Error(
                    word, $"{Reporter.Quote(word.Text)} is not a status code, 100 to 599, or a range of them");
                return;
            }

            ranges.Add(new StatusRange(first, last));
        }

        draft.Model = ranges.Count == 0 ? draft.Model : draft.Model with { Status = [.. ranges] };
    }

    private static bool TryStatus(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code)
        && code is >= StatusMin and <= StatusMax;

    private static void Regex(Draft<HttpUrl> draft, Statement statement, Reporter report)
    {
        _ = report.TryWord(statement, "options of PCRE2", out _);
        foreach (Word word in statement.Words.Skip(1))
        {
            if (!RegexOptions.Contains(word.Text))
            {
                report.Error(
                    word,
                    $"{Reporter.Quote(word.Text)} is not an option of regular expressions",
                    Spelling.Nearest(word.Text, RegexOptions));
                return;
            }
        }

        ImmutableArray<string> options = [.. statement.Words.Skip(1).Select(word => word.Text)];
        draft.Model = draft.Model with { RegexOptions = options };
    }

    private static void Stack(Draft<HttpUrl> draft, Statement statement, Reporter report)
    {
        foreach (Word word in statement.Words.Skip(1).Take(2))
        {
            _ = report.TryNumber("regex_stack", word, 1, int.MaxValue, out _);
        }
    }
}
