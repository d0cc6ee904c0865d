using XdpLvs.Director.Tracking;
using XdpLvs.Linux.Netlink;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <content>What the kernel says of interfaces and their addresses.</content>
internal sealed partial class VrrpSpeaker
{
    private void ReadLinks()
    {
        foreach (VipDevice device in _devices.Values)
        {
            device.Link = _links.Get(device.Link.Index) ?? device.Link with { IsUp = false, IsRunning = false };
        }

        foreach (VrrpPort port in _ports.Values)
        {
            port.Link = _links.Get(port.Link.Index) ?? port.Link with { IsUp = false, IsRunning = false };
        }
    }

    private void ReadTrackedLinks()
    {
        foreach ((string name, bool? before) in _trackedLinks)
        {
            bool isUp = _links.Get(name) is { IsUp: true, IsRunning: true };
            if (isUp != before)
            {
                _trackedLinks[name] = isUp; // replacing a value does not disturb the enumeration
                var id = new TrackerId(TrackerKind.Interface, name);
                _routers.ForEach(router => router.Hear(id, Reading.Of(isUp), Now()));
            }
        }
    }

    private void ReadSources()
    {
        foreach (VrrpPort port in _ports.Values)
        {
            VrrpAddress? source = port.IsReady ? SourceOf(port) : null;
            foreach (VrrpRouter router in port.Routers)
            {
                router.SetSource(source, Now());
            }
        }
    }

    /// <summary>The interface's address that is none of the virtual ones.</summary>
    private VrrpAddress? SourceOf(VrrpPort port)
    {
        if (port.Channel.IsV6)
        {
            foreach (AddressInfoV6 address in _addresses.DumpV6(port.Link.Index))
            {
                VrrpAddress candidate = address.Address.ToVrrp();
                if (candidate.IsLinkLocalV6 && address.IsUsable && !IsVirtual(candidate))
                {
                    return candidate;
                }
            }

            return null;
        }

        foreach (AddressInfo address in _addresses.Dump(port.Link.Index))
        {
            if (!address.IsSecondary && !IsVirtual(address.Address))
            {
                return address.Address;
            }
        }

        return null;
    }

    private bool IsVirtual(VrrpAddress address) =>
        _routers.Exists(router => router.Settings.Addresses.Contains(address));
}
