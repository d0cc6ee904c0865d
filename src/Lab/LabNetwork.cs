using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace XdpLvs.Lab;

/// <summary>
/// A switch and the hosts on it, each in its own network namespace. Whatever ends the process, the lab is removed:
/// by <see cref="Dispose"/>, by a signal, or by the next lab of the same name.
/// </summary>
public sealed class LabNetwork : IDisposable
{
    private const string Bridge = "lan";

    private readonly List<LabHost> _hosts = [];
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly object _gate = new();
    private bool _gone;

    /// <summary>Removes a leftover of the same name, then builds the switch.</summary>
    /// <param name="prefix">First part of every namespace's name; labs of different names live side by side.</param>
    /// <param name="endsOnSignal">
    /// Removes the lab when the process is interrupted. A caller that handles signals itself says false and disposes.
    /// </param>
    public LabNetwork(string prefix, bool endsOnSignal = true)
    {
        Prefix = prefix;
        Leftovers = LabRecord.RemoveLeftovers(prefix);
        Record = LabRecord.Create(prefix);
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        if (endsOnSignal)
        {
            PosixSignal[] signals =
                [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
            _signals.AddRange(signals.Select(signal => PosixSignalRegistration.Create(signal, _ => Dispose())));
        }

        Switch = new LabHost(this, Bridge, address: "", mac: "", link: Bridge);
        Guarded(BuildSwitch);
    }

    /// <summary>First part of every namespace's name.</summary>
    public string Prefix { get; }

    /// <summary>Namespaces and processes of an earlier lab that were removed first.</summary>
    public int Leftovers { get; }

    /// <summary>The switch. Its ports are named p-HOST; a tap on a port sees the host's cable, both ways.</summary>
    public LabHost Switch { get; }

    /// <summary>All hosts on the switch, in the order they were added.</summary>
    public IReadOnlyList<LabHost> Hosts => _hosts;

    /// <summary>What has been made, on disk.</summary>
    internal LabRecord Record { get; }

    /// <summary>The host of that name.</summary>
    public LabHost this[string name] => _hosts.Find(host => host.Name == name)
        ?? throw new LabException($"there is no host {name} in the lab");

    /// <summary>Adds a host with one network card, plugged into the switch and up.</summary>
    /// <param name="name">Short: a port p-NAME must fit into 15 characters.</param>
    /// <param name="address">IPv4 address with prefix length, such as 192.168.5.101/24.</param>
    /// <param name="mac">Station address of the card.</param>
    /// <param name="link">Name of the card.</param>
    public LabHost AddHost(string name, string address, string mac, string link = "ens33")
    {
        var host = new LabHost(this, name, address, mac, link);
        Guarded(() => BuildHost(host));
        _hosts.Add(host);
        return host;
    }

    /// <summary>
    /// Adds a host that has no card yet, and speaks IPv6 as well: <see cref="LabHost.Connect"/> lays its cables.
    /// </summary>
    /// <param name="name">Short.</param>
    public LabHost AddHost(string name)
    {
        var host = new LabHost(this, name, address: "", mac: "", link: "");
        Guarded(() => MakeNamespace(host, speaksIpv6: true));
        _hosts.Add(host);
        return host;
    }

    /// <summary>Leaves everything in place for a later <c>--down</c>; what was started detached runs on.</summary>
    public void Keep()
    {
        lock (_gate)
        {
            _gone = true;
            EndAttached();
            Forget();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_gone)
            {
                return;
            }

            _gone = true;
            EndAttached();
            foreach (LabHost host in _hosts.Append(Switch))
            {
                LabRecord.RemoveNamespace(host.Namespace);
            }

            // A half-built host is in the record only; so is a detached process.
            _ = LabRecord.RemoveLeftovers(Prefix);
            Forget();
        }
    }

    private static void MakeNamespace(LabHost host, bool speaksIpv6 = false)
    {
        LabRecord.RemoveNamespace(host.Namespace);
        host.Network.Record.AddNamespace(host.Namespace);
        Commands.Ip("netns", "add", host.Namespace);
        host.Quieten(speaksIpv6);
        Commands.Ip("-n", host.Namespace, "link", "set", "lo", "up");
    }

    private void BuildSwitch()
    {
        MakeNamespace(Switch);
        Commands.Ip("-n", Switch.Namespace, "link", "add", Bridge, "type", "bridge",
            "stp_state", "0", "forward_delay", "0", "mcast_snooping", "0");
        Commands.Ip("-n", Switch.Namespace, "link", "set", Bridge, "up");
    }

    private void BuildHost(LabHost host)
    {
        MakeNamespace(host);
        Commands.Ip("-n", Switch.Namespace, "link", "add", host.Port, "type", "veth",
            "peer", "name", host.Link, "netns", host.Namespace);
        Commands.Ip("-n", host.Namespace, "link", "set", host.Link, "address", host.Mac);
        Commands.Ip("-n", host.Namespace, "addr", "add", host.Cidr, "brd", "+", "dev", host.Link);
        Commands.Ip("-n", host.Namespace, "link", "set", host.Link, "up");
        Commands.Ip("-n", Switch.Namespace, "link", "set", host.Port, "master", Bridge);
        Commands.Ip("-n", Switch.Namespace, "link", "set", host.Port, "up");
    }

    /// <summary>A lab that cannot be finished is removed before the caller hears of it.</summary>
    private void Guarded(Action build)
    {
        try
        {
            build();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void EndAttached()
    {
        List<LabProcess> living = [.. _hosts.Append(Switch)
            .SelectMany(host => host.Processes).Where(process => !process.HasExited)];
        Commands.Signal("TERM", [.. living.Select(process => process.Pid)]);
        foreach (LabProcess process in living)
        {
            process.EndWithin(TimeSpan.FromSeconds(2));
        }
    }

    private void Forget()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _signals.ForEach(signal => signal.Dispose());
        _signals.Clear();
    }

    private void OnProcessExit(object? sender, EventArgs arguments) => Dispose();
}
