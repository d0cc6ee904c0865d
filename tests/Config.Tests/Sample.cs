using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace XdpLvs.Config.Tests;

/// <summary>A configuration without any finding; tests change one thing in it and look what is said.</summary>
internal static class Sample
{
    public const string Text =
        """
        global_defs {
            router_id youxi1
        }
        vrrp_instance VI_1 {
            state MASTER
            interface ens33
            virtual_router_id 51
            priority 100
            advert_int 1
            authentication {
                auth_type PASS
                auth_pass 1111
            }
            virtual_ipaddress {
                192.168.5.100
            }
        }
        virtual_server 192.168.5.100 80 {
            delay_loop 6
            lb_algo rr
            lb_kind DR
            protocol TCP
            real_server 192.168.5.103 80 {
                weight 1
                TCP_CHECK {
                    connect_timeout 3
                    retry 2
                }
            }
            real_server 192.168.5.104 80 {
                TCP_CHECK {
                    connect_port 81
                }
            }
        }

        """;

    /// <summary>An IPv6 service; its only findings are notices.</summary>
    public const string Ipv6 =
        """
        virtual_server 2001:db8::100 80 {
            lb_algo rr
            lb_kind DR
            protocol TCP
            real_server 2001:db8::3 80 {
                TCP_CHECK { }
            }
        }

        """;

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", ".."));

    public static string Cases { get; } = Path.Combine(Root, "tests", "Cases", "config");

    /// <summary>The sample with one piece of text replaced.</summary>
    public static ParseResult With(string old, string replacement)
    {
        int at = Text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the sample has no '{old}'");
        return Parse(Text.Remove(at, old.Length).Insert(at, replacement));
    }

    public static ParseResult Parse(string text) => ConfigReader.Parse(text, "t.conf");

    /// <summary>Every finding as <c>line:column severity: message</c>.</summary>
    public static string[] Findings(this ParseResult result) =>
        [.. result.Diagnostics.Select(finding =>
            DiagnosticFormatter.Format(finding, null)["t.conf:".Length..])];

    public static VrrpInstance Instance(this ParseResult result) => Assert.Single(result.Config.Instances);

    /// <summary>The instance, whether it may run yet or not.</summary>
    public static VrrpInstance Read(this ParseResult result) =>
        Assert.Single(result.Config.Instances.Concat(result.Config.HeldBack));

    public static VirtualServer Service(this ParseResult result) => Assert.Single(result.Config.Services);

    public static TcpCheck Check(this ParseResult result) => result.Check<TcpCheck>();

    public static TCheck Check<TCheck>(this ParseResult result)
        where TCheck : ICheck =>
        Assert.IsAssignableFrom<TCheck>(Assert.Single(result.Service().RealServers[0].Checks));

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
