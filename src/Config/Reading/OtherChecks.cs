using System;
using System.Collections.Immutable;
using System.Linq;

namespace XdpLvs.Config;

/// <summary>Reads the checks that are neither TCP nor HTTP.</summary>
internal static class OtherChecks
{
    private const int ReplyLengthMax = 65_535;

    private static readonly string[] DnsTypes =
        ["A", "NS", "CNAME", "SOA", "MX", "TXT", "AAAA", "PTR", "SRV", "RRSIG", "NSEC", "DNSKEY", "DS", "ANY"];

    /// <summary>The keywords of <c>SMTP_CHECK</c>.</summary>
    public static Grammar<CheckDraft<SmtpDraft>> SmtpGrammar { get; } = new("SMTP_CHECK", CheckRules.WithTarget(
        Options<SmtpDraft>.Text("helo_name", "a host name", (all, name) => all with { HeloName = name }),
        Options<SmtpDraft>.Block("host", Host)));

    /// <summary>The keywords of <c>host</c> in it.</summary>
    public static Grammar<CheckDraft> HostGrammar { get; } = new(
        "host", CheckRules.Target<CheckDraft>());

    /// <summary>The keywords of <c>DNS_CHECK</c>.</summary>
    public static Grammar<CheckDraft<DnsCheck>> DnsGrammar { get; } = new("DNS_CHECK", CheckRules.WithTarget(
        Options<DnsCheck>.Any("type", DnsType),
        Options<DnsCheck>.Text("name", "a domain name", (all, name) => all with { Name = name })));

    /// <summary>The keywords of <c>UDP_CHECK</c>.</summary>
    public static Grammar<CheckDraft<UdpCheck>> UdpGrammar { get; } = new("UDP_CHECK", CheckRules.WithTarget(
        Options<UdpCheck>.Any("payload", (draft, statement, report) => Hex(statement, false, report, octets =>
            draft.Model = draft.Model with { Payload = [.. octets.Select(octet => octet.Value)] }), ReplyLengthMax),
        Options<UdpCheck>.Any("require_reply", (draft, statement, report) => Hex(statement, true, report, octets =>
            draft.Model = draft.Model with { RequireReply = true, Reply = octets }), ReplyLengthMax),
        Options<UdpCheck>.Number("min_reply_length", 0, ReplyLengthMax, (all, n) => all with { ReplyLengthMin = n }),
        Options<UdpCheck>.Number("max_reply_length", 0, ReplyLengthMax, (all, n) => all with { ReplyLengthMax = n })));

    /// <summary>The keywords of <c>PING_CHECK</c>.</summary>
    public static Grammar<CheckDraft<PingCheck>> PingGrammar { get; } =
        new("PING_CHECK", CheckRules.WithTarget<PingCheck>());

    /// <summary>The keywords of <c>MISC_CHECK</c>.</summary>
    public static Grammar<CheckDraft<MiscDraft>> MiscGrammar { get; } = new("MISC_CHECK", CheckRules.Of(
        Options<MiscDraft>.Script("misc_path", (all, command) =>
            all with { Command = all.Command with { Words = command.Words } }),
        Options<MiscDraft>.SomeSeconds("misc_timeout", (all, time) => all with { Timeout = time }),
        Options<MiscDraft>.Switch("misc_dynamic", (all, isOn) => all with { Dynamic = isOn }),
        Options<MiscDraft>.Any("user", User, words: 2)));

    /// <summary>The keywords of <c>FILE_CHECK</c>.</summary>
    public static Grammar<CheckDraft<FileDraft>> FileGrammar { get; } = new("FILE_CHECK", Lift(
        Options<FileDraft>.Any("track_file", (draft, statement, report) =>
            draft.Model = draft.Model with { Name = Name(statement, report) }),
        TrackedReader.Weight<FileDraft>(int.MaxValue, (all, weight, reverse) =>
            all with { Weight = weight, Reverse = reverse })));

    /// <summary>The keywords of <c>BFD_CHECK</c>.</summary>
    public static Grammar<CheckDraft<FileDraft>> BfdGrammar { get; } = new(
        "BFD_CHECK",
        [
            .. Lift(Options<FileDraft>.Any("name", (draft, statement, report) =>
                draft.Model = draft.Model with { Name = Name(statement, report) })),
            new Rule<CheckDraft<FileDraft>>(
                "alpha", false, (draft, statement, report) => draft.Alpha = report.Switch(statement)),
        ]);

    /// <summary>The rules of all these blocks.</summary>
    public static Rule<RealServerDraft>[] All { get; } =
    [
        CheckReader.Kind("SMTP_CHECK", SmtpGrammar, () => new SmtpDraft(null, []), Smtp),
        CheckReader.Kind("DNS_CHECK", DnsGrammar, () => new DnsCheck(null!, null!, default), Dns),
        CheckReader.Kind("UDP_CHECK", UdpGrammar, () => new UdpCheck(null!, null!, default), Udp),
        CheckReader.Kind("PING_CHECK", PingGrammar, () => new PingCheck(null!, null!, default), Ping),
        CheckReader.Kind("MISC_CHECK", MiscGrammar, () => new MiscDraft(new([], null, null), default, false), Misc),
        CheckReader.Kind("FILE_CHECK", FileGrammar, () => new FileDraft(null, null, null), File),
        CheckReader.Kind("BFD_CHECK", BfdGrammar, () => new FileDraft(null, null, null), Bfd),
    ];

    private static Rule<CheckDraft<TModel>>[] Lift<TModel>(params Rule<Draft<TModel>>[] own) =>
        Array.ConvertAll(own, rule => new Rule<CheckDraft<TModel>>(
            rule.Keyword,
            rule.OpensBlock,
            (draft, statement, report) => rule.Apply(draft.Own, statement, report),
            rule.Words));

    private static DnsCheck? Dns(CheckDraft<DnsCheck> draft, CheckSurroundings around, Reporter report) =>
        CheckReader.TargetOf(draft, around, CheckDefaults.Dns, report) is { } target
            ? draft.Own.Model with
            {
                Target = target,
                Timing = CheckReader.TimingOf(draft, around, CheckDefaults.Dns),
                Span = report.Span(draft.Place),
                Origins = draft.Origins,
            }
            : null;

    private static UdpCheck? Udp(CheckDraft<UdpCheck> draft, CheckSurroundings around, Reporter report) =>
        CheckReader.TargetOf(draft, around, CheckDefaults.Usual, report) is { } target
            ? draft.Own.Model with
            {
                Target = target,
                Timing = CheckReader.TimingOf(draft, around, CheckDefaults.Usual),
                Span = report.Span(draft.Place),
                Origins = draft.Origins,
            }
            : null;

    private static PingCheck? Ping(CheckDraft<PingCheck> draft, CheckSurroundings around, Reporter report) =>
        CheckReader.TargetOf(draft, around, CheckDefaults.Ping, report) is { } target
            ? draft.Own.Model with
            {
                Target = target,
                Timing = CheckReader.TimingOf(draft, around, CheckDefaults.Ping),
                Span = report.Span(draft.Place),
                Origins = draft.Origins,
            }
            : null;

    private static SmtpCheck? Smtp(CheckDraft<SmtpDraft> draft, CheckSurroundings around, Reporter report)
    {
        ImmutableArray<CheckDraft> hosts = draft.Own.Model.Hosts.IsEmpty ? [draft] : draft.Own.Model.Hosts;
        CheckTarget?[] targets =
        [
            .. hosts.Select(host =>
            {
                host.InheritFrom(draft);
                return CheckReader.TargetOf(host, around, CheckDefaults.Usual, report);
            }),
        ];
        CheckTiming timing = CheckReader.TimingOf(draft, around, CheckDefaults.Usual);
        return targets.Any(target => target is null) ? null
            : new SmtpCheck([.. targets.OfType<CheckTarget>()], timing, report.Span(draft.Place))
            {
                HeloName = draft.Own.Model.HeloName,
                Origins = draft.Origins,
            };
    }

    private static void Host(Draft<SmtpDraft> draft, Statement block, Reporter report)
    {
        var host = new CheckDraft(block.Words[0]);
        HostGrammar.Read(block.Body!, host, report);
        draft.Model = draft.Model with { Hosts = draft.Model.Hosts.Add(host) };
    }

    private static void DnsType(Draft<DnsCheck> draft, Statement statement, Reporter report)
    {
        if (!report.TryWord(statement, "a type of DNS record", out Word word))
        {
            return;
        }

        string type = word.Text.ToUpperInvariant();
        if (DnsTypes.Contains(type))
        {
            draft.Model = draft.Model with { Type = type };
        }
        else
        {
            report.Error(
                word,
                $"{Reporter.Quote(word.Text)} is not a type of DNS record: {string.Join(' ', DnsTypes)}",
                Spelling.Nearest(type, DnsTypes));
        }
    }

    private static void Hex(
        Statement statement, bool isReply, Reporter report, Action<ImmutableArray<(byte Value, byte Mask)>> set)
    {
        if (!isReply && !report.TryWord(statement, "hexadecimal digits", out _))
        {
            return;
        }

        string[] words = [.. statement.Words.Skip(1).SelectMany(word => word.Text.Split(' '))];
        if (ScriptValues.TryHex(words, isReply, out ImmutableArray<(byte Value, byte Mask)> octets))
        {
            set(octets);
        }
        else
        {
            report.Error(statement.Words[1], $"these are not hexadecimal digits{(isReply ? ", or x for any" : "")}");
        }
    }

    private static MiscCheck? Misc(CheckDraft<MiscDraft> draft, CheckSurroundings around, Reporter report)
    {
        MiscDraft read = draft.Own.Model;
        if (read.Command.Words.IsEmpty)
        {
            report.Error(draft.Place, "this check needs a 'misc_path'");
            return null;
        }

        CheckTiming timing = CheckReader.TimingOf(draft, around, CheckDefaults.Misc);
        return new MiscCheck(read.Command, timing, report.Span(draft.Place))
        {
            Timeout = read.Timeout > TimeSpan.Zero ? read.Timeout : timing.DelayLoop,
            Dynamic = read.Dynamic,
            Origins = draft.Origins,
        };
    }

    private static void User(Draft<MiscDraft> draft, Statement statement, Reporter report)
    {
        if (report.TryWord(statement, "the name of a user", out Word user))
        {
            string? group = statement.Words.Length > 2 ? statement.Words[2].Text : null;
            ScriptCommand command = draft.Model.Command with { User = user.Text, Group = group };
            draft.Model = draft.Model with { Command = command };
        }
    }

    private static FileCheck? File(CheckDraft<FileDraft> draft, CheckSurroundings around, Reporter report)
    {
        FileDraft read = draft.Own.Model;
        if (!IsDefined(read, TrackKind.File, "track_file", draft, around, report))
        {
            return null;
        }

        _ = around.Context.Definitions.TryFind(TrackKind.File, read.Name!.Value.Text, out var defaults);
        CheckTiming timing = CheckReader.TimingOf(draft, around, CheckDefaults.Misc);
        return new FileCheck(read.Name.Value.Text, timing, report.Span(draft.Place))
        {
            Weight = read.Weight ?? defaults.Weight,
            Reverse = read.Reverse ?? defaults.Reverse,
            Origins = draft.Origins,
        };
    }

    private static BfdCheck? Bfd(CheckDraft<FileDraft> draft, CheckSurroundings around, Reporter report) =>
        IsDefined(draft.Own.Model, TrackKind.Bfd, "bfd_instance", draft, around, report)
            ? new BfdCheck(
                draft.Own.Model.Name!.Value.Text,
                CheckReader.TimingOf(draft, around, CheckDefaults.Misc),
                report.Span(draft.Place))
            {
                Origins = draft.Origins,
            }
            : null;

    private static bool IsDefined(
        FileDraft read, TrackKind kind, string block, CheckDraft draft, CheckSurroundings around, Reporter report)
    {
        bool isDefined = read.Name is { } name
            && around.Context.Definitions.TryFind(kind, name.Text, out _);
        if (read.Name is null)
        {
            report.Error(draft.Place, $"this check needs the name of a {block}");
        }
        else if (!isDefined)
        {
            report.Error(
                read.Name.Value,
                $"there is no {block} {Reporter.Quote(read.Name.Value.Text)}",
                Spelling.Nearest(read.Name.Value.Text, around.Context.Definitions.NamesOf(kind)));
        }

        return isDefined;
    }

    private static Word? Name(Statement statement, Reporter report) =>
        report.TryWord(statement, "a name", out Word name) ? name : null;
}

/// <summary>What an <c>SMTP_CHECK</c> says while it is being read.</summary>
internal sealed record SmtpDraft(string? HeloName, ImmutableArray<CheckDraft> Hosts);

/// <summary>What a <c>MISC_CHECK</c> says while it is being read.</summary>
internal sealed record MiscDraft(ScriptCommand Command, TimeSpan Timeout, bool Dynamic);

/// <summary>What a check says that names something else, while it is being read.</summary>
internal sealed record FileDraft(Word? Name, int? Weight, bool? Reverse);
