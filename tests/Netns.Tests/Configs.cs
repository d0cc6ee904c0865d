using System.Linq;

namespace XdpLvs.Netns.Tests;

/// <summary>Configurations as operators write them, for the hosts of the tutorial's network.</summary>
internal static class Configs
{
    /// <summary>The tutorial's service, round robin, on both real servers.</summary>
    public static readonly string Web = Service("192.168.5.100 80", Real("192.168.5.103"), Real("192.168.5.104"));

    /// <summary>An instance that holds 192.168.5.100, and the tutorial's service.</summary>
    public static string Director(int priority = 100) => Instance(priority) + Web;

    /// <summary>An instance that holds 192.168.5.100.</summary>
    public static string Instance(int priority = 100, string device = "ens33") => $$"""
        vrrp_instance VI_1 {
            state BACKUP
            interface {{device}}
            virtual_router_id 51
            priority {{priority}}
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass 1111
            }
            virtual_ipaddress {
                192.168.5.100
            }
        }

        """;

    /// <summary>A virtual server with these real servers.</summary>
    public static string Service(string where, params string[] reals) => $$"""
        virtual_server {{where}} {
            delay_loop 2
            lb_algo rr
            lb_kind DR
            protocol TCP
        {{string.Concat(reals)}}
        }

        """;

    /// <summary>A real server whose port 80 is checked.</summary>
    public static string Real(string address, string check = "TCP_CHECK {") => $$"""
            real_server {{address}} 80 {
                weight 1
                {{check}}
                    connect_timeout 1
                    retry 1
                    delay_before_retry 1
                }
            }

        """;

    /// <summary>Real servers that nobody checks.</summary>
    public static string Unchecked(params string[] addresses) => string.Concat(addresses.Select(address => $$"""
            real_server {{address}} 80 {
                weight 1
            }

        """));
}
