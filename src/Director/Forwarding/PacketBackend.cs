using System.Collections.Generic;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
namespace XdpLvs.Director.Forwarding;
internal sealed class PacketBackend(Nic nic, TablePublisher t, Router r, FlowTime f, FileDescriptor s) : IForwarderBackend
{
    public string Description => "AF_PACKET" + nic + t + r + f + s;
    public IReadOnlyList<QueueWorker> Workers => [];
    public void SetServices(IReadOnlyCollection<ServiceKey> services) {}
    public IEnumerable<(string Name, long Value)> ReadCounters() => [];
    public void Dispose() {}
}
