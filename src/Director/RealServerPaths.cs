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
        foreach (ServiceEntry service in _keeper.Services)
        {
            foreach (RealServerEntry real in service.Everybody)
            {
                string? barred = Judge(real.Settings.Address, out RealServerPath? path, out int link);
                real.Path = path;
                _keeper.SetBarred(service, real, barred);
                if (path is { Interface: not null })
                {
                    Ask(link, real.Settings.Address);
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
        if (_neighbours.TryGet(link, address, out NeighbourInfo known) && known.IsUsable)
        {
            mac = new MacAddress(known.Mac!.Value);
            return true;
        }

        _neighbours.Resolve(link, address);
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

    /// <summary>Why LVS-DR cannot reach a real server; null when it can, with the way.</summary>
    private string? Judge(IpAddress address, out RealServerPath? path, out int link)
    {
        path = null;
        link = 0;
        RouteInfo? found;
        try
        {
            found = _routes.Lookup(address);
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
            path = new RealServerPath(null, 0);
            return null;
        }

        if (route.Gateway is { } gateway)
        {
            return $"it is behind the gateway {gateway}; LVS-DR rewrites MAC addresses only, so a "
                + "real server must be on a network that the director is directly connected to";
        }

        if (_links.Get(route.LinkIndex) is not { } leading)
        {
            return "the interface that leads to it is gone";
        }

        path = new RealServerPath(leading.Name, (int)leading.Mtu);
        return null;
    }
}
