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

    /// <summary>
    /// Looks every route up anew and asks for the neighbours that are missing. A server of many services is looked up
    /// once.
    /// </summary>
    internal void LookUpAll()
    {
        Dictionary<IpAddress, Way> ways = [];
        foreach (ServiceEntry service in _keeper.Services)
        {
            foreach (RealServerEntry real in service.Everybody)
            {
                IpAddress address = real.Settings.Address;
                if (!ways.TryGetValue(address, out Way way))
                {
                    way = Judge(address);
                    ways.Add(address, way);
                }

                real.Path = way.Path;
                _keeper.SetBarred(service, real, way.Barred);
                if (way.Path is { Interface: not null })
                {
                    Ask(way.Link, address);
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

    /// <summary>How LVS-DR reaches a real server, or why it cannot.</summary>
    private Way Judge(IpAddress address)
    {
        RouteInfo? found;
        try
        {
            found = _routes.Lookup(address);
        }
        catch (LinuxException error)
        {
            return Way.BarredBy(error.Message);
        }

        if (found is not { } route)
        {
            return Way.BarredBy("no route leads to it");
        }

        if (route.Type == Routes.Local)
        {
            return new Way(null, new RealServerPath(null, 0), route.LinkIndex);
        }

        if (route.Gateway is { } gateway)
        {
            return Way.BarredBy($"it is behind the gateway {gateway}; LVS-DR rewrites MAC addresses only, so a "
                + "real server must be on a network that the director is directly connected to");
        }

        return _links.Get(route.LinkIndex) is { } leading
            ? new Way(null, new RealServerPath(leading.Name, (int)leading.Mtu), route.LinkIndex)
            : Way.BarredBy("the interface that leads to it is gone");
    }

    /// <summary>How a real server is reached.</summary>
    /// <param name="Barred">Why it cannot be; null when it can.</param>
    /// <param name="Path">Null when it cannot be.</param>
    /// <param name="Link">The interface's number.</param>
    private readonly record struct Way(string? Barred, RealServerPath? Path, int Link)
    {
        internal static Way BarredBy(string reason) => new(reason, null, 0);
    }
}
