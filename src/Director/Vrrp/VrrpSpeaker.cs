using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using XdpLvs.Director.Logging;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>The VRRP thread: waits for a packet, an event or the earliest deadline, and does nothing else.</summary>
/// <remarks>
/// Packets that wait are heard before any deadline is looked at: an advert that arrived in time counts, however late
/// this thread woke up. Nothing here waits for checks, the director loop or the log.
/// </remarks>
internal sealed class VrrpSpeaker : IDisposable
{
    private const long PollMicrosecondsMax = 3_600_000_000;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly NetlinkSocket _netlink = NetlinkSocket.OpenRoute();
    private readonly FileDescriptor _wake = Syscalls.EventCounter("VRRP thread");
    private readonly ConcurrentQueue<NetworkEvent> _events = new();
    private readonly Dictionary<string, VrrpPort> _ports = [];
    private readonly Dictionary<string, VipDevice> _devices = [];
    private readonly List<VrrpRouter> _routers = [];
    private readonly HashSet<uint> _peers = [];
    private readonly Links _links;
    private readonly Addresses _addresses;
    private readonly ChannelWriter<DirectorEvent> _director;
    private readonly Thread _thread;
    private volatile bool _stopping;

    /// <summary>Opens the sockets of every interface that an instance speaks on.</summary>
    /// <exception cref="LinuxException">An interface is missing or refuses.</exception>
    internal VrrpSpeaker(ImmutableArray<InstancePlan> plans, EventLog log, ChannelWriter<DirectorEvent> director)
    {
        _director = director;
        _links = new Links(_netlink);
        _addresses = new Addresses(_netlink);
        _thread = new Thread(Run) { Name = "xdplvs-vrrp", IsBackground = true, Priority = ThreadPriority.Highest };
        try
        {
            IEnumerable<string> names = plans.SelectMany(plan => plan.Addresses).Select(address => address.Device);
            foreach (string device in names.Distinct())
            {
                _devices.Add(device, new VipDevice(Require(device)));
            }

            foreach (InstancePlan plan in plans)
            {
                VrrpPort port = PortOf(plan.Interface);
                var router = new VrrpRouter(plan, port, _devices, _addresses, log);
                port.Routers.Add(router);
                _routers.Add(router);
            }
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Starts every instance.</summary>
    internal void Start() => _thread.Start();

    /// <summary>Tells of a network event. Called by the watcher's thread; never blocks.</summary>
    internal void Hear(NetworkEvent happened)
    {
        if (happened.Kind is NetworkEventKind.Link or NetworkEventKind.LinkGone or NetworkEventKind.Address
            or NetworkEventKind.AddressGone or NetworkEventKind.Overrun)
        {
            _events.Enqueue(happened);
            Syscalls.Wake(_wake);
        }
    }

    /// <summary>Roles and counts of every instance.</summary>
    internal string DescribeCounters()
    {
        var text = new StringBuilder();
        foreach (VrrpRouter router in _routers)
        {
            VrrpCounters counts = router.Counters;
            text.Append(CultureInfo.InvariantCulture, $"VRRP {router.Settings.Name}: {VrrpLog.Name(router.Role)}\n");
            Append(text, "adverts received", counts.AdvertsReceived);
            Append(text, "adverts sent", counts.AdvertsSent);
            Append(text, "became master", counts.BecameActive);
            Append(text, "released master", counts.ReleasedActive);
            Append(text, "priority zero received", counts.PriorityZeroReceived);
            Append(text, "priority zero sent", counts.PriorityZeroSent);
            foreach (AdvertFault fault in Enum.GetValues<AdvertFault>().Where(fault => counts.Refused(fault) > 0))
            {
                Append(text, $"refused: {fault}", counts.Refused(fault));
            }
        }

        return text.ToString();
    }

    /// <summary>Resigns wherever it is active, takes the addresses down, and ends the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        Syscalls.Wake(_wake);
        if (_thread.IsAlive)
        {
            _thread.Join(StopPatience);
        }

        Close();
    }

    private static void Append(StringBuilder text, string name, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"  {name,-44} {value,12}\n");

    private static Instant Now() => new(Clock.NowMicroseconds);

    private LinkInfo Require(string name) =>
        _links.Get(name) ?? throw new LinuxException("interface", name, Errno.ENODEV);

    private VrrpPort PortOf(string name)
    {
        if (!_ports.TryGetValue(name, out VrrpPort? port))
        {
            port = new VrrpPort(Require(name));
            _ports.Add(name, port);
        }

        return port;
    }

    private void Run()
    {
        PollSlot[] slots =
        [
            new() { Descriptor = _wake.Number, Wanted = PollSlot.In },
            .. _ports.Values.Select(port => new PollSlot { Descriptor = port.Descriptor.Number, Wanted = PollSlot.In }),
        ];
        _routers.ForEach(router => router.Start(Now()));
        while (!_stopping)
        {
            HearPackets();
            HearEvents();
            Instant next = Tick();
            long wait = Math.Min(next.MicrosecondsFrom(Now()), PollMicrosecondsMax);
            if (Syscalls.Poll(slots, wait) > 0 && slots[0].Found != 0)
            {
                Syscalls.ClearWake(_wake);
            }
        }

        _routers.ForEach(router => router.Stop(Now()));
    }

    private Instant Tick()
    {
        Instant now = Now();
        Instant next = Instant.Never;
        foreach (VrrpRouter router in _routers)
        {
            router.Tick(now);
            next = Instant.Min(next, router.NextDeadline);
        }

        return next;
    }

    private void HearPackets()
    {
        foreach (VrrpPort port in _ports.Values)
        {
            for (ReadOnlySpan<byte> packet = port.Receive(); !packet.IsEmpty; packet = port.Receive())
            {
                HearPacket(port, packet);
            }
        }
    }

    private void HearPacket(VrrpPort port, ReadOnlySpan<byte> packet)
    {
        if (!AdvertReader.TryReadVrid(packet, out byte vrid))
        {
            return;
        }

        foreach (VrrpRouter router in port.Routers)
        {
            uint sender = router.Settings.Vrid == vrid ? router.Hear(packet, Now()) : 0;
            if (sender != 0 && _peers.Add(sender) && !_director.TryWrite(new PeerHeard(port.Link.Index, sender)))
            {
                _peers.Remove(sender); // the loop is busy: tell it with the next advert
            }
        }
    }

    private void HearEvents()
    {
        bool changed = false;
        while (_events.TryDequeue(out NetworkEvent _))
        {
            changed = true;
        }

        if (!changed)
        {
            return;
        }

        foreach (VipDevice device in _devices.Values)
        {
            device.Link = _links.Get(device.Link.Index) ?? device.Link;
        }

        foreach (VrrpPort port in _ports.Values)
        {
            port.Link = _links.Get(port.Link.Index) ?? port.Link with { IsUp = false, IsRunning = false };
            uint? source = port.IsReady ? SourceOf(port) : null;
            foreach (VrrpRouter router in port.Routers)
            {
                router.SetSource(source, Now());
            }
        }
    }

    /// <summary>The interface's address that is none of the virtual ones.</summary>
    private uint? SourceOf(VrrpPort port)
    {
        foreach (AddressInfo address in _addresses.Dump(port.Link.Index))
        {
            bool isVirtual = _routers.Exists(router => router.Settings.Addresses.Contains(address.Address));
            if (!address.IsSecondary && !isVirtual)
            {
                return address.Address;
            }
        }

        return null;
    }

    private void Close()
    {
        foreach (VrrpPort port in _ports.Values)
        {
            port.Dispose();
        }

        foreach (VipDevice device in _devices.Values)
        {
            device.Dispose();
        }

        _netlink.Dispose();
        _wake.Dispose();
    }
}
