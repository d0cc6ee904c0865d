using System;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>Checkers as configured, on servers of other people's: what they find is in the table and is told.</summary>
public sealed class CheckerTests : IAsyncDisposable
{
    private const string Director = "youxi1", First = "192.168.5.103", Second = "192.168.5.104";
    private const string Vs = "[192.168.5.100]:tcp:80";

    private readonly Cluster _cluster = new();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Pages_and_scripts_decide_who_serves_and_with_what_weight()
    {
        CheckServers.Require();
        LabProcess mails = await CheckServers.StartAsync(_cluster, _cluster["youxi3"]);
        string page = _cluster.Write("live.txt", "I am alive"), status = _cluster.Write("status", "52");
        string load = _cluster.PathOf("load"), lines = _cluster.PathOf("lines");
        string reader = Script("reader.sh", $"exec cat \"$1\" >{lines}");
        string script = Script("weight.sh", $"exit $(cat {status})");
        string told = _cluster.PathOf("told");
        string notify = Script("notify.sh", $"echo \"$1\" >>{told}");
        DaemonHost daemon = await _cluster.StartAsync(Director, Web(script, notify, load, reader));

        await daemon.LogAsync($"Remote Web server [{First}]:tcp:80 succeed on service.");
        await WeightAsync(daemon, First, 1);
        await WeightAsync(daemon, Second, 50);

        File.WriteAllText(page, "I am somebody else");
        await WeightAsync(daemon, First, null);
        File.WriteAllText(status, "12");
        await WeightAsync(daemon, Second, 10);
        File.WriteAllText(load, "3\n");
        await WeightAsync(daemon, Second, 13);

        File.WriteAllText(page, "yes, alive");
        await WeightAsync(daemon, First, 1);
        File.Delete(page); // 404
        await WeightAsync(daemon, First, null);
        File.WriteAllText(status, "1");
        await WeightAsync(daemon, Second, null);
        await ToldAsync(told, "down\nup\ndown\n");
        await ToldAsync(
            lines,
            $"""
            VS {Vs} UP
            RS [{First}]:tcp:80 {Vs} DOWN
            RS [{First}]:tcp:80 {Vs} UP
            RS [{First}]:tcp:80 {Vs} DOWN
            RS [{Second}]:tcp:80 {Vs} DOWN
            VS {Vs} DOWN

            """);
        await daemon.LogAsync("Lost quorum 1-0=1 > 0 for VS " + Vs);
        LabLine? mail = await mails.FindAsync(
            line => line == "=> CHECK failed on service : HTTP request failed <=",
            TimeSpan.FromSeconds(10), 0, TestContext.Current.CancellationToken);
        Assert.True(mail is not null, $"no mail came: {mails.LastLines(40)}");
    }

    [Fact]
    public async Task A_server_with_several_checks_is_up_while_all_of_them_are()
    {
        CheckServers.Require();
        await CheckServers.StartAsync(_cluster, _cluster["youxi3"]);
        DaemonHost daemon = await _cluster.StartAsync(Director, Names);
        foreach (string line in new[]
        {
            $"DNS_CHECK ([{First}]:udp:53) success.",
            $"UDP connection to [{First}]:udp:53 success.",
            $"Remote SMTP server [{First}]:udp:53 succeed on service.",
            $"ICMP connection to [{First}]:udp:53 success.",
            $"Remote Web server [{First}]:udp:53 succeed on service.", // by TLS, with the digest of its page
        })
        {
            await daemon.LogAsync(line);
        }

        await WeightAsync(daemon, First, 1, port: 53);
        Assert.DoesNotContain(daemon.Log, line => line.Contains("Removing service", StringComparison.Ordinal));

        _cluster["youxi3"].Exec("bash", "-c", $"kill $(cat {_cluster.PathOf("nginx.pid")})").OrThrow();

        await daemon.LogAsync($"HTTP_CHECK on service [{First}]:udp:53 failed.");
        await WeightAsync(daemon, First, null, port: 53);
    }

    private static string Names => $$"""
        virtual_server 192.168.5.100 53 {
            delay_loop 1
            warmup 0
            retry 0
            connect_timeout 2
            lb_algo rr
            lb_kind DR
            protocol UDP
            real_server {{First}} 53 {
                DNS_CHECK {
                    type A
                    name web.example
                }
                UDP_CHECK {
                    payload 12340100000100000000000003776562076578616d706c650000010001
                    require_reply 1234
                }
                SMTP_CHECK {
                    connect_port 25
                }
                PING_CHECK {
                }
                SSL_GET {
                    connect_port 443
                    enable_sni
                    url {
                        path /page
                        virtualhost www.example
                        digest 60a5c90e7e0f32010a35ca11e0afd333
                    }
                }
            }
        }
        """;

    private static string Web(string script, string notify, string load, string reader) => $$"""
        global_defs {
            router_id LVS_1
            script_user root
            notification_email {
                operator@example.org
            }
            notification_email_from lvs@example.org
            smtp_server {{First}}
            lvs_notify_fifo {{load}}.fifo
            lvs_notify_fifo_script {{reader}}
        }
        track_file load {
            file {{load}}
        }
        virtual_server 192.168.5.100 80 {
            delay_loop 1
            warmup 0
            retry 0
            lb_algo wrr
            lb_kind DR
            protocol TCP
            real_server {{First}} 80 {
                notify_up "{{notify}} up"
                notify_down "{{notify}} down"
                HTTP_GET {
                    connect_timeout 2
                    url {
                        path /live.txt
                        status_code 200
                        regex alive
                    }
                }
            }
            real_server {{Second}} 80 {
                MISC_CHECK {
                    misc_path "{{script}}"
                    misc_dynamic
                }
                FILE_CHECK {
                    track_file load
                    weight 1
                }
            }
        }
        """;

    private string Script(string name, string text)
    {
        string path = _cluster.Write(name, "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    private static Task WeightAsync(DaemonHost daemon, string server, int? weight, int port = 80)
    {
        string listed = $@"-> {Regex.Escape(server)}:{port} +Route +{weight?.ToString() ?? "[0-9]+"} ";
        return Soon.RequireAsync(
            () => Regex.IsMatch(daemon.Table(), listed) == weight is not null,
            () => $"{server} should have weight {weight?.ToString() ?? "none"}:\n{daemon.Table()}"
                + daemon.Process.LastLines(40));
    }

    private static Task ToldAsync(string file, string words) => Soon.RequireAsync(
        () => File.Exists(file) && File.ReadAllText(file) == words,
        () => $"told: {(File.Exists(file) ? File.ReadAllText(file) : "nothing")}");
}
