using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using XdpLvs.Director.Commands.Ipvsadm;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tests.Ipvs;

/// <summary>tests/Cases/ipvs: what the real ipvsadm prints for the services of rules.txt there.</summary>
internal static class Rules
{
    /// <summary>The services of rules.txt, in its order.</summary>
    internal static ImmutableArray<ServiceSettings> Services { get; } = Read(Case("rules.txt"));

    /// <summary>The text of a file there.</summary>
    internal static string Case(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Its path.</summary>
    internal static string PathOf(string file, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Cases", "ipvs", file);

    /// <summary>The text without the size of the table, which is each one's own.</summary>
    internal static string WithoutSize(string listing) => listing.StartsWith("IP Virtual", StringComparison.Ordinal)
        ? listing[listing.IndexOf('\n', StringComparison.Ordinal)..]
        : listing;

    private static ImmutableArray<ServiceSettings> Read(string rules)
    {
        var services = new List<ServiceSettings>();
        foreach (string[] words in rules.Trim().Split('\n').Select(line => line.Split(' ')))
        {
            ServiceKey key = Key(words[1], words[2]);
            if (words[0] == "-A")
            {
                services.Add(new ServiceSettings(key, Options(words, key), "ens33", []));
                continue;
            }

            int place = services.FindIndex(service => service.Key == key);
            services[place] = services[place] with { Reals = services[place].Reals.Add(Real(words)) };
        }

        return [.. services];
    }

    private static ServiceKey Key(string option, string address)
    {
        byte protocol = option switch { "-u" => 17, "--sctp-service" => 132, _ => 6 };
        return ServiceAddress.TryRead(address, protocol, IpvsNames.Numeric, out ServiceKey key)
            ? key
            : throw new FormatException(address);
    }

    private static ServiceOptions Options(string[] words, ServiceKey key)
    {
        string scheduler = After(words, "-s") ?? "wlc", switches = After(words, "-b") ?? "";
        string mask = After(words, "-M") ?? (key.Address.IsV4 ? "255.255.255.255" : "128");
        return new ServiceOptions
        {
            Scheduler = Enum.GetValues<SchedulerKind>().Single(kind => Schedulers.Name(kind) == scheduler),
            Switches = (switches.Contains("fallback", StringComparison.Ordinal) ? SchedulerSwitches.Fallback : 0)
                | (switches.Contains("port", StringComparison.Ordinal) ? SchedulerSwitches.UsePort : 0),
            PersistenceTicks = FlowClock.Ticks((uint)Number(After(words, "-p"))),
            PersistenceMask = key.Address.IsV4
                ? new IpAddress(ulong.MaxValue, ~(ulong)uint.MaxValue | Address(mask).V4)
                : IpAddress.Mask(Number(mask), isV4: false),
            OnePacket = words.Contains("-o"),
        };
    }

    private static RealServerSettings Real(string[] words)
    {
        ServiceKey key = Key(words[1], After(words, "-r")!);
        return Plans.Real with
        {
            Address = key.Address,
            Port = key.Port,
            Weight = Number(After(words, "-w")),
            Upper = Number(After(words, "-x")),
            Lower = Number(After(words, "-y")),
        };
    }

    private static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);

    private static int Number(string? text) => text is null ? 0 : int.Parse(text, CultureInfo.InvariantCulture);

    private static string? After(string[] words, string option) =>
        Array.IndexOf(words, option) is >= 0 and int place ? words[place + 1] : null;
}
