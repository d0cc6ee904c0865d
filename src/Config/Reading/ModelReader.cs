using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace XdpLvs.Config;

/// <summary>Turns the tree of a whole file into the model.</summary>
internal static class ModelReader
{
    /// <summary>The blocks that are gathered before any is read: what they name may stand behind them.</summary>
    private static readonly string[] Gathered =
    [
        "global_defs", "vrrp_instance", "vrrp_sync_group", "vrrp_script", "vrrp_track_process", "track_file",
        "vrrp_track_file", "track_group", "bfd_instance", "static_ipaddress", "static_routes", "static_rules",
        "interface_up_down_delays", "garp_group", "SSL", "virtual_server_group", "virtual_server",
    ];

    /// <summary>The keywords outside all blocks.</summary>
    public static Grammar<List<Statement>> Grammar { get; } = new(
        KeywordCatalog.Top,
        [
            .. Array.ConvertAll(Gathered, keyword => new Rule<List<Statement>>(
                keyword, true, (blocks, block, _) => blocks.Add(block), HeaderWords(keyword))),
            new("linkbeat_interfaces", true, (_, _, _) => { }, 0),
            .. Array.ConvertAll(
                ["linkbeat_use_polling", "net_namespace", "net_namespace_ipvs", "namespace_with_ipsets", "use_pid_dir"],
                (string keyword) => new Rule<List<Statement>>(keyword, false, (_, _, _) => { })),
            new("instance", false, (_, line, report) => report.NeedsWord(line, "a name")),
            new("child_wait_time", false, (_, line, report) => report.NeedsNumber(line, 0, 120)),
        ]);

    /// <summary>Reads the file.</summary>
    public static DirectorConfig Read(Block file, Reporter report)
    {
        var gathered = new List<Statement>();
        Grammar.Read(file, gathered, report);
        ILookup<string, Statement> blocks = gathered.ToLookup(block => block.Keyword);
        GlobalSettings globals = ReadGlobals(blocks["global_defs"], report);
        var definitions = new Definitions();
        ImmutableArray<TrackScript> scripts =
            TrackedReader.ReadScripts(blocks["vrrp_script"], definitions, report);
        ImmutableArray<TrackFile> files = TrackedReader.ReadFiles(
            gathered.Where(block => block.Keyword is "track_file" or "vrrp_track_file"), definitions, report);
        ImmutableArray<TrackProcess> processes =
            TrackedReader.ReadProcesses(blocks["vrrp_track_process"], definitions, report);
        ImmutableArray<BfdInstance> sessions = BfdReader.ReadAll(blocks["bfd_instance"], definitions, report);
        var instances = new VrrpBuilder(globals, definitions, report);
        foreach (Statement block in blocks["vrrp_instance"])
        {
            instances.Add(block);
        }

        var context = new ServiceContext(
            globals, definitions, ServiceGroupReader.ReadAll(blocks["virtual_server_group"], report));
        ImmutableArray<VirtualServer> services = ReadServices(blocks["virtual_server"], context, report);
        var config = new DirectorConfig(globals, instances.Instances, services)
        {
            HeldBack = instances.HeldBack,
            Scripts = scripts,
            Files = files,
            Processes = processes,
            BfdInstances = sessions,
            SyncGroups = SyncGroupReader.ReadAll(blocks["vrrp_sync_group"], instances, globals, definitions, report),
            TrackGroups = SyncGroupReader.ReadTrackGroups(blocks["track_group"], instances, definitions, report),
            Static = StaticReader.Read(blocks, globals, definitions, report),
            Tls = StaticReader.ReadTls(blocks["SSL"], report),
        };
        if (!report.HasErrors)
        {
            Lint(config, report); // else much of it would only follow from the errors
        }

        return config;
    }

    private static int HeaderWords(string keyword) => keyword switch
    {
        "global_defs" or "static_ipaddress" or "static_routes" or "static_rules" => 0,
        "interface_up_down_delays" or "garp_group" or "SSL" => 0,
        "virtual_server" => 2,
        _ => 1,
    };

    private static GlobalSettings ReadGlobals(IEnumerable<Statement> blocks, Reporter report)
    {
        var draft = new Draft<GlobalSettings>(GlobalSettings.Default);
        foreach (Statement block in blocks)
        {
            GlobalReader.Grammar.Read(block.Body!, draft, report);
        }

        GlobalSettings read = draft.Model with { Origins = draft.Origins };
        AnnounceTiming announce = read.Vrrp.Announce;
        bool hasDelay = read.Origins.Of("vrrp_garp_lower_prio_delay") is not null;
        bool hasRepeat = read.Origins.Of("vrrp_garp_lower_prio_repeat") is not null;
        return read with
        {
            Vrrp = read.Vrrp with
            {
                Announce = announce with
                {
                    LowerPriorityDelay = hasDelay ? announce.LowerPriorityDelay : announce.MasterDelay,
                    LowerPriorityRepeat = hasRepeat ? announce.LowerPriorityRepeat : announce.MasterRepeat,
                },
            },
        };
    }

    private static ImmutableArray<VirtualServer> ReadServices(
        IEnumerable<Statement> blocks, ServiceContext context, Reporter report)
    {
        ImmutableArray<VirtualServer>.Builder services = ImmutableArray.CreateBuilder<VirtualServer>();
        var seen = new HashSet<(IPAddress, ushort, TransportProtocol)>();
        foreach (Statement block in blocks)
        {
            foreach (VirtualServer service in VirtualServerReader.Read(block, context, report))
            {
                if (seen.Add((service.Address, service.Port, service.Protocol)))
                {
                    services.Add(service);
                    continue;
                }

                string name = $"{service.Address} {service.Port} {service.Protocol.ToString().ToUpperInvariant()}";
                report.Error(block.Header(3), $"virtual server {name} exists already; this one is left out");
            }
        }

        return services.ToImmutable();
    }

    /// <summary>What is well written and yet probably not meant.</summary>
    private static void Lint(DirectorConfig config, Reporter report)
    {
        HashSet<IPAddress> held = [.. config.Instances
            .SelectMany(instance => instance.Addresses.Concat(instance.ExcludedAddresses))
            .Select(address => address.Ip)];
        IEnumerable<VirtualServer> firstOfEach = config.Services
            .OrderBy(service => held.Contains(service.Address)) // of a group, one that nothing brings here
            .DistinctBy(service => service.Span);
        foreach (VirtualServer service in firstOfEach)
        {
            Word header = Reporter.WordAt(service.Span);
            if (!held.Contains(service.Address))
            {
                report.Notice(header, $"no vrrp_instance holds {service.Address}: something else must bring it here");
            }

            if (service.RealServers.IsEmpty)
            {
                report.Warning(header, "this virtual server has no real servers");
            }
            else if (service.RealServers.All(server => server.Weight == 0))
            {
                report.Warning(header, "all real servers have weight 0: none takes a new connection");
            }

            foreach (RealServer server in service.RealServers)
            {
                if (server.Checks.IsEmpty && !server.CheckNotUnderstood)
                {
                    report.Notice(
                        Reporter.WordAt(server.Span), "this real server has no check: it always counts as alive");
                }
            }
        }
    }
}
