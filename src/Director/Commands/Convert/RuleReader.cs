using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using XdpLvs.Director.Commands.Ipvsadm;

namespace XdpLvs.Director.Commands.Convert;

/// <summary>Reads what <c>ipvsadm -Sn</c> writes and <c>ipvsadm -R</c> reads: <c>-A</c> and <c>-a</c> lines.</summary>
/// <remarks>Names of hosts and ports are not looked up: <c>-S</c> without <c>-n</c> is refused.</remarks>
internal sealed class RuleReader
{
    private readonly Dictionary<(string, string, int), IpvsRule> _rules = [];
    private readonly List<IpvsRule> _inOrder = [];
    private string? _complaint;

    private RuleReader()
    {
    }

    /// <summary>Reads the rules of a text.</summary>
    /// <param name="text">One rule a line; "ipvsadm" may stand in front of each.</param>
    /// <param name="complaint">What is wrong with the first bad line; null if all are good.</param>
    internal static IReadOnlyList<IpvsRule> Read(string text, out string? complaint)
    {
        var reader = new RuleReader();
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length && reader._complaint is null; i++)
        {
            string[] words = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            words = words is ["ipvsadm", .. var rest] ? rest : words;
            if (words.Length > 0 && words[0][0] != '#' && !reader.Take(words))
            {
                reader._complaint = $"line {i + 1}: {reader._complaint}";
            }
        }

        complaint = reader._complaint;
        return reader._inOrder;
    }

    private bool Take(string[] words)
    {
        var options = new Dictionary<string, string>();
        var parsed = new IpvsadmWords(words);
        while (parsed.TryTake(out IpvsadmWord option, out string? argument))
        {
            options[option.Long] = argument ?? "";
        }

        if (parsed.Complaint is { } complaint || !TryService(options, out IpvsRule service))
        {
            return Complain(parsed.Complaint ?? "");
        }

        if (parsed.Arguments.Count > 0)
        {
            return Complain($"unexpected argument {parsed.Arguments.Peek()}");
        }

        var key = (service.Protocol, service.Address, service.Port);
        if (options.ContainsKey("add-service"))
        {
            _inOrder.Add(service);
            return _rules.TryAdd(key, service)
                ? ReadService(service, options)
                : Complain("this service was added before");
        }

        return !options.ContainsKey("add-server") ? Complain("only -A and -a can be converted")
            : _rules.TryGetValue(key, out IpvsRule? known) ? ReadServer(known, options)
            : Complain("no -A line has added this service");
    }

    private bool TryService(Dictionary<string, string> options, out IpvsRule service)
    {
        (string option, string protocol)[] kinds =
            [("tcp-service", "TCP"), ("udp-service", "UDP"), ("sctp-service", "SCTP")];
        service = new IpvsRule("", "", 0);
        if (options.TryGetValue("fwmark-service", out string? mark))
        {
            service = new IpvsRule("", mark, 0);
            return uint.TryParse(mark, CultureInfo.InvariantCulture, out _) || Complain($"'{mark}' is not a mark");
        }

        foreach ((string option, string protocol) in kinds.Where(kind => options.ContainsKey(kind.option)))
        {
            if (!TryEndPoint(options[option], out string address, out int port))
            {
                return Complain($"'{options[option]}' is not an address and a port");
            }

            service = new IpvsRule(protocol, address, port);
            return true;
        }

        return Complain("no virtual service: -t, -u, --sctp-service or -f");
    }

    private bool ReadService(IpvsRule service, Dictionary<string, string> options)
    {
        service.Scheduler = options.GetValueOrDefault("scheduler", service.Scheduler);
        service.IsOnePacket = options.ContainsKey("ops");
        service.Engine = options.GetValueOrDefault("pe");
        service.Flags = options.GetValueOrDefault("sched-flags", "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        service.Mask = options.GetValueOrDefault("netmask");
        const int DefaultSeconds = 300; // ipvsadm's, where keepalived's keyword alone means 360
        if (options.TryGetValue("persistent", out string? seconds))
        {
            bool reads = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out int value);
            service.Persistence = seconds.Length == 0 ? DefaultSeconds : value;
            return reads || seconds.Length == 0 || Complain($"'{seconds}' is not a time in seconds");
        }

        return true;
    }

    private bool ReadServer(IpvsRule service, Dictionary<string, string> options)
    {
        string target = options.GetValueOrDefault("real-server", "");
        if (!TryEndPoint(target, out string address, out int port))
        {
            return Complain($"'{target}' is not a real server's address and port");
        }

        bool hasPort = target.LastIndexOf(':') > target.LastIndexOf(']') && (target[0] == '[' || !IsV6(target));
        var server = new IpvsRuleServer(address, hasPort ? port : service.Port)
        {
            Method = options.ContainsKey("masquerading") ? "NAT" : options.ContainsKey("ipip") ? "TUN" : "DR",
        };
        if (!TryNumber(options, "weight", 1, out uint weight)
            || !TryNumber(options, "u-threshold", 0, out uint upper)
            || !TryNumber(options, "l-threshold", 0, out uint lower))
        {
            return false;
        }

        (server.Weight, server.Upper, server.Lower) = ((int)Math.Min(weight, int.MaxValue), upper, lower);
        service.Servers.Add(server);
        return true;
    }

    private bool TryNumber(Dictionary<string, string> options, string option, uint missing, out uint number)
    {
        number = missing;
        return !options.TryGetValue(option, out string? text)
            || uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            || Complain($"'{text}' is not a number for --{option}");
    }

    private static bool TryEndPoint(string text, out string address, out int port)
    {
        (address, port) = (text, 0);
        bool hasPort = text.StartsWith('[') || !IsV6(text);
        int colon = hasPort ? text.LastIndexOf(':') : -1;
        if (colon > text.LastIndexOf(']'))
        {
            address = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            {
                return false;
            }
        }

        address = address.Trim('[', ']');
        return port <= ushort.MaxValue && address.Contains(IsV6(address) ? ':' : '.')
            && IPAddress.TryParse(address, out _);
    }

    private static bool IsV6(string text) => text.Count(c => c == ':') > 1;

    private bool Complain(string why)
    {
        _complaint ??= why;
        return false;
    }
}
