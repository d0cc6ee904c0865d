using System;
using System.Collections.Generic;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Director;

/// <summary>
/// Finds the way to every real server: its interface by the kernel's routes, its MAC by the kernel's neighbours.
/// Owned by the director loop.
/// </summary>
internal sealed class RealServerPaths : IDisposable
{
    private readonly NetlinkSocket _socket = NetlinkSocket.OpenRoute();
    private readonly Routes _routes;
    private readonly Neighbours _neighbours;
    private readonly Links _links;
    private readonly TableKeeper _keeper;
    private readonly HashSet<IpAddress> _asked = [];

    internal RealServerPaths(TableKeeper keeper)
    {
        _keeper = keeper;
        _routes = new Routes(_socket);
        _neighbours = new Neighbours(_socket);
        _links = new Links(_socket);
    }

    /// <summary>Looks every route up anew and asks for the neighbours that are missing.</summary>
    internal void LookUpAll()
    {
        for (int service = 0; service < _keeper.Services.Length; service++)
        {
            ServiceEntry entry = _keeper.Services[service];
            for (int real = 0; real < entry.Reals.Length; real++)
            {
                IpAddress address = entry.Reals[real].Settings.Address;
                string? barred = Judge(address, entry.Settings.Interface, out int link);
                _keeper.SetBarred(service, real, barred);
                if (barred is null)
                {
                    Ask(link, address);
                }
            }
        }
    }

    /// <summary>Asks again for what was not answered.</summary>
    internal void AskAgain()
    {
        _asked.Clear();
        LookUpAll();
    }

    /// <summary>Takes a neighbour event in. Returns whether a real server's MAC changed.</summary>
    internal bool Hear(NeighbourInfo neighbour)
    {
        if (!neighbour.IsUsable)
        {
            return false; // the last known MAC stays: whether the server lives is for its checks to say
        }

        _asked.Remove(neighbour.Address);
        return _keeper.SetNeighbour(neighbour.Address, new MacAddress(neighbour.Mac!.Value));
    }

    /// <summary>A neighbour's MAC if the kernel knows it; otherwise has the kernel ask for it.</summary>
    internal bool TryFind(int link, IpAddress address, out MacAddress mac)
    {
        mac = default;
        if (_neighbours.TryGet(link, address.V4, out NeighbourInfo known) && known.IsUsable)
        {
            mac = new MacAddress(known.Mac!.Value);
            return true;
        }

        _neighbours.Resolve(link, address.V4);
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Ask(int link, IpAddress address)
    {
        if (_asked.Contains(address) || !_keeper.IsUnresolved(address))
        {
            return;
        }

        if (TryFind(link, address, out MacAddress mac))
        {
            _keeper.SetNeighbour(address, mac);
        }
        else
        {
            _asked.Add(address);
        }
    }

    /// <summary>Why LVS-DR cannot reach a real server; null when it can.</summary>
    private string? Judge(IpAddress address, string wanted, out int link)
    {
        link = 0;
        RouteInfo? found;
        try
        {
            found = _routes.Lookup(address.V4);
        }
        catch (LinuxException error)
        {
            return error.Message;
        }

        if (found is not { } route)
        {
            return "no route leads to it";
        }

        link = route.LinkIndex;
        if (route.Type == Routes.Local)
        {
            return "it is an address of the director itself, which this forwarder cannot serve";
        }

        if (route.Gateway is { } gateway)
        {
            return $"it is behind the gateway {AddressText.Text(gateway)}; LVS-DR rewrites MAC addresses only, so a "
                + "real server must be on a network that the director is directly connected to";
        }

        string? name = _links.Get(route.LinkIndex)?.Name;
        return name == wanted
            ? null
            : $"it is on {name ?? "an interface that is gone"}, but the frames of its virtual server arrive on "
                + $"{wanted}; this forwarder sends where it receives";
    }
}
