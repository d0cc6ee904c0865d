using System;
using System.Collections.Generic;

namespace XdpLvs.Lab;

/// <summary>One machine of the lab: a network namespace with a card on the switch.</summary>
public sealed class LabHost
{
    private readonly List<LabProcess> _processes = [];

    internal LabHost(LabNetwork network, string name, string address, string mac, string link)
    {
        Network = network;
        Name = name;
        Cidr = address;
        Mac = mac;
        Link = link;
    }

    /// <summary>The lab it belongs to.</summary>
    public LabNetwork Network { get; }

    /// <summary>Name within the lab, such as youxi1.</summary>
    public string Name { get; }

    /// <summary>Name of the network namespace, as <c>ip netns</c> shows it.</summary>
    public string Namespace => $"{Network.Prefix}-{Name}";

    /// <summary>Own address with prefix length.</summary>
    public string Cidr { get; }

    /// <summary>Own address without prefix length.</summary>
    public string Address => Cidr.Split('/')[0];

    /// <summary>Station address of the card.</summary>
    public string Mac { get; }

    /// <summary>Name of the card.</summary>
    public string Link { get; }

    /// <summary>The other end of the cable: a port of the switch.</summary>
    public string Port => "p-" + Name;

    /// <summary>Everything started here and tied to this lab's life.</summary>
    internal IReadOnlyList<LabProcess> Processes
    {
        get
        {
            lock (_processes)
            {
                return [.. _processes];
            }
        }
    }

    /// <summary>Runs a command here to its end.</summary>
    public CommandResult Exec(params string[] command) =>
        Commands.Run(["ip", "netns", "exec", Namespace, .. command]);

    /// <summary>Starts a process here; its output is collected line by line. It ends with the lab.</summary>
    /// <param name="name">For messages and the record.</param>
    /// <param name="command">Program and arguments.</param>
    public LabProcess Start(string name, params string[] command)
    {
        // A session of its own: the terminal's Ctrl-C reaches the lab only, which then ends its processes in order.
        var process = new LabProcess(name,
            Commands.Launch(["setsid", "ip", "netns", "exec", Namespace, .. command]));
        lock (_processes)
        {
            _processes.Add(process);
        }

        Network.Record.AddProcess("process", name, process.Pid);
        return process;
    }

    /// <summary>Starts a process that outlives the lab's own process; its output goes to a file.</summary>
    public void StartDetached(string name, string logFile, params string[] command)
    {
        const string Redirect = "exec \"$@\" >>\"$0\" 2>&1 </dev/null";
        using System.Diagnostics.Process process = Commands.Launch(
            ["setsid", "ip", "netns", "exec", Namespace, "sh", "-c", Redirect, logFile, .. command]);
        Network.Record.AddProcess("process", name, process.Id);
        Network.Record.AddFile(logFile);
    }

    /// <summary>Runs <c>ip</c> here once for several commands, such as <c>link set lo up</c>.</summary>
    public void Ip(params string[] lines) => Commands.Run(
        ["sh", "-c", "printf '%s\\n' \"$@\" | ip -n \"$0\" -batch -", Namespace, .. lines]).OrThrow();

    /// <summary>Lays a cable to another host: a card here, a card there, both up, without addresses.</summary>
    /// <param name="link">Name of the card here.</param>
    /// <param name="far">The other host; a switch, too.</param>
    /// <param name="farLink">Name of the card there.</param>
    /// <param name="queues">Receive and transmit queues of both cards.</param>
    /// <param name="mtu">Of both cards, in octets.</param>
    /// <param name="senders">Transmit queues of the card there, where they are others.</param>
    public void Connect(
        string link, LabHost far, string farLink, int queues = 1, int mtu = 1500, int? senders = null)
    {
        string here = $"mtu {mtu} numrxqueues {queues} numtxqueues {queues}";
        string there = $"mtu {mtu} numrxqueues {queues} numtxqueues {senders ?? queues}";
        Ip(
            $"link add name {link} {here} type veth peer name {farLink} {there} netns {far.Namespace}",
            $"link set {link} up");
        far.Ip($"link set {farLink} up");
    }

    /// <summary>Pulls the cable at the switch, or plugs it in again.</summary>
    public void SetCable(bool plugged) =>
        Commands.Ip("-n", Network.Switch.Namespace, "link", "set", Port, plugged ? "up" : "down");

    /// <summary>Adds a virtual address to the loopback and keeps quiet about it: a real server of LVS-DR.</summary>
    public void HideOnLoopback(string address)
    {
        Commands.Ip("-n", Namespace, "addr", "add", address + "/32", "dev", "lo");
        foreach (string scope in (string[])["all", "lo"])
        {
            SetSysctl($"net/ipv4/conf/{scope}/arp_ignore", 1);
            SetSysctl($"net/ipv4/conf/{scope}/arp_announce", 2);
        }
    }

    /// <summary>Writes a number to /proc/sys/KEY as this host sees it. A key this kernel lacks is skipped.</summary>
    public void SetSysctl(string key, int value) =>
        Exec("sh", "-c", $"[ ! -e /proc/sys/{key} ] || echo {value} > /proc/sys/{key}").OrThrow();

    /// <summary>What <c>ip -4 addr show dev LINK</c> prints here.</summary>
    public string ShowAddresses() => Commands.Ip("-n", Namespace, "-4", "addr", "show", "dev", Link).Output;

    /// <summary>True when the card carries this address, with whatever prefix length.</summary>
    public bool Holds(string address) =>
        Commands.Ip("-n", Namespace, "addr", "show", "dev", Link).Output
            .Contains($" {address}/", StringComparison.Ordinal);

    /// <summary>No IPv6 chatter, no reverse path filter: set before any card appears.</summary>
    internal void Quieten(bool speaksIpv6)
    {
        foreach (string scope in (string[])["all", "default"])
        {
            SetSysctl($"net/ipv6/conf/{scope}/disable_ipv6", speaksIpv6 ? 0 : 1);
            SetSysctl($"net/ipv4/conf/{scope}/rp_filter", 0);
        }
    }
}
