using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Checks;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>Names one check of one real server.</summary>
/// <param name="Service">Index in the settings.</param>
/// <param name="Real">Index in the service's settings.</param>
/// <param name="Check">Index among that server's checks.</param>
public readonly record struct CheckName(int Service, int Real, int Check);

/// <summary>
/// Knows every service and real server, and is the only builder of forwarding tables. Called by the director loop
/// alone; each change says what it meant in keepalived's words, and <see cref="Build"/> makes one table of them all.
/// </summary>
public sealed class TableKeeper
{
    private readonly ImmutableArray<ServiceEntry> _services;
    private readonly FrozenDictionary<IpAddress, RealServerEntry[]> _byAddress;
    private readonly Action<string> _say;
    private readonly Func<uint> _clock;
    private FlowCounts? _counts;

    /// <summary>Numbers the real servers and lists those that start in service.</summary>
    /// <param name="settings">All services.</param>
    /// <param name="policy">Timeouts and switches.</param>
    /// <param name="say">Hears one line per event.</param>
    /// <param name="clock">Ticks of the flow clock, for slow starts.</param>
    public TableKeeper(
        ImmutableArray<ServiceSettings> settings, FlowPolicy policy, Action<string> say, Func<uint>? clock = null)
    {
        _clock = clock ?? (() => 0);
        Policy = policy;
        _say = say;
        ushort number = 0;
        _services =
        [
            .. settings.Select(service => new ServiceEntry(
                service,
                [.. service.Reals.Select(real => new RealServerEntry(real, number++, service.Key.Protocol))],
                service.Sorry is { } sorry ? new RealServerEntry(sorry, number++, service.Key.Protocol) : null)),
        ];
        _byAddress = _services.SelectMany(service => service.Everybody)
            .GroupBy(real => real.Settings.Address)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray());
        foreach (ServiceEntry service in _services)
        {
            foreach (RealServerEntry real in service.Everybody)
            {
                SayBarred(service, real, wasBarred: false);
            }

            JudgeQuorum(service);
            service.Relist(now: null);
        }
    }

    internal ImmutableArray<ServiceEntry> Services => _services;

    /// <summary>Timeouts and switches, as the next table will have them.</summary>
    internal FlowPolicy Policy { get; private set; }

    /// <summary>Hears what becomes of services and real servers, in order; must not block.</summary>
    public Action<ServiceNews>? Told { get; init; }

    /// <summary>All addresses of real servers, each once.</summary>
    public IEnumerable<IpAddress> RealAddresses => _byAddress.Keys;

    /// <summary>Tells the counts how many connections each real server may have.</summary>
    public void LimitConnections(FlowCounts counts)
    {
        _counts = counts;
        foreach (RealServerEntry real in _services.SelectMany(service => service.Everybody))
        {
            counts.SetThresholds(real.Number, real.Settings.Upper, real.Settings.Lower);
        }
    }

    /// <summary>A check changed its mind, and has nothing to say about the weight.</summary>
    public void SetVerdict(CheckName name, bool passed) =>
        SetVerdict(name, new CheckReport(passed, WeightAdvice.None));

    /// <summary>A check changed its mind, about health or weight. Returns what that did to its real server.</summary>
    public HealthChange SetVerdict(CheckName name, CheckReport report)
    {
        ServiceEntry service = _services[name.Service];
        RealServerEntry real = service.Reals[name.Real];
        RealServerHealth before = real.Health;
        real.SetCheck(name.Check, report);
        if (real.Health.IsUp != before.IsUp)
        {
            SayHealth(service, real);
            Tell(name.Service, name.Real, real.IsHealthy, NewsOccasion.Change);
        }
        else if (!report.IsUp && !real.IsTold)
        {
            Tell(name.Service, name.Real, isUp: false, NewsOccasion.Change); // alpha: what was assumed is so
        }
        else if (real.Health.Weight != before.Weight && real.IsHealthy)
        {
            _say($"Changing weight from {before.Weight} to {real.Health.Weight} for active service {real.Name} of VS "
                + service.Name);
        }

        if (real.Health != before)
        {
            JudgeQuorum(service);
            service.Relist(_clock());
        }

        return new HealthChange(before.IsUp, real.IsHealthy);
    }

    /// <summary>Tells what is so at the start of the daemon, before any check.</summary>
    /// <param name="realServersToo">rs_init_notifies: of the real servers that are assumed to be up, too.</param>
    public void TellStart(bool realServersToo)
    {
        for (int number = 0; number < _services.Length; number++)
        {
            ServiceEntry service = _services[number];
            for (int real = 0; realServersToo && real < service.Reals.Length; real++)
            {
                TellIfServing(service, number, real, isUp: true, NewsOccasion.Start);
            }

            if (service.HasQuorum || service.Sorry is not null) // keepalived says nothing of others
            {
                SaySorryAtStart(service);
                Tell(number, null, service.HasQuorum, NewsOccasion.Start);
            }
        }
    }

    /// <summary>Says that the daemon ends, and tells that everything goes down with it.</summary>
    public void TellStop()
    {
        for (int number = 0; number < _services.Length; number++)
        {
            ServiceEntry service = _services[number];
            for (int real = 0; real < service.Reals.Length; real++)
            {
                _say($"Shutting down service {service.Reals[real].Name} from VS {service.Name}");
                TellIfServing(service, number, real, isUp: false, NewsOccasion.Stop);
            }

            Tell(number, null, isUp: false, NewsOccasion.Stop);
        }
    }

    /// <summary>A neighbour has a MAC address. Returns whether any real server has that address.</summary>
    public bool SetNeighbour(IpAddress address, MacAddress mac)
    {
        bool changed = false;
        foreach (RealServerEntry real in Reals(address))
        {
            changed |= real.Mac != mac;
            real.Mac = mac;
        }

        return changed;
    }

    /// <summary>Whether a real server has that address and no MAC yet.</summary>
    public bool IsUnresolved(IpAddress address) =>
        Array.Exists(Reals(address), real => real.Mac == default && real.Path is { Interface: not null });

    /// <summary>The way to a real server is barred, with the reason; null opens it again.</summary>
    public void SetBarred(int service, int real, string? reason)
    {
        ServiceEntry entry = _services[service];
        SetBarred(entry, entry.Reals[real], reason);
    }

    /// <summary>The way to a real server is barred, with the reason; null opens it again.</summary>
    internal void SetBarred(ServiceEntry entry, RealServerEntry server, string? reason)
    {
        string? effective = server.Settings.Barred ?? reason;
        if (server.Barred == effective)
        {
            return;
        }

        server.Barred = effective;
        SayBarred(entry, server, wasBarred: true);
        JudgeQuorum(entry);
        entry.Relist(_clock());
    }

    /// <summary>Takes slow starts further. Returns whether tables must be built anew for it.</summary>
    public bool Ramp()
    {
        bool changes = false;
        foreach (ServiceEntry service in _services)
        {
            changes |= service.Ramp(_clock());
        }

        return changes;
    }

    /// <summary>
    /// ipvsadm --set: other timeouts from the next table on; 0 keeps what is. What is connected takes the new one with
    /// its next packet.
    /// </summary>
    public void SetTimeouts(FlowTimeouts timeouts)
    {
        FlowTimeouts old = Policy.Timeouts;
        Policy = Policy with
        {
            Timeouts = new FlowTimeouts(
                timeouts.Established > 0 ? timeouts.Established : old.Established,
                timeouts.FinWait > 0 ? timeouts.FinWait : old.FinWait,
                timeouts.Udp > 0 ? timeouts.Udp : old.Udp),
        };
    }

    /// <summary>One immutable table for one interface.</summary>
    /// <param name="interfaceName">Only services whose frames arrive there.</param>
    /// <param name="localMac">Of that interface.</param>
    /// <param name="directors">The other directors.</param>
    /// <param name="wayOf">How frames leave for a real server.</param>
    public ForwardingTable Build(
        string interfaceName,
        MacAddress localMac,
        IReadOnlyCollection<Neighbour> directors,
        Func<RealServerPath, WayOut>? wayOf = null) => new(
            localMac,
            [
                .. _services.Where(service => service.Settings.Interface == interfaceName)
                    .Select(service => service.ToTable(_clock(), wayOf ?? (_ => default))),
            ],
            directors,
            Policy);

    private RealServerEntry[] Reals(IpAddress address) => _byAddress.GetValueOrDefault(address) ?? [];

    private void SaySorryAtStart(ServiceEntry service)
    {
        int quorum = service.Settings.Quorum, hysteresis = service.Settings.Hysteresis;
        if (!service.HasQuorum)
        {
            _say($"Starting with quorum down {quorum}+{hysteresis}={quorum + hysteresis} > {service.Weight} for VS "
                + service.Name);
        }

        if (service.IsSorry)
        {
            _say($"Adding sorry server {service.Sorry!.Name} to VS {service.Name}");
        }
    }

    private void TellIfServing(ServiceEntry service, int number, int real, bool isUp, NewsOccasion occasion)
    {
        if (service.Reals[real] is { Barred: null, IsHealthy: true })
        {
            Tell(number, real, isUp, occasion);
        }
    }

    private void Tell(int number, int? real, bool isUp, NewsOccasion occasion)
    {
        ServiceEntry service = _services[number];
        if (real is { } index)
        {
            service.Reals[index].IsTold = true;
        }

        Told?.Invoke(new ServiceNews(number, real, isUp, occasion, service.Weight));
    }

    private void SayHealth(ServiceEntry service, RealServerEntry real)
    {
        (string up, string down, string of) = real.Settings.InhibitOnFailure
            ? ("Enabling", "Disabling", "of")
            : ("Adding", "Removing", real.IsHealthy ? "to" : "from");
        _say($"{(real.IsHealthy ? up : down)} service {real.Name} {of} VS {service.Name}");
        int connections = real.IsHealthy || real.Settings.InhibitOnFailure || !Policy.ExpireNoDestination
            ? 0
            : _counts?.Active(real.Number) + _counts?.Inactive(real.Number) ?? 0;
        if (connections > 0)
        {
            _say($"{connections} connection(s) of service {real.Name} from VS {service.Name} let go");
        }
    }

    private void SayBarred(ServiceEntry service, RealServerEntry real, bool wasBarred)
    {
        if (real.Barred is not null)
        {
            _say($"real server {real.Name} of VS {service.Name} is out of service: {real.Barred}");
        }
        else if (wasBarred)
        {
            _say($"real server {real.Name} of VS {service.Name} can be reached again");
        }
    }

    /// <summary>Lost below the quorum less the hysteresis, regained at the quorum and the hysteresis more.</summary>
    private void JudgeQuorum(ServiceEntry service)
    {
        int quorum = service.Settings.Quorum, hysteresis = service.Settings.Hysteresis, weight = service.Weight;
        bool isFirst = service.Listed.Count == 0 && !service.HasQuorum;
        bool has = service.HasQuorum ? weight >= quorum - hysteresis
            : weight >= (isFirst ? quorum : quorum + hysteresis);
        if (has == service.HasQuorum)
        {
            return;
        }

        service.HasQuorum = has;
        _say(has
            ? $"Gained quorum {quorum}+{hysteresis}={quorum + hysteresis} <= {weight} for VS {service.Name}"
            : $"Lost quorum {quorum}-{hysteresis}={quorum - hysteresis} > {weight} for VS {service.Name}");
        if (service.Sorry is { Barred: null } sorry)
        {
            _say(has
                ? $"Removing sorry server {sorry.Name} from VS {service.Name}"
                : $"Adding sorry server {sorry.Name} to VS {service.Name}; the others take no new connections");
        }

        if (Told is not null)
        {
            Tell(_services.IndexOf(service), null, has, NewsOccasion.Change);
        }
    }
}
