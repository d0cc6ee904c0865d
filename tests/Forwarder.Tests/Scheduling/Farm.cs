using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tests;

/// <summary>Real servers behind one service with one scheduler; every change makes a new service, as a new table does.
/// </summary>
internal sealed class Farm
{
    internal static readonly ServiceKey WebV6 = new(Address("2001:db8::80"), 80, World.Tcp);

    private readonly SchedulerMemory _memory = new();
    private readonly List<RealServer> _reals = [];
    private readonly ServiceKey _key;
    private readonly ServiceOptions _options;

    internal Farm(SchedulerKind kind, SchedulerSwitches switches = SchedulerSwitches.None, ServiceKey? key = null)
        : this(new ServiceOptions { Scheduler = kind, Switches = switches }, key)
    {
    }

    internal Farm(ServiceOptions options, ServiceKey? key = null)
    {
        _key = key ?? World.Web;
        _options = options;
        Service = new VirtualService(_key, _options, _memory, []);
    }

    internal FlowCounts Counts { get; } = new();

    internal VirtualService Service { get; private set; }

    internal uint Now { get; set; } = 1000;

    internal static IpAddress Address(string text) =>
        IpAddress.TryParse(text, out IpAddress address) ? address : throw new FormatException(text);

    /// <summary>Adds servers 0, 1, 2, ... with these weights.</summary>
    internal Farm With(params int[] weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            Add((ushort)i, weights[i]);
        }

        return this;
    }

    internal void Add(ushort number, int weight) => Change(() => _reals.Add(World.Real(number, weight)));

    internal void Remove(ushort number) => Change(() => _reals.RemoveAt(PlaceOf(number)));

    /// <summary>As the director does it: the last weight that was not 0 is kept.</summary>
    internal void SetWeight(ushort number, int weight) => Change(() =>
    {
        RealServer real = _reals[PlaceOf(number)];
        _reals[PlaceOf(number)] = real with { Weight = weight, LastWeight = weight > 0 ? weight : real.LastWeight };
    });

    /// <summary>Gives a server that many more connections.</summary>
    internal Farm Load(ushort number, int active, int inactive = 0)
    {
        for (int i = 0; i < active + inactive; i++)
        {
            Counts.Add(number, i < active ? FlowState.Established : FlowState.FinWait, template: false);
        }

        return this;
    }

    /// <summary>Takes active connections from a server.</summary>
    internal void Relieve(ushort number, int active)
    {
        for (int i = 0; i < active; i++)
        {
            Counts.Remove(number, FlowState.Established, template: false);
        }
    }

    /// <summary>Fills a server up to its threshold.</summary>
    internal Farm Overload(ushort number)
    {
        Counts.SetThresholds(number, 1, 0);
        return Counts.IsOverloaded(number) ? this : Load(number, 0, 1);
    }

    /// <summary>Number of the server that takes that client's next connection, -1 when none does.</summary>
    internal int Choose(IpAddress client, ushort port = World.ClientPort)
    {
        int chosen = Schedulers.Choose(Service, new FlowKey(client, port, _key), Counts, Now);
        return chosen < 0 ? -1 : Service.Reals[chosen].Number;
    }

    internal int Choose() => Choose(World.Client);

    /// <summary>Chooses and lets the connection live: who is chosen has one more.</summary>
    internal int Connect()
    {
        int chosen = Choose();
        if (chosen >= 0)
        {
            Load((ushort)chosen, 1);
        }

        return chosen;
    }

    internal int[] Connect(int count) => [.. Enumerable.Range(0, count).Select(_ => Connect())];

    private int PlaceOf(ushort number) => _reals.FindIndex(real => real.Number == number);

    private void Change(Action change)
    {
        change();
        Service = new VirtualService(_key, _options, _memory, [.. _reals]);
    }
}
