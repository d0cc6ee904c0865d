using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;

namespace XdpLvs.Guest.Tests;

/// <summary>
/// Draws a case from a seed: servers that come, go, and change their weights, one at a time, and clients that connect,
/// acknowledge and finish in between.
/// </summary>
/// <remarks>
/// Nothing in it waits for a clock: connections are acknowledged in the step in which they begin and are never reset,
/// so that none expires while the plan runs. A limit is set on a server that has no connections yet, and only ever
/// raised far or lifted, since a limit set below what is there counts at once here and later there.
/// </remarks>
internal sealed class SchedulingDraw(int seed, bool isV6)
{
    private const int Steps = 40, ConnectionsPerStep = 26, ServerFirst = 103, ServersMax = 8;

    private readonly Random _random = new(seed);
    private readonly SortedDictionary<int, (int Weight, int Limit)> _listed = [];
    private readonly HashSet<int> _known = [];
    private readonly HashSet<(int Service, IpAddress Client, ushort Port)> _used = [];
    private readonly List<ClientFrame> _established = [];

    /// <summary>Weights are 0 to this.</summary>
    internal int WeightMax { get; init; } = 8;

    /// <summary>How many of a hundred connections are finished for a hundred that begin.</summary>
    internal int FinishedOfHundred { get; init; } = 50;

    /// <summary>Whether servers have thresholds.</summary>
    internal bool HasLimits { get; init; } = true;

    /// <summary>Datagrams, one for each connection.</summary>
    internal bool IsUdp { get; init; }

    /// <summary>Among how many services the connections are drawn.</summary>
    internal int Services { get; init; } = 1;

    internal ImmutableArray<SchedulingStep> Draw()
    {
        var steps = ImmutableArray.CreateBuilder<SchedulingStep>(Steps);
        steps.Add(new SchedulingStep([Add(0), Add(1), Add(2), Add(3)], Frames()));
        while (steps.Count < Steps)
        {
            steps.Add(new SchedulingStep([Change()], Frames()));
        }

        return steps.MoveToImmutable();
    }

    private ServerChange Change()
    {
        int[] absent = [.. Enumerable.Range(0, ServersMax).Where(n => !_listed.ContainsKey(ServerFirst + n))];
        switch (_random.Next(6))
        {
            case 0 or 1 when absent.Length > 0:
                return Add(absent[_random.Next(absent.Length)]);
            case 2 when _listed.Count > 2:
                int leaving = _listed.Keys.ElementAt(_random.Next(_listed.Count));
                _listed.Remove(leaving);
                return new ServerChange(ServerVerb.Remove, leaving);
            default:
                return Edit(_listed.Keys.ElementAt(_random.Next(_listed.Count)));
        }
    }

    private ServerChange Add(int place)
    {
        int server = ServerFirst + place, weight = 1 + _random.Next(WeightMax);
        bool isLimited = _known.Add(server) && HasLimits && _random.Next(2) == 0;
        _listed[server] = (weight, isLimited ? _random.Next(5, 60) : 0);
        return new ServerChange(ServerVerb.Add, server, weight, _listed[server].Limit);
    }

    /// <summary>Always to another weight: the kernel starts wrr anew at every edit, we at a change.</summary>
    private ServerChange Edit(int server)
    {
        (int before, int limit) = _listed[server];
        int weight = before > 0 && _random.Next(3) == 0 ? 0 : 1 + _random.Next(WeightMax);
        weight = weight == before ? (weight % WeightMax) + 1 : weight;
        limit = limit == 0 || _random.Next(3) > 0 ? limit : _random.Next(2) * 100_000;
        _listed[server] = (weight, limit);
        return new ServerChange(ServerVerb.Edit, server, weight, limit);
    }

    private ImmutableArray<ClientFrame> Frames()
    {
        var frames = ImmutableArray.CreateBuilder<ClientFrame>();
        List<ClientFrame> begun = [];
        for (int i = 0; i < ConnectionsPerStep; i++)
        {
            ClientFrame begin = Begin();
            frames.Add(begin);
            if (IsUdp)
            {
                continue;
            }

            begun.Add(begin);
            if (_random.Next(4) > 0)
            {
                Acknowledge(begun, frames);
            }

            if (_established.Count > 0 && _random.Next(100) < FinishedOfHundred)
            {
                int at = _random.Next(_established.Count);
                frames.Add(_established[at] with { Control = TcpControl.Fin | TcpControl.Ack });
                _established.RemoveAt(at);
            }
        }

        Acknowledge(begun, frames);
        return frames.ToImmutable();
    }

    private void Acknowledge(List<ClientFrame> begun, ImmutableArray<ClientFrame>.Builder frames)
    {
        foreach (ClientFrame frame in begun)
        {
            frames.Add(frame with { Control = TcpControl.Ack });
            _established.Add(frame);
        }

        begun.Clear();
    }

    /// <summary>A new connection, of a client that is new or was here before.</summary>
    private ClientFrame Begin()
    {
        while (true)
        {
            IpAddress client = _used.Count > 0 && _random.Next(3) == 0
                ? _established.Count > 0 ? _established[_random.Next(_established.Count)].Client : Client()
                : Client();
            var frame = new ClientFrame(
                _random.Next(Services), client, (ushort)_random.Next(1024, 65_536), IsUdp ? 0 : TcpControl.Syn);
            if (_used.Add((frame.Service, client, frame.Port)))
            {
                return frame;
            }
        }
    }

    private IpAddress Client()
    {
        uint drawn = (uint)_random.NextInt64();
        if (isV6)
        {
            return new IpAddress(0x2001_0DB8_0C00_0000UL | (drawn & 0xF_FFFF), (ulong)_random.NextInt64());
        }

        return (drawn % 3) switch
        {
            0 => 0x0A00_0001 + (drawn >> 9),
            1 => 0x6440_0000 + (drawn >> 11),
            _ => 0xCB00_0000 + (drawn >> 9),
        };
    }
}
