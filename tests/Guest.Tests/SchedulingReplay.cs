using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Guest.Tests;

/// <summary>A case through our forwarder: its router, its flow table, its forwarding tables, nothing else.</summary>
internal sealed class SchedulingReplay : IDisposable
{
    private const uint Now = 1000; // the plan waits for no clock
    private const int NumbersPerService = 16, ServerFirst = 100;

    /// <summary>IPVS's own switches, and no limits of ours.</summary>
    private static readonly FlowPolicy Policy = new()
    {
        ExpireNoDestination = false, ExpireQuiescentTemplate = false, NewFlowsPerSecond = 0, AnswersPerSecond = 0,
    };

    private readonly SchedulingCase _case;
    private readonly FlowTables _flows = new(1 << 16, 1 << 16, new Random(1));
    private readonly Router _router;
    private readonly SchedulerMemory[] _memories;
    private readonly List<(int Server, int Weight, int LastWeight)> _listed = [];
    private readonly Dictionary<int, int> _lastWeights = [];

    private SchedulingReplay(SchedulingCase one)
    {
        _case = one;
        _router = new Router(_flows, new Statistics());
        _memories = [.. Enumerable.Range(0, one.Services).Select(_ => new SchedulerMemory())];
    }

    /// <summary>For each of the case's frames in turn, the server that it goes to; 0 when it goes to none.</summary>
    internal static int[] Run(SchedulingCase one)
    {
        using var replay = new SchedulingReplay(one);
        return [.. one.Steps.SelectMany(replay.Run)];
    }

    public void Dispose() => _flows.Dispose();

    private List<int> Run(SchedulingStep step)
    {
        foreach (ServerChange change in step.Changes)
        {
            Apply(change);
        }

        ForwardingTable table = Table();
        List<int> servers = [];
        foreach (ClientFrame frame in step.Frames)
        {
            byte[] octets = _case.Build(frame);
            servers.Add(_router.Route(octets, table, Now) == Outcome.Forwarded
                ? (int)(MacAddress.From(octets).Bits & 0xFF) : 0);
        }

        if (_flows.Evictions + _flows.Refusals > 0)
        {
            throw new InvalidOperationException("the flow table is too small for the plan");
        }

        return servers;
    }

    private void Apply(ServerChange change)
    {
        int at = _listed.FindIndex(entry => entry.Server == change.Server);
        if (change.Verb == ServerVerb.Remove)
        {
            _listed.RemoveAt(at);
            return;
        }

        int last = change.Weight > 0 ? change.Weight : _lastWeights.GetValueOrDefault(change.Server);
        _lastWeights[change.Server] = last;
        (int, int, int) entry = (change.Server, change.Weight, last);
        if (change.Verb == ServerVerb.Add)
        {
            _listed.Add(entry);
        }
        else
        {
            _listed[at] = entry;
        }

        for (int service = 0; service < _case.Services; service++)
        {
            _flows.Counts.SetThresholds(Number(service, change.Server), change.Limit, 0);
        }
    }

    private ForwardingTable Table()
    {
        var options = new ServiceOptions { Scheduler = _case.Scheduler, Switches = _case.Switches };
        VirtualService[] services = [.. Enumerable.Range(0, _case.Services).Select(service => new VirtualService(
            _case.Key(service),
            options,
            _memories[service],
            [.. _listed.Select(entry => new RealServer(
                Number(service, entry.Server),
                _case.Server(entry.Server),
                SchedulingCase.ServerMac(entry.Server),
                entry.Weight) { LastWeight = entry.LastWeight })]))];
        return new ForwardingTable(SchedulingCase.Director, services, [], Policy);
    }

    private static ushort Number(int service, int server) =>
        (ushort)((service * NumbersPerService) + server - ServerFirst);
}
