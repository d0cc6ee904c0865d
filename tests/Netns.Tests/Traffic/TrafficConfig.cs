using System.Linq;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>keepalived.conf of the site's director.</summary>
internal static class TrafficConfig
{
    /// <summary>Ports of the services.</summary>
    public const int Web = 80, TwoArm = 81, Measure = 5201, Echo = 7;

    /// <summary>Real servers by name: their addresses of both families.</summary>
    private static readonly (string Name, string V4, string V6)[] s_servers =
    [
        ("rs1", "10.80.0.11", "fd00:80::11"), ("rs2", "10.80.0.12", "fd00:80::12"),
        ("rs3", "10.81.0.13", "fd00:81::13"), ("director", "10.80.0.2", "fd00:80::2"),
    ];

    /// <summary>The address that a daemon holds and every service of the matrix.</summary>
    public static string All => Instance + Both(Web, "TCP", "rs1", "rs2")
        + Both(TwoArm, "TCP", "rs3", "rs2", "director")
        + Both(Measure, "TCP", "rs1") + Both(Measure, "UDP", "rs1") + Both(Echo, "UDP", "rs1", "rs2");

    /// <summary>
    /// Holds the IPv4 address from the start on; the IPv6 address lies on the card. conn_reuse_mode 2: a client that
    /// takes a port again, as a busy one does by chance, is scheduled anew, so that turns can be counted exactly.
    /// </summary>
    public static string Instance => $$"""
        global_defs {
            conn_reuse_mode 2
        }

        vrrp_instance VI_1 {
            state MASTER
            interface {{TrafficNetwork.Card}}
            virtual_router_id 80
            priority 255
            advert_int 1
            virtual_ipaddress {
                {{TrafficNetwork.Vip}}
            }
        }

        """;

    /// <summary>A service of both families on these servers, nobody checked.</summary>
    public static string Both(int port, string protocol, params string[] servers) =>
        Service("IPv4", port, protocol, [.. servers.Select(name => Real(name, "IPv4", port))])
        + Service("IPv6", port, protocol, [.. servers.Select(name => Real(name, "IPv6", port))]);

    /// <summary>One service.</summary>
    /// <param name="family">"IPv4" or "IPv6".</param>
    /// <param name="port">Of the service.</param>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="lines">What stands in its block: real servers, a sorry server, an algorithm.</param>
    public static string Service(string family, int port, string protocol, params string[] lines) => $$"""
        virtual_server {{TrafficNetwork.VipOf(family)}} {{port}} {
            delay_loop 1
            lb_algo wrr
            lb_kind DR
            protocol {{protocol}}
        {{string.Concat(lines)}}
        }

        """;

    /// <summary>A real server.</summary>
    /// <param name="name">A host's name.</param>
    /// <param name="family">"IPv4" or "IPv6".</param>
    /// <param name="port">As the service's: LVS-DR cannot change it.</param>
    /// <param name="lines">What stands in its block.</param>
    public static string Real(string name, string family, int port, string lines = "") => $$"""
            real_server {{AddressOf(name, family)}} {{port}} {
                weight 1
                {{lines}}
            }

        """;

    /// <summary>A check of the real server's own port that finds out within a second or two.</summary>
    public const string Check = "TCP_CHECK {\n connect_timeout 1\n retry 0\n delay_before_retry 1\n }";

    /// <summary>A server's own address.</summary>
    public static string AddressOf(string name, string family)
    {
        (_, string v4, string v6) = s_servers.Single(server => server.Name == name);
        return family == "IPv6" ? v6 : v4;
    }
}
