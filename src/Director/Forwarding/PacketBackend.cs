using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Packet;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Nftables;

namespace XdpLvs.Director.Forwarding;

/// <summary>
/// AF_PACKET: rings that see every frame, and a rule that keeps the kernel from answering those we take.
/// </summary>
internal sealed class PacketBackend : IForwarderBackend
{
    private readonly PacketSocket _socket;
    private readonly IngressDropRule _rule;

    /// <exception cref="LinuxException">Refused, or another process holds the rule for this interface.</exception>
    internal PacketBackend(Nic nic, TablePublisher tables, FlowTables flows, FlowTime time, FileDescriptor stop)
    {
        _rule = new IngressDropRule(nic.Name, []); // first: it names the other daemon if there is one
        try
        {
            _socket = PacketSocket.Open(nic.Index, nic.Name, (int)nic.Mtu);
        }
        catch
        {
            _rule.Dispose();
            throw;
        }

        Workers =
        [
            new QueueWorker<PacketPort>(
                $"fwd-{nic.Name}",
                _socket.Descriptor,
                stop,
                worker => new ForwardLoop<PacketPort>(
                    _socket.OpenPort(),
                    tables,
                    new Router(flows, worker.Statistics),
                    worker.Counters,
                    worker.Exits,
                    worker.Taps),
                time),
        ];
    }

    public string Description => "AF_PACKET rings";

    public IReadOnlyList<QueueWorker> Workers { get; }

    public OffloadPoint? Offload => null;

    public void TakeOver()
    {
        // nothing outlives a process that has only sockets
    }

    public bool CutsMerged => true;

    public long FramesTooLong => _socket.ReadLosses().Oversized;

    public void SetServices(IReadOnlyCollection<ServiceKey> services)
    {
        IngressService[] taken = [.. services.Select(key => new IngressService(key.Address, key.Protocol, key.Port))];
        _rule.Replace(taken);
    }

    public IEnumerable<(string Name, long Value)> ReadCounters()
    {
        PacketLosses losses = _socket.ReadLosses();
        yield return ("kept from the kernel", (long)_rule.CountDropped());
        yield return ("lost by the kernel, ring full", losses.RingFull);
        yield return ("given up, longer than the MTU", losses.Oversized);
    }

    public string? ListProgram() => null;

    public void Dispose()
    {
        _socket.Dispose();
        _rule.Dispose();
    }
}
