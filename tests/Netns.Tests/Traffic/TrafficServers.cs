using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Threading.Tasks;
using XdpLvs.Lab;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Netns.Tests.Traffic;

/// <summary>The programs on the real servers: nginx, iperf3 and a UDP echo. Each host has its folder.</summary>
internal sealed class TrafficServers
{
    /// <summary>Size of the file "big" that every server has, and of the file "mega", in octets.</summary>
    public const int BigSize = 20_000_000, MegaSize = 1_000_000;

    private readonly string _folder;
    private readonly Dictionary<string, LabProcess> _webs = [];

    /// <summary>Prepares the files.</summary>
    /// <param name="folder">Belongs to the test; removed by it.</param>
    public TrafficServers(string folder)
    {
        _folder = folder;
        byte[] big = new byte[BigSize];
        new Random(20253).NextBytes(big);
        File.WriteAllBytes(BigFile, big);
        BigSum = Convert.ToHexString(SHA256.HashData(big));
        MegaSum = Convert.ToHexString(SHA256.HashData(big.AsSpan(0, MegaSize)));
    }

    /// <summary>The file "big" as the client has it, too.</summary>
    public string BigFile => Path.Combine(_folder, "big");

    /// <summary>SHA-256 of the two files.</summary>
    public string BigSum { get; }

    /// <summary>SHA-256 of the first megabyte.</summary>
    public string MegaSum { get; }

    /// <summary>SHA-256 of a file.</summary>
    public static string Sum(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    /// <summary>What clients have put on a server, by name.</summary>
    public string UploadOf(string server, string name) => Path.Combine(_folder, server, "up", name);

    /// <summary>nginx on these hosts; it says its host's name, has both files and takes uploads.</summary>
    public async Task StartWebAsync(LabNetwork network, params string[] hosts)
    {
        foreach (string host in hosts)
        {
            string own = Path.Combine(_folder, host);
            Directory.CreateDirectory(Path.Combine(own, "up"));
            File.WriteAllText(Path.Combine(own, "nginx.conf"), NginxConf(host, own));
            if (!File.Exists(Path.Combine(own, "big")))
            {
                File.CreateSymbolicLink(Path.Combine(own, "big"), BigFile);
                File.WriteAllBytes(Path.Combine(own, "mega"), File.ReadAllBytes(BigFile)[..MegaSize]);
            }

            _webs[host] = network[host].Start(
                "nginx " + host, "nginx", "-e", "stderr", "-p", own, "-c", Path.Combine(own, "nginx.conf"));
        }

        foreach (string host in hosts)
        {
            await ListeningAsync(network[host], _webs[host], TrafficConfig.TwoArm);
        }
    }

    /// <summary>Ends nginx on a host; from then on the host refuses connections.</summary>
    public Task StopWebAsync(string host) => _webs[host].StopAsync(TimeSpan.FromSeconds(5));

    /// <summary>iperf3 on a host, for each family one: it must answer from the virtual address, by UDP too.</summary>
    public static async Task StartMeasureAsync(LabHost host)
    {
        foreach (string vip in (string[])[TrafficNetwork.Vip, TrafficNetwork.Vip6])
        {
            _ = host.Start("iperf3 " + vip, "iperf3", "-s", "-B", vip, "--forceflush");
        }

        await Soon.RequireAsync(
            () => host.Exec("ss", "-Hltn").Output.Split(":5201 ").Length == 3, () => "iperf3 does not listen");
    }

    /// <summary>The echo on these hosts, on both virtual addresses.</summary>
    public static void StartEcho(LabNetwork network, params string[] hosts)
    {
        foreach (string host in hosts)
        {
            _ = EchoProcess.Start(network[host], TrafficConfig.Echo, TrafficNetwork.Vip, TrafficNetwork.Vip6);
        }
    }

    private static Task ListeningAsync(LabHost host, LabProcess process, int port) => Soon.RequireAsync(
        () => host.Exec("ss", "-Hltn", $"sport = :{port}").Output.Length > 0,
        () => $"{process.Name} does not listen: {process.LastLines(10)}");

    private static string NginxConf(string name, string folder)
    {
        // On the director port 80 stays closed: what the forwarder lets slip must fail.
        string web = name == "director" ? "" : $"listen {TrafficConfig.Web}; listen [::]:{TrafficConfig.Web};";
        return $$"""
            daemon off;
            user root;
            worker_processes 1;
            pid {{folder}}/nginx.pid;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/t1;
                fastcgi_temp_path {{folder}}/t2;
                uwsgi_temp_path {{folder}}/t3;
                scgi_temp_path {{folder}}/t4;
                server {
                    {{web}}
                    listen {{TrafficConfig.TwoArm}};
                    listen [::]:{{TrafficConfig.TwoArm}};
                    root {{folder}};
                    add_header Server-Name {{name}};
                    client_max_body_size 100m;
                    location = / { return 200 "{{name}}\n"; }
                    location /up/ { dav_methods PUT; }
                }
            }
            """;
    }
}
