using System.Collections.Generic;
using System.Collections.Immutable;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;

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
    ImmutableArray<RealServerSettings> Reals);

/// <summary>One virtual service, as the keeper knows it. Owned by the director loop.</summary>
internal sealed class ServiceEntry
{
    private readonly SchedulerMemory _memory = new();
    private readonly List<RealServerEntry> _listed = [];

    internal ServiceEntry(ServiceSettings settings, ImmutableArray<RealServerEntry> reals)
    {
        Settings = settings;
        Reals = reals;
        Name = AddressText.Service(settings.Key.Address, settings.Key.Protocol, settings.Key.Port);
    }

    internal ServiceSettings Settings { get; }

    /// <summary>In the file's order.</summary>
    internal ImmutableArray<RealServerEntry> Reals { get; }

    /// <summary>"[192.168.5.100]:tcp:80".</summary>
    internal string Name { get; }

    /// <summary>Whether the real servers in service weigh anything.</summary>
    internal bool HasQuorum { get; set; }

    /// <summary>In the table now, in the order in which they were added: the schedulers start from the last.</summary>
    internal IReadOnlyList<RealServerEntry> Listed => _listed;

    /// <summary>Takes out who must go and appends who came, as the kernel's list would.</summary>
    internal void Relist()
    {
        _listed.RemoveAll(real => !real.IsListed);
        foreach (RealServerEntry real in Reals)
        {
            if (real.IsListed && !_listed.Contains(real))
            {
                _listed.Add(real);
            }
        }
    }

    /// <summary>
    /// The service as the data path sees it. A server that is not resolved yet takes no new connection.
    /// </summary>
    internal VirtualService ToTable()
    {
        ImmutableArray<RealServer>.Builder reals = ImmutableArray.CreateBuilder<RealServer>(_listed.Count);
        foreach (RealServerEntry real in _listed)
        {
            int weight = real.Mac == default ? 0 : real.WeightNow;
            reals.Add(new RealServer(real.Number, real.Settings.Address, real.Mac, weight));
        }

        return new VirtualService(Settings.Key, Settings.Options, _memory, reals.MoveToImmutable());
    }
}
