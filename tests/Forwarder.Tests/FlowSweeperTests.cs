using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>The counts of a real server are its entries in the tables, whatever has been done to them.</summary>
public sealed class FlowSweeperTests : IDisposable
{
    private static readonly uint SecondTicks = FlowClock.TicksPerSecond;

    private readonly World _world = new(Service(Web, A));

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_connection_is_counted_from_its_first_packet_until_it_is_swept()
    {
        _world.Syn();
        Assert.Equal((1, 0), Counted());
        _world.Route(ToWeb.Tcp(TcpControl.Ack));
        Assert.Equal((1, 0), Counted());
        _world.Route(ToWeb.Tcp(TcpControl.Fin | TcpControl.Ack));
        Assert.Equal((0, 1), Counted());

        _world.Now += FlowClock.Ticks(120) + SecondTicks;
        Assert.Equal(1, _world.Sweep());
        Assert.Equal((0, 0), Counted());
        Assert.Equal(0, _world.Flows.Counts.Total);
    }

    [Fact]
    public void What_lives_is_not_swept()
    {
        _world.Syn();
        _world.Now += FlowClock.Ticks(60) - 1;

        Assert.Equal(0, _world.Sweep());
        Assert.Equal((1, 0), Counted());
    }

    [Fact]
    public void A_template_of_no_service_any_more_is_swept()
    {
        var persistent = With(Service(Web, A), options => options with { PersistenceTicks = 100 });
        _world.Publish(persistent);
        _world.Syn();
        Assert.Equal(1, _world.Flows.Counts.Templates(A.Number));
        _world.Publish();
        _world.Now += 100;

        _world.Sweep();

        Assert.Equal(0, _world.Flows.Counts.Templates(A.Number));
    }

    [Fact]
    public void A_full_server_is_overloaded_until_it_has_less_than_its_lower_threshold()
    {
        FlowCounts counts = _world.Flows.Counts;
        counts.SetThresholds(A.Number, upper: 4, lower: 2);
        for (int port = 1; port <= 4; port++)
        {
            Assert.False(counts.IsOverloaded(A.Number));
            _world.Syn(port);
        }

        Assert.True(counts.IsOverloaded(A.Number));
        Assert.Equal([true, true, false], EndOneByOne(3));
    }

    [Fact]
    public void Without_a_lower_threshold_it_is_three_quarters_of_the_upper()
    {
        _world.Flows.Counts.SetThresholds(A.Number, upper: 4, lower: 0);
        for (int port = 1; port <= 4; port++)
        {
            _world.Syn(port);
        }

        Assert.Equal([true, false], EndOneByOne(2));
    }

    /// <summary>
    /// Any history of remembering, moving, forgetting, time and sweeping, of both families in tables so small that they
    /// overflow: the counts are what a walk through the tables counts.
    /// </summary>
    [Fact]
    public void Counts_are_what_the_tables_hold() => Gen.Select(
            Gen.Int[0, 5],
            Gen.Int[0, 90],
            Gen.Int[0, 3],
            Gen.Int[0, 11].Select(state => (FlowState)state),
            Gen.Int[0, 30])
        .Array[1, 400].Sample(
            steps =>
            {
                using var flows = new FlowTables(32, 32, new Random(5));
                var sweeper = new FlowSweeper(flows);
                uint now = 1;
                foreach ((int verb, int client, int real, FlowState state, int time) in steps)
                {
                    Take(flows, sweeper, verb, KeyOf(client), (ushort)real, state, ref now, (uint)time);
                    AssertCounts(flows);
                }
            },
            seed: "0000KRfVnPB2",
            iter: 300);

    private static void Take(
        FlowTables flows,
        FlowSweeper sweeper,
        int verb,
        FlowKey key,
        ushort real,
        FlowState state,
        ref uint now,
        uint time)
    {
        bool template = state == FlowState.None;
        FlowId id = template ? FlowId.OfTemplate(key) : FlowId.Of(key);
        FlowHandle found = flows.Find(id, now);
        switch (verb)
        {
            case 0 or 1:
                flows.Remember(id, state, real, now, now + time);
                break;
            case 2 when found.IsFound && !template:
                flows.Touch(id, found, state, now + time);
                break;
            case 3 when found.IsFound:
                flows.Forget(id, found);
                break;
            case 4:
                now += time;
                break;
            default:
                sweeper.Sweep([ForwardingTable.Empty], now);
                break;
        }
    }

    private static void AssertCounts(FlowTables flows)
    {
        List<(ushort Real, int Kind)> held = [];
        flows.Visit(0, flows.Slots, (in id, handle, _) => held.Add(
            (handle.Real, FlowWord.IsTemplate(handle.Word) ? 2 : FlowStates.IsActive(handle.State) ? 0 : 1)));
        FlowCounts counts = flows.Counts;
        for (ushort real = 0; real < 4; real++)
        {
            int[] expected = [.. Enumerable.Range(0, 3).Select(kind => held.Count(one => one == (real, kind)))];
            int[] counted = [counts.Active(real), counts.Inactive(real), counts.Templates(real)];
            Assert.Equal(expected, counted);
        }

        Assert.Equal(held.Count, counts.Total);
    }

    private static FlowKey KeyOf(int client) => client % 2 == 0
        ? new FlowKey(Client, (ushort)client, Web)
        : new FlowKey(
            new IpAddress(0x20010DB8_00000000, (ulong)client), 50_000,
            Web with { Address = new IpAddress(0x20010DB8_00000000, 0x80) });

    private bool[] EndOneByOne(int count)
    {
        _world.Now += FlowClock.Ticks(1);
        return [.. Enumerable.Range(1, count).Select(port =>
        {
            FlowId id = FlowId.Of(new FlowKey(Client, (ushort)port, Web));
            Assert.True(_world.Flows.Forget(id, _world.Flows.Find(id, _world.Now)));
            return _world.Flows.Counts.IsOverloaded(A.Number);
        })];
    }

    private (int Active, int Inactive) Counted() =>
        (_world.Flows.Counts.Active(A.Number), _world.Flows.Counts.Inactive(A.Number));
}
