using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;

namespace XdpLvs.Config;

/// <summary>Turns the tree of a whole file into the model.</summary>
internal static class ModelReader
{
    /// <summary>The keywords outside all blocks. Blocks are only gathered: defaults may follow their users.</summary>
    public static Grammar<List<Statement>> Grammar { get; } = new(
        KeywordCatalog.Top,
        new("global_defs", true, (blocks, block, _) => blocks.Add(block)),
        new("vrrp_instance", true, (blocks, block, _) => blocks.Add(block)),
        new("virtual_server_group", true, (_, block, report) => RefuseGroup(block, report)),
        new("virtual_server", true, (blocks, block, _) => blocks.Add(block)));

    /// <summary>Reads the file.</summary>
    public static DirectorConfig Read(Block file, Reporter report)
    {
        var blocks = new List<Statement>();
        Grammar.Read(file, blocks, report);
        ILookup<string, Statement> byKeyword = blocks.ToLookup(block => block.Keyword);
        var globals = new GlobalDraft();
        foreach (Statement block in byKeyword["global_defs"])
        {
            GlobalReader.Grammar.Read(block.Body!, globals, report);
        }

        var instances = new VrrpBuilder(globals, report);
        foreach (Statement block in byKeyword["vrrp_instance"])
        {
            instances.Add(block);
        }

        ImmutableArray<VirtualServer> services = ReadServices(byKeyword["virtual_server"], report);
        var config = new DirectorConfig(globals.Settings, instances.Instances, services);
        if (!report.HasErrors)
        {
            Lint(config, report); // else much of it would only follow from the errors
        }

        return config;
    }

    private static ImmutableArray<VirtualServer> ReadServices(IEnumerable<Statement> blocks, Reporter report)
    {
        ImmutableArray<VirtualServer>.Builder services = ImmutableArray.CreateBuilder<VirtualServer>();
        var seen = new HashSet<(IPAddress, ushort, TransportProtocol)>();
        foreach (Statement block in blocks)
        {
            VirtualServer? service = VirtualServerReader.Read(block, report);
            if (service is not null && !seen.Add((service.Address, service.Port, service.Protocol)))
            {
                string name = $"{service.Address} {service.Port} {service.Protocol.ToString().ToUpperInvariant()}";
                report.Error(block.Header(3), $"virtual server {name} exists already; this one is left out");
            }
            else if (service is not null)
            {
                services.Add(service);
            }
        }

        return services.ToImmutable();
    }

    /// <summary>A member by firewall mark is named of its own: that one will not come with the groups.</summary>
    private static void RefuseGroup(Statement group, Reporter report)
    {
        report.Error(group.Header(2), "'virtual_server_group' is not supported yet; its block is skipped");
        foreach (Statement member in group.Body!.Statements.Where(member => member.Keyword == "fwmark"))
        {
            report.Error(member.Header(2), VirtualServerReader.FwmarkRefused("'fwmark'"));
        }
    }

    /// <summary>What is well written and yet probably not meant.</summary>
    private static void Lint(DirectorConfig config, Reporter report)
    {
        HashSet<IPAddress> held = [.. config.Instances
            .SelectMany(instance => instance.Addresses.Concat(instance.ExcludedAddresses))
            .Select(address => address.Address.ToIPAddress())];
        foreach (VirtualServer service in config.Services)
        {
            Word header = WordAt(service.Span);
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
                    report.Notice(WordAt(server.Span), "this real server has no check: it always counts as alive");
                }
            }
        }
    }

    private static Word WordAt(SourceSpan span) =>
        new("", WordKind.Plain, span.Line, span.Column, Math.Max(1, span.Length)) { Origin = new Origin(span.File) };
}
