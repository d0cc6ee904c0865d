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
internal static class VipInterfaces
{
    /// <summary>
    /// The interface that has the address; else the one whose network it is in; else the one that leads to the first
    /// real server that is not the director itself. Null when there is none.
    /// </summary>
    internal static string? Find(NetlinkSocket netlink, IpAddress virtualAddress, IReadOnlyList<IpAddress> reals)
    {
        foreach (NetworkInterface each in NetworkInterface.GetAllNetworkInterfaces())
        {
            bool isLoopback = each.NetworkInterfaceType == NetworkInterfaceType.Loopback;
            if (!isLoopback && each.GetIPProperties().UnicastAddresses.Any(a => IsSame(a, virtualAddress)))
            {
                return each.Name;
            }
        }

        var routes = new Routes(netlink);
        var links = new Links(netlink);
        foreach (IpAddress address in reals.Prepend(virtualAddress))
        {
            if (routes.Lookup(address) is { Type: Routes.Unicast } route
                && (route.Gateway is null || address != virtualAddress))
            {
                return links.Get(route.LinkIndex)?.Name;
            }
        }

        return null;
    }

    private static bool IsSame(UnicastIPAddressInformation held, IpAddress address) =>
        IpAddress.From(held.Address) == address;
}
