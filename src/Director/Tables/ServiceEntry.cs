using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Director.Tables;

/// <summary>What an operator configured for one virtual service.</summary>
/// <param name="Key">Address, port, protocol.</param>
/// <param name="Options">Scheduler, persistence.</param>
/// <param name="Interface">Where its frames arrive and leave.</param>
/// <param name="Reals">In the file's order.</param>
public sealed record ServiceSettings(
    ServiceKey Key,
    ServiceOptions Options,
    string Interface,
    ImmutableArray<RealServerSettings> Reals)
{
    /// <summary>Takes the connections while the others have no quorum.</summary>
    public RealServerSettings? Sorry { get; init; }

    /// <summary>The sorry server is listed with weight 0 while it does not serve.</summary>
    public bool SorryInhibit { get; init; }

    /// <summary>What the servers in service must weigh together.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>How much more regains a lost quorum, how much less loses it.</summary>
    public int Hysteresis { get; init; }
}

/// <summary>One virtual service, as the keeper knows it. Owned by the director loop.</summary>
internal sealed class ServiceEntry
{
    /// <summary>Weights grow by this while a server ramps up, so that a weight of 1 can be made smaller.</summary>
    private const int RampScale = 64;

    private readonly SchedulerMemory _memory = new();
    private readonly List<RealServerEntry> _listed = [];

    internal ServiceEntry(ServiceSettings settings, ImmutableArray<RealServerEntry> reals, RealServerEntry? sorry)
    {
        Settings = settings;
        Reals = reals;
        Sorry = sorry;
        Name = AddressText.Service(settings.Key.Address, settings.Key.Protocol, settings.Key.Port);
    }

    internal ServiceSettings Settings { get; }

    /// <summary>In the file's order.</summary>
    internal ImmutableArray<RealServerEntry> Reals { get; }

    /// <summary>Serves while the others cannot.</summary>
    internal RealServerEntry? Sorry { get; }

    /// <summary>All of them.</summary>
    internal IEnumerable<RealServerEntry> Everybody => Sorry is null ? Reals : Reals.Append(Sorry);

    /// <summary>"[192.168.5.100]:tcp:80".</summary>
    internal string Name { get; }

    /// <summary>Whether the real servers in service weigh enough.</summary>
    internal bool HasQuorum { get; set; }

    /// <summary>The sorry server takes the connections, and nobody else does.</summary>
    internal bool IsSorry => Sorry is { Barred: null } && !HasQuorum;

    /// <summary>What the healthy servers weigh: compared with the quorum.</summary>
    internal int Weight => (int)Math.Min(
        Reals.Where(real => real.IsListed && real.IsHealthy).Sum(real => (long)real.WeightNow), int.MaxValue);

    /// <summary>In the table now, in the order in which they were added: the schedulers start from the last.</summary>
    internal IReadOnlyList<RealServerEntry> Listed => _listed;

    /// <summary>Whether some server's slow start is still going on.</summary>
    internal bool IsRamping => _listed.Exists(real => real.RampBegan is not null);

    /// <summary>Takes out who must go and appends who came, as the kernel's list would.</summary>
    /// <param name="now">Ticks of the flow clock; null at the start of the daemon, when nobody ramps up.</param>
    internal void Relist(uint? now)
    {
        _listed.RemoveAll(real => !Belongs(real));
        foreach (RealServerEntry real in Everybody.Where(real => Belongs(real) && !_listed.Contains(real)))
        {
            _listed.Add(real);
        }

        bool mayRamp = ServiceOptions.MayRamp(Settings.Options.Scheduler);
        foreach (RealServerEntry real in Reals)
        {
            bool serves = real.IsListed && real.IsHealthy;
            bool comes = serves && !real.WasServing && now is not null && mayRamp && real.Settings.SlowStartSeconds > 0;
            real.RampBegan = comes ? now : serves ? real.RampBegan : null;
            real.WasServing = serves;
        }
    }

    /// <summary>The weight that listings show: none takes new connections while the sorry server serves.</summary>
    internal int ListedWeight(RealServerEntry real) =>
        real == Sorry ? (IsSorry ? Math.Max(real.Settings.Weight, 1) : 0) : IsSorry ? 0 : real.WeightNow;

    /// <summary>Ends the slow starts that are over. Returns whether any is still going on or has just ended.</summary>
    internal bool Ramp(uint now)
    {
        bool changes = IsRamping;
        foreach (RealServerEntry real in _listed)
        {
            bool isOver = real.RampBegan is { } began && now - began >= RampTicks(real);
            real.RampBegan = isOver ? null : real.RampBegan;
        }

        return changes;
    }

    /// <summary>
    /// The service as the data path sees it. A server that is not resolved yet takes no new connection.
    /// </summary>
    /// <param name="now">Ticks of the flow clock.</param>
    /// <param name="wayOf">How frames leave.</param>
    internal VirtualService ToTable(uint now, Func<RealServerPath, WayOut> wayOf)
    {
        int scale = IsRamping ? RampScale : 1;
        ImmutableArray<RealServer>.Builder reals = ImmutableArray.CreateBuilder<RealServer>(_listed.Count);
        foreach (RealServerEntry real in _listed)
        {
            WayOut way = real.Path is null ? default : wayOf(real.Path);
            MacAddress mac = way.Target == default ? real.Mac : way.Target;
            bool isReached = way.Exit >= 0 && mac != default;
            int weight = isReached ? Ramped(real, ListedWeight(real) * scale, now) : 0;
            reals.Add(new RealServer(real.Number, real.Settings.Address, isReached ? mac : default, weight)
            {
                LastWeight = real.NoteWeight(weight),
                Exit = Math.Max(way.Exit, 0),
                SourceMac = way.Source,
                Mtu = real.Path?.Mtu ?? 0,
            });
        }

        return new VirtualService(Settings.Key, Settings.Options, _memory, reals.MoveToImmutable());
    }

    private static uint RampTicks(RealServerEntry real) => FlowClock.Ticks((uint)real.Settings.SlowStartSeconds);

    private static int Ramped(RealServerEntry real, int weight, uint now) => weight > 0 && real.RampBegan is { } began
        ? Math.Max(1, (int)(weight * (long)Math.Min(now - began, RampTicks(real)) / RampTicks(real)))
        : weight;

    /// <summary>
    /// The sorry server is there while it serves, or always with weight 0 (sorry_server_inhibit). The servers that are
    /// alive stay meanwhile, with weight 0: what they have goes on.
    /// </summary>
    private bool Belongs(RealServerEntry real) =>
        real == Sorry ? real.Barred is null && (IsSorry || Settings.SorryInhibit) : real.IsListed;
}
