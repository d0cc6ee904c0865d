using System.Collections.Generic;
using System.Linq;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>Whether something follows an option.</summary>
internal enum ArgumentUse
{
    /// <summary>Never.</summary>
    None,

    /// <summary>The rest of its word, or the next word.</summary>
    Required,

    /// <summary>The same, unless the next word is an option.</summary>
    Optional,
}

/// <summary>One option of ipvsadm.</summary>
/// <param name="Long">After two dashes.</param>
/// <param name="Short">After one; '\0' when it has none.</param>
/// <param name="Use">Whether something follows.</param>
/// <param name="Name">What ipvsadm calls it in its complaints; several options may be one thing. Empty: commands, and
/// what combines with everything.</param>
internal sealed record IpvsadmWord(string Long, char Short, ArgumentUse Use, string Name)
{
    /// <summary>What <see cref="Name"/> may be, in the order in which combinations are looked at.</summary>
    internal static IReadOnlyList<string> Names { get; } =
    [
        "numeric", "connection", "service-address", "scheduler", "persistent", "netmask", "real-server",
        "forwarding-method", "weight", "u-threshold", "l-threshold", "mcast-interface", "timeout", "daemon", "stats",
        "rate", "thresholds", "persistent-conn", "nosort", "syncid", "exact", "ops", "pe", "sched-flags", "mcast-group",
        "mcast-port", "mcast-ttl", "sync-maxlen", "tun-info", "tun-type", "tun-port", "tun-nocsum", "tun-csum",
        "tun-remcsum",
    ];

    /// <summary>All of them: those that may only stand first are commands.</summary>
    /// <remarks>ipvsadm 1.31, parse_options: options_table, optnames.</remarks>
    internal static IReadOnlyList<IpvsadmWord> All { get; } =
    [
        Command("add-service", 'A'), Command("edit-service", 'E'), Command("delete-service", 'D'),
        Command("clear", 'C'), Command("list", 'L'), Command("list", 'l'), Command("zero", 'Z'),
        Command("add-server", 'a'), Command("edit-server", 'e'), Command("delete-server", 'd'),
        Command("set", '\0'), Command("help", 'h'), Command("version", 'v'), Command("restore", 'R'),
        Command("save", 'S'), Value("start-daemon", '\0', ""), Value("stop-daemon", '\0', ""),
        Value("tcp-service", 't', "service-address"), Value("udp-service", 'u', "service-address"),
        Value("sctp-service", '\0', "service-address"), Value("fwmark-service", 'f', "service-address"),
        Value("scheduler", 's', "scheduler"), new("persistent", 'p', ArgumentUse.Optional, "persistent"),
        Value("netmask", 'M', "netmask"), Value("real-server", 'r', "real-server"),
        Flag("masquerading", 'm', "forwarding-method"), Flag("ipip", 'i', "forwarding-method"),
        Flag("gatewaying", 'g', "forwarding-method"), Value("weight", 'w', "weight"),
        Value("u-threshold", 'x', "u-threshold"), Value("l-threshold", 'y', "l-threshold"),
        Flag("numeric", 'n', "numeric"), Flag("connection", 'c', "connection"),
        Value("mcast-interface", '\0', "mcast-interface"), Value("syncid", '\0', "syncid"),
        Flag("timeout", '\0', "timeout"), Flag("daemon", '\0', "daemon"), Flag("stats", '\0', "stats"),
        Flag("rate", '\0', "rate"), Flag("thresholds", '\0', "thresholds"),
        Flag("persistent-conn", '\0', "persistent-conn"), Flag("nosort", '\0', "nosort"), Flag("sort", '\0', ""),
        Flag("exact", 'X', "exact"), Flag("ipv6", '6', ""), Flag("ops", 'o', "ops"), Value("pe", '\0', "pe"),
        Value("sched-flags", 'b', "sched-flags"), Value("mcast-group", '\0', "mcast-group"),
        Value("mcast-port", '\0', "mcast-port"), Value("mcast-ttl", '\0', "mcast-ttl"),
        Value("sync-maxlen", '\0', "sync-maxlen"), Flag("tun-info", '\0', "tun-info"),
        Value("tun-type", '\0', "tun-type"), Value("tun-port", '\0', "tun-port"),
        Flag("tun-nocsum", '\0', "tun-nocsum"), Flag("tun-csum", '\0', "tun-csum"),
        Flag("tun-remcsum", '\0', "tun-remcsum"),
    ];

    /// <summary>The option with that long name; null when there is none.</summary>
    internal static IpvsadmWord? Find(string name) => All.FirstOrDefault(word => word.Long == name);

    /// <summary>The option with that letter; null when there is none.</summary>
    internal static IpvsadmWord? Find(char letter) =>
        letter == '\0' ? null : All.FirstOrDefault(word => word.Short == letter);

    private static IpvsadmWord Command(string name, char letter) => new(name, letter, ArgumentUse.None, "");

    private static IpvsadmWord Flag(string name, char letter, string called) =>
        new(name, letter, ArgumentUse.None, called);

    private static IpvsadmWord Value(string name, char letter, string called) =>
        new(name, letter, ArgumentUse.Required, called);
}
