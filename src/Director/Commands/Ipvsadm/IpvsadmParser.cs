using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>
/// Understands ipvsadm's command line, with its complaints and exit codes. What would change services is refused: they
/// come from the configuration file alone.
/// </summary>
/// <remarks>ipvsadm 1.31, parse_options, generic_opt_check, process_options.</remarks>
internal sealed class IpvsadmParser
{
    private const int Illegal = 2, Misused = 255, SecondsMax = 86_400 * 31;

    private static readonly Dictionary<IpvsadmVerb, (string Name, string[] May, string[] OneOf)> Combinations = new()
    {
        [IpvsadmVerb.List] = (
            "list",
            ["numeric", "stats", "rate", "thresholds", "persistent-conn", "nosort", "syncid", "exact", "tun-info"],
            ["connection", "service-address", "timeout", "daemon"]),
        [IpvsadmVerb.Save] = ("save", ["numeric"], []),
        [IpvsadmVerb.Zero] = ("zero", ["service-address"], []),
        [IpvsadmVerb.Set] = ("set", [], []),
    };

    private readonly IpvsNames _names;
    private readonly IpvsadmWords _words;
    private readonly HashSet<string> _given = [];
    private ServiceKey? _service;
    private bool _hasMark;
    private string? _complaint;

    private IpvsadmParser(IReadOnlyList<string> words, IpvsNames names)
    {
        _words = new IpvsadmWords(words);
        _names = names;
    }

    /// <summary>Understands the words after "ipvsadm"; none at all list everything.</summary>
    /// <param name="words">As typed.</param>
    /// <param name="names">Hosts and ports may be named in them.</param>
    internal static IpvsadmRequest Parse(IReadOnlyList<string> words, IpvsNames names) =>
        words.Count == 0 ? new IpvsadmRequest(IpvsadmVerb.List) : new IpvsadmParser(words, names).Parse();

    private static IpvsadmRequest Fail(int exit, string why) =>
        new(IpvsadmVerb.None) { Exit = exit, Complaint = why };

    private IpvsadmRequest Parse()
    {
        if (!_words.TryTake(out IpvsadmWord command, out _))
        {
            return TryHelp();
        }

        switch (command.Long)
        {
            case "help":
                return new IpvsadmRequest(IpvsadmVerb.Help);
            case "version":
                return new IpvsadmRequest(IpvsadmVerb.Version);
            case "list":
                return Continue(IpvsadmVerb.List);
            case "save":
                return Continue(IpvsadmVerb.Save);
            case "zero":
                return Continue(IpvsadmVerb.Zero);
            case "set":
                return Continue(IpvsadmVerb.Set);
            case "start-daemon" or "stop-daemon":
                return Fail(Illegal, $"--{command.Long}: connections are not synchronised between directors");
            case var _ when command.Name.Length == 0 && command.Short is not ('\0' or '6'):
                return Fail(Illegal, $"-{command.Short} (--{command.Long}) is not done here: services and real servers "
                    + "come from the configuration file alone; change them there");
            default:
                return TryHelp();
        }
    }

    private static IpvsadmRequest TryHelp() => Fail(
        Misused, "Try `xdplvs ipvsadm -h' or 'xdplvs ipvsadm --help' for more information.");

    private IpvsadmRequest Continue(IpvsadmVerb verb)
    {
        while (_words.TryTake(out IpvsadmWord option, out string? argument))
        {
            if (!Take(option, argument))
            {
                return Fail(Illegal, _complaint!);
            }
        }

        if (_words.Complaint is { } wrong)
        {
            return Fail(Misused, wrong);
        }

        IpvsTimeouts timeouts = default;
        if (verb == IpvsadmVerb.Set && !TryTakeTimeouts(out timeouts))
        {
            return Fail(Illegal, _complaint!);
        }

        if (_words.Arguments.TryDequeue(out string? unexpected))
        {
            return Fail(Illegal, $"unexpected argument {unexpected}");
        }

        return Check(verb) is { } conflict
            ? Fail(Illegal, conflict)
            : new IpvsadmRequest(verb)
            {
                Options = [.. _given],
                Service = _service,
                Format = Format(),
                Timeouts = timeouts,
            };
    }

    private bool Take(IpvsadmWord option, string? argument)
    {
        if (option.Name.Length > 0 && !_given.Add(option.Name))
        {
            return Complain($"multiple '{option.Name}' options specified");
        }

        return option.Long switch
        {
            "tcp-service" => TakeService(argument!, Ipv4View.ProtocolTcp),
            "udp-service" => TakeService(argument!, Ipv4View.ProtocolUdp),
            "sctp-service" => TakeService(argument!, Ipv4View.ProtocolSctp),
            "fwmark-service" => TakeMark(argument!),
            "ipv6" => _hasMark || Complain("-6 used before -f\n"),
            "sort" => true,
            _ => option.Name.Length > 0 || Complain($"invalid option `{_words.Last}'"),
        };
    }

    private bool TakeService(string text, byte protocol)
    {
        bool reads = ServiceAddress.TryRead(text, protocol, _names, out ServiceKey key);
        _service = key;
        return reads || Complain("illegal virtual server address[:port] specified");
    }

    private bool TakeMark(string text)
    {
        _hasMark = uint.TryParse(text, CultureInfo.InvariantCulture, out uint mark) && mark > 0;
        return _hasMark || Complain($"invalid fwmark value `{text}' specified");
    }

    private bool TryTakeTimeouts(out IpvsTimeouts timeouts)
    {
        timeouts = default;
        Queue<string> values = _words.Arguments;
        if (values.Count < 3)
        {
            return Complain("--set option requires 3 timeout values");
        }

        bool reads = TryTakeSeconds(values.Dequeue(), out uint tcp);
        reads &= TryTakeSeconds(values.Dequeue(), out uint fin);
        reads &= TryTakeSeconds(values.Dequeue(), out uint udp);
        timeouts = new IpvsTimeouts(tcp, fin, udp);
        return reads;
    }

    private bool TryTakeSeconds(string text, out uint seconds)
    {
        bool reads = uint.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out seconds);
        return (reads && seconds <= SecondsMax) || Complain($"invalid timeout value `{text}' specified");
    }

    /// <summary>Null when the options go with the command and with each other.</summary>
    private string? Check(IpvsadmVerb verb)
    {
        (string command, string[] may, string[] oneOf) = Combinations[verb];
        string? chosen = null;
        foreach (string name in IpvsadmWord.Names.Where(_given.Contains))
        {
            bool excludes = oneOf.Contains(name);
            if (!excludes && !may.Contains(name))
            {
                return $"Illegal '{name}' option with the '{command}' command";
            }

            if (excludes && chosen is not null)
            {
                return $"The option '{name}' conflicts with the '{chosen}' option in the '{command}' command";
            }

            chosen = excludes ? name : chosen;
        }

        bool isNoService = chosen is "connection" or "timeout" or "daemon";
        bool conflicts = (isNoService && _given.Overlaps(["stats", "rate", "thresholds"]))
            || (chosen is "timeout" or "daemon" && _given.Contains("persistent-conn"));
        return conflicts ? "options conflicts in the list command" : null;
    }

    private IpvsFormat Format() =>
        (_given.Contains("stats") ? IpvsFormat.Statistics : IpvsFormat.None)
        | (_given.Contains("rate") ? IpvsFormat.Rate : IpvsFormat.None)
        | (_given.Contains("thresholds") ? IpvsFormat.Thresholds : IpvsFormat.None)
        | (_given.Contains("persistent-conn") ? IpvsFormat.PersistentConnections : IpvsFormat.None)
        | (_given.Contains("tun-info") ? IpvsFormat.TunnelInfo : IpvsFormat.None)
        | (_given.Contains("nosort") ? IpvsFormat.NoSort : IpvsFormat.None)
        | (_given.Contains("exact") ? IpvsFormat.Exact : IpvsFormat.None);

    /// <summary>The first complaint counts.</summary>
    private bool Complain(string why)
    {
        _complaint ??= why;
        return false;
    }
}
