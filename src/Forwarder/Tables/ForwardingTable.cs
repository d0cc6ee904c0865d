using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder.Tables;

/// <summary>A real server as the data path sees it.</summary>
/// <param name="Number">Its place in <see cref="ForwardingTable"/>; the same in every table while it is
/// configured.</param>
/// <param name="Address">IPv4, host order.</param>
/// <param name="Mac">Where its frames go; zero while the neighbour is not resolved.</param>
/// <param name="Weight">0 takes no new connection.</param>
public readonly record struct RealServer(ushort Number, uint Address, MacAddress Mac, int Weight)
{
    /// <summary>Whether its MAC address is known.</summary>
    public bool IsResolved => Mac.Bits != 0;
}

/// <summary>A host on the same network.</summary>
/// <param name="Address">IPv4, host order.</param>
/// <param name="Mac">Its MAC address.</param>
public readonly record struct Neighbour(uint Address, MacAddress Mac);

/// <summary>A virtual service as the data path sees it. Frozen but for its scheduler's memory.</summary>
/// <param name="Key">Address, port and protocol.</param>
/// <param name="Scheduler">Who chooses.</param>
/// <param name="Memory">What the scheduler remembers from choice to choice; goes on from table to table.</param>
/// <param name="PersistenceTicks">How long a client stays with its real server; 0 is off.</param>
/// <param name="PersistenceMask">Which bits of a client's address make one client, host order.</param>
/// <param name="Reals">In service, in the order in which they were added.</param>
public sealed record VirtualService(
    ServiceKey Key,
    SchedulerKind Scheduler,
    SchedulerMemory Memory,
    uint PersistenceTicks,
    uint PersistenceMask,
    ImmutableArray<RealServer> Reals);

/// <summary>Everything the data path may ask about, frozen at one moment. Never modified, only replaced.</summary>
public sealed class ForwardingTable
{
    private readonly FrozenDictionary<ServiceKey, VirtualService> _services;
    private readonly RealServer[] _reals;
    private readonly Neighbour[] _directors;

    /// <summary>Copies what it is given, so the caller may go on with its own.</summary>
    /// <param name="localMac">Source address of every frame sent.</param>
    /// <param name="services">With the real servers that are in service.</param>
    /// <param name="directors">The other directors: what they send for others was forwarded already.</param>
    /// <param name="timeouts">Of connections.</param>
    public ForwardingTable(
        MacAddress localMac,
        IReadOnlyCollection<VirtualService> services,
        IReadOnlyCollection<Neighbour> directors,
        FlowTimeouts timeouts)
    {
        LocalMac = localMac;
        Timeouts = timeouts;
        _services = services.ToFrozenDictionary(service => service.Key);
        _directors = [.. directors];
        int highest = -1;
        foreach (VirtualService service in services)
        {
            foreach (RealServer real in service.Reals)
            {
                highest = Math.Max(highest, real.Number);
            }
        }

        _reals = new RealServer[highest + 1];
        foreach (VirtualService service in services)
        {
            foreach (RealServer real in service.Reals)
            {
                _reals[real.Number] = real;
            }
        }
    }

    /// <summary>A table without a service: everything is somebody else's.</summary>
    public static ForwardingTable Empty { get; } = new(default, [], [], FlowTimeouts.Default);

    /// <summary>Source address of every frame sent.</summary>
    public MacAddress LocalMac { get; }

    /// <summary>Timeouts of connections.</summary>
    public FlowTimeouts Timeouts { get; }

    /// <summary>All services, in no order.</summary>
    public ImmutableArray<VirtualService> Services => _services.Values;

    /// <summary>The service that a frame is for.</summary>
    public bool TryFindService(ServiceKey key, out VirtualService service) =>
        _services.TryGetValue(key, out service!);

    /// <summary>The real server with that number, if it is in service.</summary>
    public bool TryFindReal(ushort number, out RealServer real)
    {
        real = number < _reals.Length ? _reals[number] : default;
        return real.Address != 0;
    }

    /// <summary>
    /// Whether a director forwarded that frame once already: it comes from our MAC, or from another director's on
    /// behalf of somebody else. A director that is a client itself sends from its own address.
    /// </summary>
    public bool IsForwarded(MacAddress source, uint sourceAddress)
    {
        bool forwarded = source == LocalMac;
        foreach (Neighbour director in _directors)
        {
            forwarded |= director.Mac == source && director.Address != sourceAddress;
        }

        return forwarded;
    }
}
