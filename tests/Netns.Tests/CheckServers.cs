using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>Servers of other people's on a host of the lab: nginx with TLS, dnsmasq, and aiosmtpd.</summary>
internal static class CheckServers
{
    private const string Nginx = "/usr/sbin/nginx", Dnsmasq = "/usr/sbin/dnsmasq", Python = "/usr/bin/python3";
    private const string OpenSsl = "/usr/bin/openssl", Aiosmtpd = "/usr/lib/python3/dist-packages/aiosmtpd";

    /// <summary>Skips the test where one of them is not installed.</summary>
    public static void Require()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "network namespaces need root");
        Assert.SkipUnless(File.Exists(Nginx) && File.Exists(OpenSsl), "nginx or openssl is not installed");
        Assert.SkipUnless(File.Exists(Dnsmasq), "dnsmasq is not installed");
        Assert.SkipUnless(Directory.Exists(Aiosmtpd), "python3-aiosmtpd is not installed");
    }

    /// <summary>
    /// Starts them all, and returns when they answer. The web server has the cluster's files besides its page. Returns
    /// the mail server, which prints what it gets.
    /// </summary>
    public static async Task<LabProcess> StartAsync(Cluster cluster, LabHost host)
    {
        string certificate = cluster.PathOf("web.pem"), key = cluster.PathOf("web.key");
        host.Exec(
            OpenSsl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=www.example", "-keyout", key, "-out", certificate).OrThrow();
        string web = cluster.Write(
            "nginx.conf", NginxConfig(cluster.PathOf("nginx"), cluster.PathOf(""), certificate, key));
        host.Start("nginx", Nginx, "-e", "stderr", "-c", web);
        host.Start(
            "dnsmasq", Dnsmasq, "--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root", "--pid-file=",
            "--conf-file=/dev/null", $"--listen-address={host.Address}", "--bind-interfaces", "--local=/example/",
            "--host-record=web.example,192.0.2.1");
        LabProcess mails = host.Start(
            "aiosmtpd", Python, "-u", "-m", "aiosmtpd", "-n", "-l", $"{host.Address}:25");
        foreach (int port in new[] { 80, 443, 53, 25 })
        {
            await Soon.RequireAsync(
                () => host.Exec("bash", "-c", $"exec 3<>/dev/tcp/{host.Address}/{port}").Succeeded,
                () => $"nobody listens on port {port}");
        }

        return mails;
    }

    private static string NginxConfig(string folder, string files, string certificate, string key) => $$"""
        daemon off;
        user root;
        worker_processes 1;
        pid {{folder}}.pid;
        events { worker_connections 64; }
        http {
            access_log off;
            default_type text/plain;
            client_body_temp_path {{folder}}-body;
            proxy_temp_path {{folder}}-proxy;
            fastcgi_temp_path {{folder}}-fastcgi;
            uwsgi_temp_path {{folder}}-uwsgi;
            scgi_temp_path {{folder}}-scgi;
            ssl_certificate {{certificate}};
            ssl_certificate_key {{key}};
            server {
                listen 80 default_server;
                location = /page { return 200 "page of nginx"; }
                location = /live.txt { root {{files}}; }
                location / { return 404; }
            }
            server {
                listen 80;
                server_name other.example;
                location / { return 404; }
            }
            server {
                listen 443 ssl default_server;
                location = /page { return 200 "tls page of $ssl_server_name"; }
            }
        }
        """;
}
