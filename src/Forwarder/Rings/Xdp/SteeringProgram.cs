using System;
using System.Collections.Generic;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>What the steering program counts; indices of its counter map.</summary>
public enum SteeringCounter
{
    /// <summary>Left to the kernel: no service of ours.</summary>
    Passed,

    /// <summary>Left to the kernel: too short, or lying about its length.</summary>
    PassedMalformed,

    /// <summary>Handed to the forwarder.</summary>
    Steered,
}

/// <summary>
/// The XDP program that decides which frames the forwarder gets: packets of IPv4 and IPv6 to our MAC for a configured
/// address, protocol and port, with up to two VLAN tags; pieces of such packets; and ICMP errors that quote one.
/// Everything else stays with the kernel.
/// </summary>
/// <remarks>
/// Emitted here, checked by the kernel's verifier. What is steered cannot go back, so only that is steered which the
/// forwarder understands and has a service for: it walks extension headers as far as <see cref="Ipv6ChainView"/> does.
/// A later piece of a packet has no port; it is steered where any service of that address and protocol exists, unless
/// its first piece came before it and had no service: then the kernel gets both. A frame for a service whose queue has
/// no socket is dropped: the kernel, which holds the address, would reset it.
/// </remarks>
public sealed class SteeringProgram : IDisposable
{
    private const int ServicesMax = 65536, KeysPerService = 2, StrangersMax = 4096, QueuesMax = 256;

    private readonly BpfMap _services = new(
        BpfMapType.Hash, SteeringKey.Size, sizeof(uint), ServicesMax * KeysPerService, "xdplvs_svc", growing: true);

    private readonly NearServices _near = new();
    private readonly BpfMap _strangers = new(
        BpfMapType.LruHash, SteeringCode.StrangerKeySize, sizeof(uint), StrangersMax, "xdplvs_frag");

    private readonly BpfMap _queues = new(BpfMapType.XskMap, sizeof(int), sizeof(int), QueuesMax, "xdplvs_xsk");
    private readonly BpfMap _counters = new(BpfMapType.PerCpuArray, sizeof(int), sizeof(long), 3, "xdplvs_count");
    private readonly HashSet<SteeringKey> _known = [];

    /// <summary>Emits the program for an interface's own MAC and has it verified.</summary>
    /// <param name="own">The MAC address that frames for us have.</param>
    /// <param name="offload">Forwards what it can before anything is steered; null for none. It stays its owner's.
    /// </param>
    public SteeringProgram(MacAddress own, OffloadPoint? offload = null)
    {
        try
        {
            var maps = new SteeringMaps(_services, _near.Map, _strangers, _queues, _counters);
            Code = SteeringCode.Emit(own, maps, offload);
            Program = BpfProgram.LoadXdp(Code.Assemble(), offload is null ? "xdplvs_steer" : "xdplvs_forward");
        }
        catch
        {
            DisposeMaps();
            throw;
        }
    }

    /// <summary>What was loaded, to be listed.</summary>
    public BpfAssembler Code { get; }

    /// <summary>The loaded program, owned by this object.</summary>
    public BpfProgram Program { get; }

    /// <summary>From now on these services and no others go to the forwarder.</summary>
    public void SetServices(IReadOnlyCollection<ServiceKey> services)
    {
        var wanted = new HashSet<SteeringKey>();
        foreach (ServiceKey service in services)
        {
            wanted.Add(SteeringKey.OfService(service));
            wanted.Add(SteeringKey.OfPieces(service));
        }

        _near.Keep(wanted);
        _known.RemoveWhere(key => !wanted.Contains(key) && _services.Remove(key));
        foreach (SteeringKey key in wanted)
        {
            if (!_known.Contains(key))
            {
                _services.Set(key, 1u);
                _known.Add(key); // only now: what the kernel refused is tried again next time
            }

            _near.Add(key);
        }
    }

    /// <summary>Frames of a queue go to this socket.</summary>
    public void SetSocket(int queue, XskSocket socket) => _queues.Set(queue, socket.Descriptor.Number);

    /// <summary>Frames counted so far, all processors together.</summary>
    public long Read(SteeringCounter counter) => _counters.SumPerCpu((int)counter);

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        DisposeMaps();
    }

    private void DisposeMaps()
    {
        _services.Dispose();
        _near.Dispose();
        _strangers.Dispose();
        _queues.Dispose();
        _counters.Dispose();
    }
}
