using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Offload;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Rings.Xdp;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Director.Forwarding;

/// <summary>AF_XDP: a steering program, and a socket behind each queue.</summary>
internal sealed class XdpBackend : IForwarderBackend
{
    private readonly XdpAttachment _attachment;
    private readonly Nic _nic;

    internal XdpBackend(
        Nic nic, bool nativeFirst, OffloadPoint? offload, string? pin, TablePublisher tables, FlowTables flows,
        FlowTime time, FileDescriptor stop, Action<string> fellBack)
    {
        _nic = nic;
        Offload = offload;
        _attachment = XdpAttachment.Open(nic, nativeFirst, offload, pin, fellBack);
        Workers =
        [
            .. _attachment.Sockets.Select((socket, queue) => new QueueWorker<XskPort>(
                $"fwd-{nic.Name}-{queue}",
                socket.Descriptor,
                stop,
                worker => new ForwardLoop<XskPort>(
                    socket.OpenPort(),
                    tables,
                    new Router(flows, worker.Statistics),
                    worker.Counters,
                    worker.Exits,
                    worker.Taps),
                time)),
        ];
    }

    public string Description =>
        _attachment.Description + (Offload is null ? "" : ", established flows by the program");

    public OffloadPoint? Offload { get; }

    /// <summary>Why the program is not in the driver; null when it is, or when nobody asked for that.</summary>
    internal string? NativeRefusal => _attachment.NativeRefusal;

    public IReadOnlyList<QueueWorker> Workers { get; }

    public long FramesTooLong => _attachment.Sockets.Sum(socket => socket.ReadLosses().TooLong);

    public bool CutsMerged => _attachment.Sockets.All(socket => socket.CutsMerged);

    public void TakeOver() => _attachment.TakeOver(_nic);

    public void SetServices(IReadOnlyCollection<ServiceKey> services) => _attachment.Steering.SetServices(services);

    public IEnumerable<(string Name, long Value)> ReadCounters()
    {
        SteeringProgram steering = _attachment.Steering;
        if (Offload is not null)
        {
            yield return ("forwarded by the program", Offload.SentInAll());
        }

        yield return ("steered to the forwarder", steering.Read(SteeringCounter.Steered));
        yield return ("passed to the kernel", steering.Read(SteeringCounter.Passed));
        yield return ("passed to the kernel, malformed", steering.Read(SteeringCounter.PassedMalformed));
        XskLosses[] losses = [.. _attachment.Sockets.Select(socket => socket.ReadLosses())];
        yield return ("lost by the kernel, no frame free", losses.Sum(loss => loss.NoFrame));
        yield return ("lost by the kernel, ring full", losses.Sum(loss => loss.ReceiveRingFull));
        yield return ("lost by the kernel, other", losses.Sum(loss => loss.TooLong));
    }

    public string ListProgram() => BpfListing.Of(_attachment.Steering.Code);

    public void Dispose() => _attachment.Dispose();
}
