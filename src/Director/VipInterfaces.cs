using System.Collections.Generic;
using System.Linq;
using System.Net.NetworkInformation;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Director;

/// <summary>
/// Guesses where the frames for a virtual address arrive that no vrrp_instance holds: an operator, or something else,
/// puts it there.
/// </summary>
/// <param name="netlink">Asked for routes; the addresses of all interfaces are read once.</param>
internal sealed class VipInterfaces(NetlinkSocket netlink)
{
    private readonly Dictionary<IpAddress, string> _held = Held();
    private readonly Routes _routes = new(netlink);
    private readonly Links _links = new(netlink);

    /// <summary>
    /// The interface that has the address; else the one whose network it is in; else the one that leads to the first
    /// real server that is not the director itself. Null when there is none.
    /// </summary>
    internal string? Find(IpAddress virtualAddress, IReadOnlyList<IpAddress> reals)
    {
        if (_held.TryGetValue(virtualAddress, out string? holder))
        {
            return holder;
        }

        foreach (IpAddress address in reals.Prepend(virtualAddress))
        {
            if (_routes.Lookup(address) is { Type: Routes.Unicast } route
                && (route.Gateway is null || address != virtualAddress))
            {
                return _links.Get(route.LinkIndex)?.Name;
            }
        }

        return null;
    }

    /// <summary>Every address and the first interface that has it; a loopback receives no frames.</summary>
    private static Dictionary<IpAddress, string> Held()
    {
        Dictionary<IpAddress, string> held = [];
        foreach (NetworkInterface each in NetworkInterface.GetAllNetworkInterfaces()
            .Where(each => each.NetworkInterfaceType != NetworkInterfaceType.Loopback))
        {
            foreach (UnicastIPAddressInformation address in each.GetIPProperties().UnicastAddresses)
            {
                held.TryAdd(IpAddress.From(address.Address), each.Name);
            }
        }

        return held;
    }
}
