using System;
using System.Collections.Generic;
using System.Linq;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;
using XdpLvs.TestKit;
using Xunit;
using static XdpLvs.Forwarder.Tests.World;

namespace XdpLvs.Forwarder.Tests;

/// <summary>
/// More new flows than the budget allows or than there is room for: who is connected stays connected, who comes is
/// served, and nothing grows.
/// </summary>
public sealed class SynFloodTests : IDisposable
{
    private const int Budget = 50;
    private const uint Window = 600;

    private readonly World _world = new(Service(Web, A, B, C), Service(Dns, A, B, C));

    public SynFloodTests() => _world.Policy = Silent with { NewFlowsPerSecond = Budget };

    public void Dispose() => _world.Dispose();

    [Fact]
    public void Beyond_the_budget_nothing_is_remembered_and_everything_is_forwarded()
    {
        Outcome[] outcomes = [.. Enumerable.Range(1, 1000).Select(port => _world.Syn(port))];

        Assert.All(outcomes[..Budget], outcome => Assert.Equal(Outcome.Forwarded, outcome));
        Assert.All(outcomes[Budget..], outcome => Assert.Equal(Outcome.ForwardedStateless, outcome));
        Assert.Equal(Budget, Entries());
        _world.Now += 10;
        Assert.Equal(Outcome.Forwarded, _world.Syn(2000));
    }

    [Fact]
    public void The_hash_spreads_by_weight_and_moves_only_the_flows_of_who_leaves()
    {
        RealServer heavy = A with { Weight = 3 };
        _world.Table = new ForwardingTable(Director, [Service(Web, heavy, B)], [], _world.Policy);
        Flood();
        Dictionary<int, MacAddress> before = Enumerable.Range(1000, 4000).ToDictionary(port => port, SynGoesTo);
        Assert.InRange(before.Values.Count(mac => mac == heavy.Mac), 2850, 3150);

        _world.Table = new ForwardingTable(Director, [Service(Web, heavy, B, C)], [], _world.Policy);

        Assert.All(before, flow => Assert.Contains(SynGoesTo(flow.Key), new[] { flow.Value, C.Mac }));
    }

    [Fact]
    public void All_segments_of_a_flow_without_an_entry_go_one_way_while_the_pressure_lasts()
    {
        Flood();
        foreach (int port in Enumerable.Range(1000, 100))
        {
            MacAddress first = SynGoesTo(port);
            Assert.Equal(first, SynGoesTo(port)); // asked again
            Assert.Equal(first, GoesTo(FromPort(port).Tcp(TcpControl.Ack)));
            Assert.Equal(first, GoesTo(FromPort(port).Tcp(TcpControl.Ack)));
        }
    }

    [Fact]
    public void A_SYN_asked_again_when_there_is_budget_goes_where_it_went_before()
    {
        Flood();
        MacAddress[] first = [.. Enumerable.Range(1000, Budget).Select(SynGoesTo)];

        _world.Now += 10; // one second of budget, still under pressure

        for (int i = 0; i < Budget; i++)
        {
            byte[] frame = FromPort(1000 + i).Tcp(TcpControl.Syn);
            Assert.Equal((Outcome.Forwarded, first[i]), (_world.Route(frame), MacAddress.From(frame)));
        }
    }

    [Fact]
    public void Who_began_without_an_entry_stays_connected_when_the_pressure_is_over()
    {
        Flood();
        MacAddress first = SynGoesTo(1000);
        Assert.Equal(first, GoesTo(FromPort(1000).Tcp(TcpControl.Ack))); // the first one is remembered as half-open
        Assert.Equal(first, GoesTo(FromPort(1000).Tcp(TcpControl.Ack))); // the next one as established

        _world.Now += Window + 1000;

        Assert.Equal(Outcome.Forwarded, _world.Ack(1000));
        Assert.Equal(Outcome.NoConnection, _world.Ack(1001));
        _world.Publish(Service(Web, C, B, A), Service(Dns, A, B, C));
        Assert.Equal(first, GoesTo(FromPort(1000).Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void One_segment_in_mid_stream_makes_no_entry_that_cannot_be_given_up()
    {
        Flood();
        int before = Entries();
        for (int port = 1; port <= 1000; port++)
        {
            _world.Route((FromPort(port) with { From = 0x0A000001u }).Tcp(TcpControl.Ack));
        }

        Assert.InRange(Entries() - before, 1, Budget / 4);
        Assert.DoesNotContain(
            States(), state => state is FlowState.Established); // a flood of ACKs costs two packets an entry as well
    }

    [Theory]
    [InlineData(TcpControl.Reset)]
    [InlineData(TcpControl.Fin)]
    public void The_end_of_an_unknown_connection_is_forwarded_and_not_remembered(TcpControl flags)
    {
        Flood();
        int before = Entries();
        MacAddress first = SynGoesTo(1000);

        Assert.Equal(first, GoesTo(FromPort(1000).Tcp(flags | TcpControl.Ack)));
        Assert.Equal(before, Entries());
    }

    [Fact]
    public void The_pressure_ends_60_seconds_after_the_last_excess()
    {
        Flood();
        _world.Now += Window - 1;
        Assert.Equal(Outcome.ForwardedStateless, _world.Ack(1000));
        _world.Now += 1;

        Assert.Equal(Outcome.NoConnection, _world.Ack(1001));
    }

    [Fact]
    public void Every_worker_knows_of_the_pressure()
    {
        Flood();
        var other = new Router(_world.Flows, new Statistics());
        byte[] syn = FromPort(1000).Tcp(TcpControl.Syn), ack = FromPort(1000).Tcp(TcpControl.Ack);

        Assert.Equal(Outcome.ForwardedStateless, _world.Route(syn));
        Assert.Equal(Outcome.ForwardedStateless, other.Route(ack, _world.Table, _world.Now));
        Assert.Equal(syn[..6], ack[..6]);
        Assert.Equal(_world.Now + Window, _world.Flows.PressedUntil);
    }

    [Fact]
    public void Errors_follow_a_flow_without_an_entry()
    {
        Flood();
        FrameBuilder answer = ToWeb with { From = Vip, FromPort = 80, To = Client };
        foreach (int port in Enumerable.Range(1000, 50))
        {
            byte[] error = ToWeb.IcmpError(3, (answer with { ToPort = (ushort)port }).Tcp(TcpControl.Ack));
            Assert.Equal(SynGoesTo(port), GoesTo(error));
        }
    }

    [Fact]
    public void A_connection_on_the_ports_of_an_old_one_is_not_torn_between_two_servers()
    {
        _world.Syn(1000);
        _world.Ack(1000);
        _world.Route(FromPort(1000).Tcp(TcpControl.Reset));
        Flood();

        MacAddress first = SynGoesTo(1000);

        Assert.Equal(first, GoesTo(FromPort(1000).Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void Established_connections_outlive_a_flood_of_many_times_the_room()
    {
        _world.Policy = Silent; // no budget to help
        Dictionary<int, MacAddress> connected = [];
        for (int port = 1; port <= 500; port++)
        {
            connected[port] = SynGoesTo(port);
            _world.Ack(port);
        }

        foreach (int i in Enumerable.Range(0, 100_000))
        {
            _world.Route((FromPort(i % 60_000) with { From = 0x0A000000u + (uint)(i / 1000) }).Tcp(TcpControl.Syn));
        }

        Assert.True(_world.Flows.Evictions > 90_000);
        Assert.All(connected, flow => Assert.Equal(flow.Value, GoesTo(FromPort(flow.Key).Tcp(TcpControl.Ack))));
    }

    [Fact]
    public void A_handshake_survives_while_the_table_turns_over_not_yet_once()
    {
        _world.Policy = Silent;
        for (int round = 0; round < 20; round++)
        {
            Flood(5000, round);
            int port = 60_000 + round;
            _world.Now++; // the clock tells tenths of a second apart
            MacAddress first = SynGoesTo(port);
            _world.Now++;
            Flood(500, round + 100); // a quarter of the slots' number

            Assert.Equal((Outcome.Forwarded, first), (_world.Ack(port), GoesTo(FromPort(port).Tcp(TcpControl.Ack))));
        }
    }

    [Fact]
    public void Single_datagrams_give_way_and_conversations_do_not()
    {
        _world.Policy = Silent;
        MacAddress talk = Datagram(1, 1);
        Assert.Equal(talk, Datagram(1, 1));
        MacAddress handshake = SynGoesTo(50_000);
        for (int i = 0; i < 100_000; i++)
        {
            Datagram(0x0A000000u + (uint)(i / 1000), i % 60_000);
        }

        Assert.True(_world.Flows.Evictions > 90_000);
        Assert.Equal(0, _world.Flows.Refusals);
        Assert.Equal(talk, Datagram(1, 1));
        Assert.Equal(handshake, GoesTo(ToWeb.Tcp(TcpControl.Ack)));
    }

    [Fact]
    public void Datagrams_without_an_entry_go_one_way_also_when_there_is_budget_again()
    {
        Flood();
        for (int port = 1; port <= 100; port++)
        {
            MacAddress first = Datagram(7, port);
            _world.Now += 1;
            Assert.Equal(first, Datagram(7, port));
            Assert.Equal(first, Datagram(7, port));
        }
    }

    [Fact]
    public void A_persistent_client_stays_with_its_server_and_a_new_one_gets_one_for_all_its_connections()
    {
        Persist();
        MacAddress known = GoesTo((FromPort(1) with { From = 0x0B000001u }).Tcp(TcpControl.Syn));
        Flood(1000);

        for (int port = 2; port < 50; port++)
        {
            Assert.Equal(known, GoesTo((FromPort(port) with { From = 0x0B000001u }).Tcp(TcpControl.Syn)));
        }

        for (uint client = 1; client < 50; client++)
        {
            FrameBuilder sender = ToWeb with { From = 0x0C000000u + client };
            MacAddress first = GoesTo((sender with { FromPort = 1 }).Tcp(TcpControl.Syn));
            Assert.Equal(first, GoesTo((sender with { FromPort = 2 }).Tcp(TcpControl.Syn)));
            _world.Now++; // sometimes there is budget
            Assert.Equal(first, GoesTo((sender with { FromPort = 3 }).Tcp(TcpControl.Syn)));
            Assert.Equal(first, GoesTo((sender with { FromPort = 1 }).Tcp(TcpControl.Ack)));
        }
    }

    [Fact]
    public void A_flood_of_clients_does_not_push_out_those_who_are_connected()
    {
        Persist();
        _world.Policy = Silent;
        Dictionary<uint, MacAddress> clients = [];
        for (uint client = 1; client <= 100; client++)
        {
            FrameBuilder sender = ToWeb with { From = 0x0B000000u + client };
            clients[client] = GoesTo(sender.Tcp(TcpControl.Syn));
            GoesTo(sender.Tcp(TcpControl.Ack)); // assures its template
        }

        Flood(50_000);

        Assert.Equal(0, _world.Flows.Refusals);
        Assert.All(clients, client => Assert.Equal(
            client.Value, GoesTo((FromPort(2) with { From = 0x0B000000u + client.Key }).Tcp(TcpControl.Syn))));
    }

    [Fact]
    public void A_template_that_was_given_up_during_the_handshake_is_made_again()
    {
        Persist();
        _world.Policy = Silent;
        MacAddress first = GoesTo(ToWeb.Tcp(TcpControl.Syn));
        _world.Flows.Visit(0, _world.Flows.Slots, (in id, handle, _) =>
        {
            if (FlowWord.IsTemplate(handle.Word))
            {
                Assert.Equal(FlowState.None, handle.State);
                _world.Flows.Forget(id, handle);
            }
        });
        Assert.Equal(first, GoesTo(ToWeb.Tcp(TcpControl.Ack)));

        for (int port = 1; port < 10; port++)
        {
            Assert.Equal(first, SynGoesTo(port));
        }

        Assert.Contains(Templates(), entry => entry.State == FlowState.Established);
    }

    [Fact]
    public void Counts_stay_right_through_it_all()
    {
        Persist();
        Flood(20_000);
        Enumerable.Range(1, 500).ToList().ForEach(port => _world.Ack(port));
        List<FlowEntry> entries = [];
        _world.Flows.Visit(_world.Now, entries.Add);

        foreach (RealServer real in new[] { A, B, C })
        {
            FlowEntry[] mine = [.. entries.Where(entry => entry.Real == real.Number)];
            Assert.Equal(mine.Count(entry => entry.IsTemplate), _world.Flows.Counts.Templates(real.Number));
            Assert.Equal(
                mine.Count(entry => !entry.IsTemplate && FlowStates.IsActive(entry.State)),
                _world.Flows.Counts.Active(real.Number));
        }
    }

    private void Persist() => _world.Table = new ForwardingTable(
        Director,
        [With(Service(Web, A, B, C), options => options with { PersistenceTicks = 3000 })],
        [],
        _world.Policy);

    /// <summary>SYNs, each from an address of its own.</summary>
    private void Flood(int count = 500, int seed = 0)
    {
        var random = new Random(seed);
        for (int i = 0; i < count; i++)
        {
            _world.Route((FromPort(random.Next(65_536)) with { From = (uint)random.Next() }).Tcp(TcpControl.Syn));
        }
    }

    private MacAddress SynGoesTo(int port) => GoesTo(FromPort(port).Tcp(TcpControl.Syn));

    private MacAddress Datagram(uint client, int port) =>
        GoesTo((ToDns with { From = client, FromPort = (ushort)port }).Udp());

    private MacAddress GoesTo(byte[] frame)
    {
        Assert.InRange(_world.Route(frame), Outcome.Forwarded, Outcome.ForwardedStateless);
        return MacAddress.From(frame);
    }

    private int Entries() => States().Count;

    private List<FlowState> States()
    {
        List<FlowState> states = [];
        _world.Flows.Visit(_world.Now, entry => states.Add(entry.State));
        return states;
    }

    private List<FlowEntry> Templates()
    {
        List<FlowEntry> templates = [];
        _world.Flows.Visit(_world.Now, entry => templates.AddRange(entry.IsTemplate ? [entry] : []));
        return templates;
    }
}
