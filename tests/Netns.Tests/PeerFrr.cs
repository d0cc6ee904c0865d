using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Lab;

namespace XdpLvs.Netns.Tests;

/// <summary>Puts FRR's vrrpd on a host. It works on a macvlan with the virtual MAC, which the operator makes.</summary>
internal static class PeerFrr
{
    private const string Device = "vrrp51";

    /// <summary>Skew_Time in microseconds as FRR reckons it: in whole hundredths of a second.</summary>
    public static long SkewUs(PeerInstance instance) =>
        (256 - instance.Priority) * (instance.Version == 2 ? 100L : (long)(instance.Interval * 100)) / 256 * 10_000;

    /// <summary>Starts vrrpd, and zebra and the macvlan before it if this is the first time.</summary>
    public static async Task<LabProcess> StartAsync(PeerLab lab, LabHost host, PeerInstance instance)
    {
        string folder = Path.Combine(lab.Folder, "frr");
        if (!Directory.Exists(folder))
        {
            Prepare(host, instance, folder);
            LabProcess zebra = host.Start($"zebra {host.Name}", [PeerTools.Zebra, .. Words(folder, "zebra")]);
            await SocketAsync(zebra, Path.Combine(folder, "zebra.sock"));
        }

        return host.Start($"vrrpd {host.Name}", [PeerTools.Vrrpd, .. Words(folder, "vrrpd")]);
    }

    private static string[] Words(string folder, string daemon) =>
    [
        "-z", Path.Combine(folder, "zebra.sock"), "--vty_socket", folder, "-P", "0",
        "-i", Path.Combine(folder, daemon + ".pid"), "-f", Path.Combine(folder, daemon + ".conf"), "--log", "stdout",
    ];

    private static void Prepare(LabHost host, PeerInstance instance, string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "zebra.conf"), "");
        File.WriteAllText(Path.Combine(folder, "vrrpd.conf"),
            $"""
            interface {host.Link}
             vrrp {instance.Vrid} version {instance.Version}
             vrrp {instance.Vrid} priority {instance.Priority}
             vrrp {instance.Vrid} advertisement-interval {(int)(instance.Interval * 1000)}
             vrrp {instance.Vrid} ip {instance.Addresses[0]}

            """);

        // FRR gives root away and becomes the user frr, which must be able to make its sockets here.
        host.Exec("chown", "-R", "frr:frr", folder).OrThrow();
        host.Exec("chmod", "a+x", Path.GetDirectoryName(folder)!).OrThrow();

        // Else the card answers ARP for the address of the macvlan, also while that is down.
        host.SetSysctl("net/ipv4/conf/all/arp_ignore", 1);
        string[][] steps =
        [
            ["link", "add", "link", host.Link, "name", Device, "type", "macvlan", "mode", "bridge"],
            ["link", "set", Device, "address", $"00:00:5e:00:01:{instance.Vrid:x2}"],
            ["addr", "add", instance.Addresses[0] + "/32", "dev", Device],
            ["link", "set", Device, "up"],
        ];
        foreach (string[] step in steps)
        {
            host.Exec(["ip", .. step]).OrThrow();
        }
    }

    private static async Task SocketAsync(LabProcess zebra, string path)
    {
        long deadline = TimeProvider.System.Microseconds() + 15_000_000;
        while (!File.Exists(path))
        {
            if (zebra.HasExited || TimeProvider.System.Microseconds() > deadline)
            {
                throw new LabException($"zebra does not serve {path}: {zebra.LastLines(10)}");
            }

            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
