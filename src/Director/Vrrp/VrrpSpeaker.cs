using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Tracking;
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
internal sealed partial class VrrpSpeaker : IDisposable
{
    private const long PollMicrosecondsMax = 3_600_000_000;
    private const int NoticesMax = 256;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly NetlinkSocket _netlink = NetlinkSocket.OpenRoute();
    private readonly FileDescriptor _wake = Syscalls.EventCounter("VRRP thread");
    private readonly ConcurrentQueue<NetworkEvent> _events = new();
    private readonly ConcurrentQueue<(string? Instance, VrrpEvent What)> _posted = new();
    private readonly ConcurrentQueue<(TrackerId Id, Reading Reading)> _readings = new();
    private readonly ConcurrentQueue<TaskCompletionSource<VrrpView[]>> _asked = new();
    private readonly Dictionary<string, bool?> _trackedLinks = []; // null: not looked at yet
    private readonly Dictionary<VrrpChannel, VrrpPort> _ports = [];
    private readonly Dictionary<string, VipDevice> _devices = [];
    private readonly List<VrrpRouter> _routers = [];
    private readonly Dictionary<string, VrrpSyncGroup> _groups = [];
    private readonly HashSet<VrrpAddress> _peers = [];
    private readonly Channel<VrrpNotice> _notices = Channel.CreateBounded<VrrpNotice>(
        new BoundedChannelOptions(NoticesMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleWriter = true });
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
                Place(plan, log);
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
            or NetworkEventKind.AddressGone or NetworkEventKind.AddressV6 or NetworkEventKind.Overrun)
        {
            _events.Enqueue(happened);
            Syscalls.Wake(_wake);
        }
    }

    /// <summary>Tells an instance what happened elsewhere: trackers, BFD. Any thread; never blocks.</summary>
    /// <param name="instance">Its name; null for all.</param>
    /// <param name="happened">What.</param>
    internal void Post(string? instance, in VrrpEvent happened)
    {
        _posted.Enqueue((instance, happened));
        Syscalls.Wake(_wake);
    }

    /// <summary>Tells every instance what a tracker found. Any thread; never blocks.</summary>
    internal void Post(TrackerId id, Reading reading)
    {
        _readings.Enqueue((id, reading));
        Syscalls.Wake(_wake);
    }

    /// <summary>
    /// What became of instances and groups, in order, up to the end of the thread; the oldest are lost if nobody reads.
    /// </summary>
    internal ChannelReader<VrrpNotice> Notices => _notices.Reader;

    /// <summary>Every instance: its counters, history and diagnosis may be read by anybody.</summary>
    internal IReadOnlyList<VrrpRouter> Routers => _routers;

    /// <summary>Every instance as it stands between two steps; the thread itself takes the picture.</summary>
    internal Task<VrrpView[]> ViewAsync()
    {
        var answer = new TaskCompletionSource<VrrpView[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(answer);
        Syscalls.Wake(_wake);
        return answer.Task;
    }

    /// <summary>Roles and counts of every instance.</summary>
    internal string DescribeCounters() => VrrpListing.Describe(_routers, Now());

    /// <summary>Resigns wherever it is active, takes the addresses down, and ends the thread.</summary>
    public void Dispose()
    {
        _stopping = true;
        Syscalls.Wake(_wake);
        if (_thread.IsAlive)
        {
            _thread.Join(StopPatience);
        }

        _notices.Writer.TryComplete();
        Close();
    }

    private static Instant Now() => new(Clock.NowMicroseconds);

    private LinkInfo Require(string name) =>
        _links.Get(name) ?? throw new LinuxException("interface", name, Errno.ENODEV);

    private void Place(InstancePlan plan, EventLog log)
    {
        VrrpPort port = PortOf(VrrpChannel.Of(plan));
        var router = new VrrpRouter(plan, port, _devices, _addresses, log, _notices.Writer);
        port.Routers.Add(router);
        _routers.Add(router);
        foreach (PlannedAddress address in plan.Addresses)
        {
            _devices[address.Device].Pace(plan.Settings.Announce);
        }

        foreach (TrackedItem item in plan.Tracks.Where(item => item.Id.Kind == TrackerKind.Interface))
        {
            _trackedLinks.TryAdd(item.Id.Name, null);
        }

        if (plan.SyncGroup is { } name)
        {
            _groups.TryAdd(name, new VrrpSyncGroup(name, log, _notices.Writer));
            _groups[name].Add(router);
        }
    }

    private VrrpPort PortOf(VrrpChannel channel)
    {
        if (!_ports.TryGetValue(channel, out VrrpPort? port))
        {
            port = new VrrpPort(Require(channel.Interface), channel);
            _ports.Add(channel, port);
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
        ReadTrackedLinks();
        ReadSources(); // an IPv6 source is not known before
        _routers.ForEach(router => router.Start(Now()));
        bool isStopped = false;
        while (!isStopped || _routers.Exists(router => router.Role == Role.Leaving))
        {
            HearPackets();
            HearEvents();
            Instant next = Tick();
            if (_stopping && !isStopped)
            {
                _routers.ForEach(router => router.Stop(Now()));
                isStopped = true;
                continue; // who is active waits for a successor, the others are done
            }

            long wait = Math.Min(next.MicrosecondsFrom(Now()), PollMicrosecondsMax);
            if (Syscalls.Poll(slots, wait) > 0 && slots[0].Found != 0)
            {
                Syscalls.ClearWake(_wake);
            }
        }
    }

    private Instant Tick()
    {
        Instant now = Now();
        foreach (VrrpRouter router in _routers)
        {
            router.Tick(now);
        }

        foreach (VrrpSyncGroup group in _groups.Values)
        {
            group.Settle(now);
        }

        Instant next = Instant.Never;
        foreach (VrrpRouter router in _routers)
        {
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

        bool isKnown = false;
        foreach (VrrpRouter router in port.Routers)
        {
            bool isFor = router.Settings.Vrid == vrid;
            isKnown |= isFor;
            VrrpAddress sender = isFor ? router.Hear(packet, Now()) : default;
            bool isNew = !sender.IsUnspecified && _peers.Add(sender);
            if (isNew && !_director.TryWrite(new PeerHeard(port.Link.Index, sender.ToLinux())))
            {
                _peers.Remove(sender); // the loop is busy: tell it with the next advert
            }
        }

        if (!isKnown)
        {
            foreach (VrrpRouter router in port.Routers)
            {
                router.HearStranger(packet, Now());
            }
        }
    }

    private void HearEvents()
    {
        bool changed = false, lost = false;
        while (_events.TryDequeue(out NetworkEvent happened))
        {
            changed = true;
            lost |= happened.Kind is NetworkEventKind.AddressGone or NetworkEventKind.AddressV6
                or NetworkEventKind.Overrun;
        }

        if (changed)
        {
            ReadLinks();
            ReadTrackedLinks();
            ReadSources();
        }

        if (lost)
        {
            _routers.ForEach(router => router.Restore(Now()));
        }

        while (_readings.TryDequeue(out (TrackerId Id, Reading Reading) news))
        {
            _routers.ForEach(router => router.Hear(news.Id, news.Reading, Now()));
        }

        while (_asked.TryDequeue(out TaskCompletionSource<VrrpView[]>? asked))
        {
            DateTimeOffset utc = TimeProvider.System.GetUtcNow();
            asked.SetResult([.. _routers.Select(router => router.View(Now(), utc))]);
        }

        while (_posted.TryDequeue(out (string? Instance, VrrpEvent What) posted))
        {
            foreach (VrrpRouter router in _routers)
            {
                if (posted.Instance is null || posted.Instance == router.Settings.Name)
                {
                    router.Take(posted.What, Now());
                }
            }
        }
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
