using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>Everything the data path may ask about, frozen at one moment. Never modified, only replaced.</summary>
public sealed class ForwardingTable
{
    private static readonly RealServer[] NoReal = new RealServer[1];
    private static readonly PlainTarget[] NoTarget = new PlainTarget[1];

    private readonly FrozenDictionary<ServiceKey, VirtualService> _services;
    private readonly RealServer[] _reals;
    private readonly PlainTarget[] _targets;
    private readonly ulong[] _directorMacs;
    private readonly FrozenSet<(IpAddress, byte)> _served;
    private readonly Neighbour[] _directors;
    private readonly bool _anyPort;

    /// <summary>Copies what it is given, so the caller may go on with its own.</summary>
    /// <param name="localMac">Source address of every frame sent.</param>
    /// <param name="services">With the real servers that are in service.</param>
    /// <param name="directors">The other directors: what they send for others was forwarded already.</param>
    /// <param name="policy">Timeouts and switches.</param>
    public ForwardingTable(
        MacAddress localMac,
        IReadOnlyCollection<VirtualService> services,
        IReadOnlyCollection<Neighbour> directors,
        FlowPolicy policy)
    {
        LocalMac = localMac;
        Policy = policy;
        Timeouts = policy.Timeouts;
        _services = services.ToFrozenDictionary(service => service.Key);
        _directors = [.. directors];
        var macs = new List<ulong> { localMac.Bits };
        foreach (Neighbour director in directors)
        {
            macs.Add(director.Mac.Bits);
        }

        _directorMacs = [.. macs];
        var served = new HashSet<(IpAddress, byte)>();
        int highest = -1;
        foreach (VirtualService service in services)
        {
            _anyPort |= service.Key.Port == 0;
            served.Add((service.Key.Address, service.Key.Protocol));
            foreach (RealServer real in service.Reals)
            {
                highest = Math.Max(highest, real.Number);
            }
        }

        _served = served.ToFrozenSet();
        _reals = new RealServer[highest + 1];
        _targets = new PlainTarget[highest + 1];
        foreach (VirtualService service in services)
        {
            foreach (RealServer real in service.Reals)
            {
                MacAddress source = real.SourceMac == default ? localMac : real.SourceMac;
                _reals[real.Number] = real with { SourceMac = source };
                _targets[real.Number] = PlainTarget.Of(_reals[real.Number]);
            }
        }
    }

    /// <summary>A table without a service: everything is somebody else's.</summary>
    public static ForwardingTable Empty { get; } = new(default, [], [], FlowPolicy.Default);

    /// <summary>Source address of every frame sent.</summary>
    public MacAddress LocalMac { get; }

    /// <summary>Timeouts and switches.</summary>
    public FlowPolicy Policy { get; }

    /// <summary>Timeouts of connections; the policy's.</summary>
    public FlowTimeouts Timeouts { get; }

    /// <summary>MAC addresses of directors; the first is our own.</summary>
    internal ReadOnlySpan<ulong> DirectorMacs => _directorMacs;

    /// <summary>All services, in no order.</summary>
    public ImmutableArray<VirtualService> Services => _services.Values;

    /// <summary>The service that a frame is for: that of its port before that of all ports.</summary>
    public bool TryFindService(ServiceKey key, out VirtualService service) =>
        _services.TryGetValue(key, out service!)
        || (_anyPort && _services.TryGetValue(key with { Port = 0 }, out service!));

    /// <summary>Whether any port of that address is served: all that a later fragment lets us ask.</summary>
    public bool IsServed(IpAddress address, byte protocol) => _served.Contains((address, protocol));

    /// <summary>The real server with that number; one with no address if it is not in service.</summary>
    public ref readonly RealServer Real(ushort number)
    {
        RealServer[] reals = _reals;
        return ref number < reals.Length ? ref reals[number] : ref NoReal[0];
    }

    /// <summary>The same as a plain frame needs it; one that takes nothing if it is not in service.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly PlainTarget Target(ushort number)
    {
        PlainTarget[] targets = _targets;
        return ref number < targets.Length ? ref targets[number] : ref NoTarget[0];
    }

    /// <summary>Whether that MAC address is ours or another director's: then <see cref="IsForwarded"/> has to say more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool IsDirector(ulong mac)
    {
        foreach (ulong director in _directorMacs)
        {
            if (director == mac)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a director forwarded that frame once already: it comes from our MAC, or from another director's on
    /// behalf of somebody else. A director that is a client itself sends from its own address.
    /// </summary>
    /// <param name="packet">As read: its sender and the source of its IP packet.</param>
    public bool IsForwarded(in Packet packet)
    {
        bool forwarded = packet.Sender == LocalMac;
        foreach (Neighbour director in _directors)
        {
            forwarded |= director.Mac == packet.Sender && director.Address != packet.Source;
        }

        return forwarded;
    }
}
