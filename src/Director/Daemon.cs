using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using XdpLvs.Checks;
using XdpLvs.Config;
using XdpLvs.Director.Checking;
using XdpLvs.Director.Commands;
using XdpLvs.Director.Control;
using XdpLvs.Director.Forwarding;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Notify;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Tools.Capture;
using XdpLvs.Director.Tracking;
using XdpLvs.Director.Vrrp;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;

namespace XdpLvs.Director;

/// <summary>Everything that runs, in the order in which it must start; taken down in the opposite order.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private const int EventsMax = 1024;

    private readonly EventLog _log;
    private readonly Stack<Func<ValueTask>> _takeDown = new();
    private readonly Channel<DirectorEvent> _events = Channel.CreateBounded<DirectorEvent>(EventsMax);
    private DirectorLoop? _loop;

    private Daemon(EventLog log) => _log = log;

    /// <summary>
    /// Starts all parts. When one fails, those before it are taken down and the failure is thrown on.
    /// </summary>
    internal static async Task<Daemon> StartAsync(RunOptions options, DirectorConfig config, EventLog log)
    {
        var daemon = new Daemon(log);
        try
        {
            daemon.Start(options, config);
            return daemon;
        }
        catch
        {
            await daemon.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs until told to stop.</summary>
    internal Task RunAsync(CancellationToken stop) => _loop!.RunAsync(stop);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_takeDown.TryPop(out Func<ValueTask>? step))
        {
            await step().ConfigureAwait(false);
        }
    }

    private void Start(RunOptions options, DirectorConfig config)
    {
        ControlSocket control = ControlSocket.Bind(options.ControlPath);
        _takeDown.Push(control.DisposeAsync);
        using NetlinkSocket netlink = NetlinkSocket.OpenRoute();
        var desk = new ScriptDesk(config.Globals.Scripts, _log.Warn);
        TrackPlan tracks = TrackMapping.Plan(config, desk);
        DirectorPlan plan = Plan(config, tracks, netlink, desk);

        ForwarderSettings settings = config.Globals.Forwarder;
        var time = new FlowTime(TimeProvider.System);
        OffloadPlan? offload = PlanOffload(options, settings, plan);
        FlowTables flows = Owned(TablesOf(offload, options, settings));
        if (offload is { IsAdopted: true })
        {
            _log.Event($"taking over {flows.Recount()} flow(s) of a director that died");
        }

        var exits = Owned(new ExitBoard(_log)); // before its users, so that it ends after them

        // The interfaces first: where another daemon holds one, its addresses are no leftovers.
        List<ForwarderInterface> interfaces = OpenInterfaces(options, plan, netlink, flows, offload, time);
        RemoveLeftovers(config, netlink);
        var office = new NoticeOffice(config.Globals, desk, _log);
        _takeDown.Push(office.DisposeAsync);
        var announcer = new ServiceAnnouncer(
            plan.Contacts, office.RouterId, config.Globals.Mail.NoCheckerMails, office.Notifier, office.Mail);
        var keeper = new TableKeeper(plan.Services, plan.Policy, _log.Event, () => time.Now) { Told = announcer.Tell };
        keeper.LimitConnections(flows.Counts);
        var paths = Owned(new RealServerPaths(keeper));
        var sweeper = Owned(new SweepThread(flows, time, interfaces));
        VrrpHerald herald = OpenHerald(config, office, desk);
        var speaker = Owned(new VrrpSpeaker(plan.Instances, _log, _events.Writer));
        var watcher = Owned(new NetworkWatcher(_events.Writer, speaker.Hear));
        _loop = new DirectorLoop(_events, keeper, paths, exits, flows, time, interfaces, speaker, announcer);
        _loop.PublishFirst();
        if (offload is not null)
        {
            Owned(new OffloadBeat(offload.Memory, time, interfaces, offload.Persist)).Start();
        }

        interfaces.ForEach(each => each.Start());
        watcher.Start();
        sweeper.Start();

        keeper.TellStart(config.Globals.Scripts.RealServerInitNotifies);
        TakeDown(keeper.TellStop); // after the checks: nobody changes anything any more
        var checks = new CheckBoard(plan.Checks, _events.Writer, _log, Surroundings(plan), new Random());
        _takeDown.Push(checks.DisposeAsync);
        checks.Start();
        herald.Start(speaker.Notices);
        speaker.Start();
        StartTracking(tracks, speaker);
        _log.Event($"Started: {plan.Instances.Length} VRRP instance(s), {plan.Services.Length} virtual server(s), "
            + $"{checks.Count} check(s); control socket {options.ControlPath}");
        TakeDown(() => _events.Writer.TryComplete()); // the loop has ended: nobody may wait for room any more
        Serve(control, checks, speaker, interfaces);
    }

    private void Serve(
        ControlSocket control, CheckBoard checks, VrrpSpeaker speaker, List<ForwarderInterface> interfaces) =>
        control.Serve(
            (request, stop) => request.Words switch // what the loop does not know does not wait for it
            {
                ["show", "checks", .. var which] => Task.FromResult(checks.Answer(which)),
                ["show", "vrrp", .. var which] => VrrpQuestions.AnswerAsync(speaker, which, stop),
                _ => _loop!.AskAsync(request, stop),
            },
            new CaptureService(interfaces, TimeProvider.System).StreamAsync);

    /// <summary>Who tells scripts and FIFOs. It ends after the speaker, whose last words it tells too.</summary>
    private VrrpHerald OpenHerald(DirectorConfig config, NoticeOffice office, ScriptDesk desk)
    {
        var herald = new VrrpHerald(office.Notifier, NotifyMapping.Audiences(config, desk));
        _takeDown.Push(herald.DisposeAsync);
        return herald;
    }

    /// <summary>Ends before the speaker that it reports to.</summary>
    private void StartTracking(TrackPlan tracks, VrrpSpeaker speaker)
    {
        if (!tracks.IsEmpty)
        {
            int places = TrackBoard.PlacesFor(tracks);
            ScriptRunner runner = Owned(new ScriptRunner("xdplvs-scripts", places, places));
            Owned(new TrackBoard(tracks, runner, _log.Event, speaker.Post)).Start();
        }
    }

    private DirectorPlan Plan(DirectorConfig config, TrackPlan tracks, NetlinkSocket netlink, ScriptDesk desk)
    {
        var links = new Links(netlink);
        var addresses = new Addresses(netlink);
        HashSet<uint> virtualAddresses = []; // of IPv4: the source of IPv6 adverts is link-local, and read later
        foreach (VrrpInstance instance in config.Instances)
        {
            foreach (VirtualAddress held in Held(instance))
            {
                Require(links, held.Device, instance);
                if (held.Ip.AddressFamily == AddressFamily.InterNetwork)
                {
                    virtualAddresses.Add(held.Address.Value);
                }
            }

            Require(links, instance.Interface, instance);
        }

        return Wiring.Plan(
            config,
            tracks,
            name => addresses.Primary(links.Get(name)!.Value.Index, virtualAddresses) ?? default(IpAddress),
            TimeSpan.FromMilliseconds(Environment.TickCount64),
            new VipInterfaces(netlink).Find,
            _log.Fail,
            desk);
    }

    /// <summary>What checks need besides the network: their scripts, and the files that they ask for.</summary>
    private ProbeSurroundings Surroundings(DirectorPlan plan)
    {
        var files = new CheckFiles(plan.CheckFiles.Select(file => file.Name));
        if (!plan.CheckFiles.IsEmpty)
        {
            var tracking = new TrackPlan([], plan.CheckFiles, []);
            var runner = Owned(new ScriptRunner("xdplvs-tracked", TrackBoard.PlacesFor(tracking), 1));
            Owned(new TrackBoard(tracking, runner, _log.Event, files.Hear)).Start();
        }

        return new ProbeSurroundings(
            TimeProvider.System, Owned(new CheckScripts(plan.CheckScripts)), files.Find, _ => null);
    }

    /// <summary>Takes down the addresses of a daemon that was killed.</summary>
    private void RemoveLeftovers(DirectorConfig config, NetlinkSocket netlink)
    {
        var links = new Links(netlink);
        var addresses = new Addresses(netlink);
        foreach (VrrpInstance instance in config.Instances)
        {
            foreach (VirtualAddress held in Held(instance))
            {
                LinkInfo link = Require(links, held.Device, instance);
                if (addresses.Remove(link.Index, IpAddress.From(held.Ip), held.PrefixLength))
                {
                    _log.Event($"({instance.Name}) removing VIPs. {held.Ip} was left on {held.Device}");
                }
            }
        }
    }

    private static ImmutableArray<VirtualAddress> Held(VrrpInstance instance) =>
        instance.Addresses.AddRange(instance.ExcludedAddresses);

    private static LinkInfo Require(Links links, string name, VrrpInstance instance) =>
        links.Get(name) ?? throw new IOException(
            $"{instance.Span}: vrrp_instance {instance.Name}: interface {name} does not exist");

    private List<ForwarderInterface> OpenInterfaces(
        RunOptions options, DirectorPlan plan, NetlinkSocket netlink, FlowTables flows, OffloadPlan? offload,
        FlowTime time)
    {
        var opened = new List<ForwarderInterface>();
        foreach (AttachmentPoint point in AttachmentPoint.Find(
            netlink, plan.Services.Select(service => service.Interface)))
        {
            opened.Add(Owned(new ForwarderInterface(point, options.Io, flows, offload, time, _log)));
        }

        return opened;
    }

    private OffloadPlan? PlanOffload(RunOptions options, ForwarderSettings settings, DirectorPlan plan)
    {
        var wish = new OffloadWish(
            options.Offload ?? settings.Offload,
            options.Io,
            options.Flows ?? settings.FlowTableSize,
            settings.FlowTableSizeIpv6,
            plan.Services,
            TimeSpan.FromSeconds(settings.OffloadPersist),
            OffloadPins.FolderOf(options.PinPath, options.ControlPath));
        OffloadPlan? offload = OffloadPlan.Make(wish, _log.Event);
        if (offload is not null)
        {
            Owned(offload);
        }

        return offload;
    }

    private static FlowTables TablesOf(OffloadPlan? offload, RunOptions options, ForwarderSettings settings)
    {
        FlowMemory memory = offload?.Memory.MapFlows() ?? FlowMemory.Own(
            options.Flows ?? settings.FlowTableSize, settings.FlowTableSizeIpv6, FlowSeeds.Draw(new Random()));
        return new FlowTables(memory, new Random(), settings.FragmentTableSize);
    }

    private T Owned<T>(T made)
        where T : IDisposable
    {
        TakeDown(made.Dispose);
        return made;
    }

    private void TakeDown(Action step) => _takeDown.Push(() =>
    {
        step();
        return ValueTask.CompletedTask;
    });
}
