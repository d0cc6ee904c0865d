using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using Xunit;

namespace XdpLvs.Director.Tests;

/// <summary>Letter for letter what ipvsadm 1.31 prints.</summary>
public sealed class IpvsListingTests : IDisposable
{
    private const string Header =
        "IP Virtual Server version 1.2.1 (size=32)\n"
        + "Prot LocalAddress:Port Scheduler Flags\n"
        + "  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n";

    private const string Rows =
        "  -> 192.168.5.103:80             Route   1      0          0         \n"
        + "  -> 192.168.5.104:80             Route   1      0          0         \n";

    private readonly FlowTables _flows = new(64, new Random(1));

    public void Dispose() => _flows.Dispose();

    [Fact]
    public void The_tutorial_s_table()
    {
        ServiceSettings service = Plans.Web[0] with { PersistenceSeconds = 50 };

        Assert.Equal(Header + "TCP  192.168.5.100:80 rr persistent 50\n" + Rows, List(service));
    }

    [Fact]
    public void A_service_without_persistence_ends_with_its_scheduler()
    {
        ServiceSettings service = Plans.Web[0] with { Scheduler = SchedulerKind.WeightedRoundRobin };

        Assert.Equal(Header + "TCP  192.168.5.100:80 wrr\n" + Rows, List(service));
    }

    [Fact]
    public void A_granularity_is_shown_as_a_mask()
    {
        ServiceSettings service = Plans.Web[0] with { PersistenceSeconds = 50, PersistenceMask = 0xFFFFFF00 };

        Assert.Contains(
            "TCP  192.168.5.100:80 rr persistent 50 mask 255.255.255.0\n", List(service), StringComparison.Ordinal);
    }

    [Fact]
    public void Services_are_sorted_by_protocol_address_and_port()
    {
        ServiceSettings web = Plans.Web[0] with { Reals = [] };
        ServiceSettings dns = web with { Key = web.Key with { Protocol = 17, Port = 53 } };
        ServiceSettings tls = web with { Key = web.Key with { Port = 443 } };

        string[] lines =
            [.. List(dns, tls, web).Split('\n').Where(line => line.EndsWith(" rr", StringComparison.Ordinal))];

        Assert.Equal(["TCP  192.168.5.100:80 rr", "TCP  192.168.5.100:443 rr", "UDP  192.168.5.100:53 rr"], lines);
    }

    [Fact]
    public void Connections_count_as_active_or_inactive_and_templates_as_neither()
    {
        var key = new FlowKey(0xC0A805C8, 50212, new ServiceKey(Plans.Vip, 80, 6));
        _flows.Remember(key, template: false, FlowState.Established, real: 0, now: 1, deadline: 9001);
        FlowKey other = key with { ClientPort = 50213 };
        _flows.Remember(other, template: false, FlowState.FinWait, real: 0, now: 1, deadline: 1201);
        _flows.Remember(key with { ClientPort = 0 }, template: true, FlowState.None, real: 0, now: 1, deadline: 501);

        Assert.Contains(
            "  -> 192.168.5.103:80             Route   1      1          1         \n",
            List(Plans.Web[0]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Connection_entries_have_ipvsadm_s_columns()
    {
        var key = new FlowKey(0xC0A80501, 50212, new ServiceKey(Plans.Vip, 80, 6));
        _flows.Remember(key, template: false, FlowState.Established, real: 0, now: 1, deadline: 8981);

        string text = IpvsListing.Connections(Keeper(Plans.Web[0]), _flows, now: 1);

        Assert.Equal(
            "IPVS connection entries\n"
            + "pro expire state       source             virtual            destination\n"
            + "TCP 14:58  ESTABLISHED 192.168.5.1:50212  192.168.5.100:80   192.168.5.103:80\n",
            text);
    }

    [Fact]
    public void A_template_is_assured_and_has_no_client_port()
    {
        var client = new FlowKey(0xC0A80500, 0, new ServiceKey(Plans.Vip, 80, 6));
        _flows.Remember(client, template: true, FlowState.None, real: 0, now: 1, deadline: 481);

        string text = IpvsListing.Connections(Keeper(Plans.Web[0]), _flows, now: 1);

        Assert.EndsWith(
            "\nTCP 00:48  ASSURED     192.168.5.0:0      192.168.5.100:80   192.168.5.103:80\n",
            text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_listing_of_the_real_ipvsadm_on_a_kernel_with_the_same_rules_and_connections()
    {
        RealServerSettings youxi3 = Plans.Real, youxi4 = youxi3 with { Address = Plans.Youxi4 };
        ServiceSettings web = Plans.Service(youxi3, youxi4) with { PersistenceSeconds = 50 };
        ServiceSettings alternative = Plans.Service(
            youxi3 with { Port = 8080, Weight = 3 },
            youxi4 with { Port = 8080 },
            youxi3 with { Port = 8080, Address = Plans.Youxi4 + 1, Weight = 0 }) with
        {
            Key = web.Key with { Port = 8080 },
            Scheduler = SchedulerKind.WeightedRoundRobin,
        };
        ServiceSettings dns = Plans.Service(youxi3 with { Port = 53 }) with { Key = new ServiceKey(Plans.Vip, 53, 17) };
        ServiceSettings other = web with
        {
            Key = web.Key with { Address = Plans.Vip + 10 },
            PersistenceMask = 0xFFFFFF00,
        };
        ushort[] connections = [1, 1, 2, 2, 3, 5, 7]; // numbers of real servers, in the order of the services below
        for (ushort i = 0; i < connections.Length; i++)
        {
            var key = new FlowKey(0xC0A80501, (ushort)(50001 + i), web.Key);
            _flows.Remember(key, template: false, FlowState.FinWait, connections[i], now: 1, deadline: 1201);
        }

        string ours = List(web, alternative, dns, other);

        Assert.Equal(
            WithoutSize(File.ReadAllText(Path.Combine(Cases(), "ipvs", "ln.txt"))), WithoutSize(ours));
    }

    private static string WithoutSize(string listing) => listing[listing.IndexOf('\n', StringComparison.Ordinal)..];

    private static string Cases([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "Cases");

    private static TableKeeper Keeper(params ServiceSettings[] services) =>
        new([.. services], FlowTimeouts.Default, _ => { });

    private string List(params ServiceSettings[] services) => IpvsListing.Services(Keeper(services), _flows, now: 1);
}
