using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Config;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Tracking;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tools.Replay;

/// <summary>
/// A configuration as a forwarding table where there is no network: every real server is healthy, on the one network
/// there is, and has a MAC address that was given or made up.
/// </summary>
internal sealed class ReplayTable
{
    private const string OneNetwork = "the capture";
    private const ulong MadeUp = 0x02_00_00_00_00_00; // locally administered, so nobody's

    private readonly TableKeeper _keeper;
    private readonly Dictionary<MacAddress, IpAddress> _addresses = [];

    /// <summary>Builds the table.</summary>
    /// <param name="config">As parsed.</param>
    /// <param name="macs">MAC addresses that are known; the others are 02:00:00:00:00:01 and so on, in the order in
    /// which the configuration names the real servers.</param>
    /// <param name="mtu">Octets of the largest packet that real servers take; 0 sets no limit.</param>
    /// <param name="complain">Hears what the forwarder cannot do.</param>
    internal ReplayTable(
        DirectorConfig config, IReadOnlyDictionary<IpAddress, MacAddress> macs, int mtu, Action<string> complain)
    {
        DirectorPlan plan = Wiring.Plan(config, TrackPlan.None, _ => default, default, (_, _) => OneNetwork, complain);
        Settings = config.Globals.Forwarder;
        _keeper = new TableKeeper([.. plan.Services.Select(Healthy)], plan.Policy, _ => { });
        VirtualAddresses = [.. plan.Services.Select(service => service.Key.Address)];
        foreach (RealServerEntry real in _keeper.Services.SelectMany(service => service.Everybody))
        {
            real.Path = new RealServerPath(OneNetwork, mtu);
        }

        ulong number = 0;
        foreach (IpAddress address in _keeper.RealAddresses)
        {
            number++;
            MacAddress mac = macs.TryGetValue(address, out MacAddress known) ? known : new MacAddress(MadeUp + number);
            _keeper.SetNeighbour(address, mac);
            _addresses.TryAdd(mac, address);
        }
    }

    /// <summary>Sizes of the flow tables.</summary>
    internal ForwarderSettings Settings { get; }

    /// <summary>Of all virtual servers.</summary>
    internal HashSet<IpAddress> VirtualAddresses { get; }

    /// <summary>Each real server's address behind its MAC address.</summary>
    internal IReadOnlyDictionary<MacAddress, IpAddress> Addresses => _addresses;

    /// <summary>Tells the counts how many connections each real server may have.</summary>
    internal void LimitConnections(FlowCounts counts) => _keeper.LimitConnections(counts);

    /// <summary>The table of a director with that MAC address.</summary>
    internal ForwardingTable Build(MacAddress own) => _keeper.Build(OneNetwork, own, []);

    private static ServiceSettings Healthy(ServiceSettings service) => service with
    {
        Interface = OneNetwork,
        Reals = [.. service.Reals.Select(Healthy)],
        Sorry = service.Sorry is { } sorry ? Healthy(sorry) : null,
    };

    private static RealServerSettings Healthy(RealServerSettings real) =>
        real with { Checks = 0, StartsDown = false, Barred = null };
}
