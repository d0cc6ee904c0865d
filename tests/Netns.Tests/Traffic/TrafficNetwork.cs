using System;
using System.Threading;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>
/// A site as operators build it, both address families throughout, every card as the kernel makes it:
/// <code>
/// client --- router ---+--- director        far --- edge === router     the link === has the small MTU
///   wan        | |     +--- rs1                far-net    narrow
///              | |     +--- rs2
///              | +----- lan
///              +------- back --- rs3, and the director's second card
/// </code>
/// </summary>
internal static class TrafficNetwork
{
    /// <summary>The virtual addresses.</summary>
    public const string Vip = "10.80.0.100", Vip6 = "fd00:80::100";

    /// <summary>The director's card on the clients' side, and its other one.</summary>
    public const string Card = "ens33", BackCard = "ens34";

    /// <summary>The far end of the director's cable on the clients' side: a port of the switch.</summary>
    public const string DirectorPort = "p-director";

    /// <summary>The MTU of the way to the host "far", smallest of all that IPv6 allows.</summary>
    public const int NarrowMtu = 1280;

    private const string LanSwitch = "lan", BackSwitch = "back";

    private static int s_made;

    /// <summary>Builds it. Skips the test where it cannot be.</summary>
    /// <param name="queues">Of the director's card and of all on the way from the client to it.</param>
    /// <param name="senders">Transmit queues at the far end of the director's cable.</param>
    /// <param name="mtu">Of all cards but the narrow ones.</param>
    public static LabNetwork Build(int queues = 1, int? senders = null, int mtu = 1500)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        var network = new LabNetwork($"xtr{Environment.ProcessId}-{Interlocked.Increment(ref s_made)}");
        try
        {
            network.Switch.Ip(
                $"link set {LanSwitch} mtu {mtu}",
                $"link add {BackSwitch} type bridge stp_state 0 mcast_snooping 0",
                $"link set {BackSwitch} up");
            BuildRouters(network, queues, mtu);
            BuildSite(network, queues, senders ?? queues, mtu);
            return network;
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>The address of a family, "IPv4" or "IPv6".</summary>
    public static string VipOf(string family) => family == "IPv6" ? Vip6 : Vip;

    /// <summary>The same as it stands in a URL.</summary>
    public static string UrlOf(string family) => family == "IPv6" ? $"http://[{Vip6}]" : $"http://{Vip}";

    private static void BuildRouters(LabNetwork network, int queues, int mtu)
    {
        LabHost router = Add(network, "router", forwards: true), edge = Add(network, "edge", forwards: true);
        LabHost client = Add(network, "client"), far = Add(network, "far");
        client.Connect(Card, router, "wan", queues, mtu);
        edge.Connect("narrow", router, "narrow", mtu: NarrowMtu);
        far.Connect(Card, edge, "wan", mtu: mtu);
        Plug(router, Card, network, LanSwitch, "p-router", queues, mtu);
        Plug(router, BackCard, network, BackSwitch, "b-router", queues, mtu);
        Give(router, Card, 80, 1);
        Give(router, BackCard, 81, 1);
        Give(router, "wan", 82, 1);
        Give(router, "narrow", 83, 1);
        Give(edge, "narrow", 83, 2);
        Give(edge, "wan", 84, 1);
        Give(client, Card, 82, 2);
        Give(far, Card, 84, 2);
        router.Ip("route add 10.84.0.0/24 via 10.83.0.2", "route add fd00:84::/64 via fd00:83::2");
        LeadOut(edge, 83);
        LeadOut(client, 82);
        LeadOut(far, 84);
    }

    private static void BuildSite(LabNetwork network, int queues, int senders, int mtu)
    {
        LabHost director = Add(network, "director");
        Plug(director, Card, network, LanSwitch, DirectorPort, queues, mtu, senders);
        Plug(director, BackCard, network, BackSwitch, "b-director", 1, mtu);
        Give(director, Card, 80, 2);
        Give(director, BackCard, 81, 2);

        // Without a lifetime of 0 the director's checks would come from it, the longest match; no server could answer.
        director.Ip($"addr add {Vip6}/128 dev {Card} nodad preferred_lft 0");
        LeadOut(director, 80);
        foreach ((string name, string plug, int net, int number) in (ReadOnlySpan<(string, string, int, int)>)
            [("rs1", LanSwitch, 80, 11), ("rs2", LanSwitch, 80, 12), ("rs3", BackSwitch, 81, 13)])
        {
            LabHost server = Add(network, name);
            Plug(server, Card, network, plug, "p-" + name, 1, mtu);
            Give(server, Card, net, number);
            LeadOut(server, net);
            server.HideOnLoopback(Vip);

            // Neighbour discovery answers for the card that was asked, never for lo: nothing to keep quiet about. A
            // lifetime of 0 keeps the server from choosing it for connections of its own.
            server.Ip($"addr add {Vip6}/128 dev lo nodad preferred_lft 0");
        }
    }

    private static LabHost Add(LabNetwork network, string name, bool forwards = false)
    {
        LabHost host = network.AddHost(name);
        foreach (string scope in (string[])["all", "default"])
        {
            host.SetSysctl($"net/ipv6/conf/{scope}/accept_dad", 0); // an address is there when it was given
            host.SetSysctl($"net/ipv6/conf/{scope}/accept_ra", 0);
        }

        host.SetSysctl("net/ipv4/ip_forward", forwards ? 1 : 0);
        host.SetSysctl("net/ipv6/conf/all/forwarding", forwards ? 1 : 0);
        return host;
    }

    private static void Plug(
        LabHost host, string link, LabNetwork network, string bridge, string port, int queues, int mtu,
        int? senders = null)
    {
        host.Connect(link, network.Switch, port, queues, mtu, senders);
        network.Switch.Ip($"link set {port} master {bridge}");
    }

    private static void Give(LabHost host, string link, int net, int number) => host.Ip(
        $"addr add 10.{net}.0.{number}/24 brd + dev {link}", $"addr add fd00:{net}::{number}/64 dev {link} nodad");

    private static void LeadOut(LabHost host, int net) => host.Ip(
        $"route add default via 10.{net}.0.1", $"route add default via fd00:{net}::1");
}
