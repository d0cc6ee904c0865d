using System;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder;

/// <summary>What becomes of packets whose flow is not remembered: one worker's part of <see cref="Router"/>.</summary>
/// <remarks>
/// When more flows begin than the budget allows, or than there is room for, all workers are under pressure for as long
/// as a handshake may take. Then every new flow goes where its hash says, remembered or not, so that whatever follows
/// finds the same real server. A packet in mid-stream says that a handshake went that way: it is remembered as if it
/// had been the first, from a budget of its own, and the next one makes it an established connection that outlives the
/// pressure. So an entry that may not be given up still costs a flood two packets, as it does without pressure.
/// </remarks>
internal sealed class NewFlows(FlowTables flows, Statistics statistics)
{
    private const int AdoptedShare = 4;

    private Budget _begun, _adopted;

    /// <summary>A packet whose flow is not known, or no longer counts.</summary>
    /// <param name="packet">A segment, not an error.</param>
    /// <param name="found">What is known of its flow.</param>
    /// <param name="table">The same for a whole batch.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <param name="number">When forwarded, of the real server.</param>
    internal Outcome Begin(in Packet packet, FlowHandle found, ForwardingTable table, uint now, out ushort number)
    {
        number = ushort.MaxValue;
        FlowKey key = packet.Flow.ToKey();
        if (!table.TryFindService(key.Service, out VirtualService service))
        {
            return Outcome.NotOurs;
        }

        if (found.IsFound && table.Real(found.Real).Address.IsNone)
        {
            if (!table.Policy.ExpireNoDestination)
            {
                return Outcome.NoDestination;
            }

            flows.Forget(packet.Flow, found);
            found = FlowHandle.None;
        }

        if (!FlowStates.Begins(packet) && !FlowStates.MayBeginAnywhere(packet, table.Policy))
        {
            return now < flows.PressedUntil
                ? Continue(packet, key, service, table, now, out number)
                : Outcome.NoConnection;
        }

        if (service.Options.OnePacket && !service.IsPersistent)
        {
            return Choose(key, service, now, out number);
        }

        if (table.Policy.NewFlowsPerSecond > 0 && !_begun.TryTake(table.Policy.NewFlowsPerSecond, now))
        {
            if (found.IsFound)
            {
                flows.Forget(packet.Flow, found); // an old connection of the same ports: it went elsewhere
            }

            Press(table, now);
            return ChooseByHash(key, service, table, now, out number);
        }

        return Schedule(packet, key, service, table, now, out number);
    }

    /// <summary>Where an error goes that is about a flow of which nothing is remembered.</summary>
    internal Outcome FindForError(
        in Packet packet, FlowHandle found, ForwardingTable table, uint now, out ushort number)
    {
        number = ushort.MaxValue;
        FlowKey key = packet.Flow.ToKey();
        if (!table.TryFindService(key.Service, out VirtualService service))
        {
            return Outcome.NotOurs;
        }

        bool isPressed = !found.IsFound && now < flows.PressedUntil;
        Outcome outcome = isPressed ? ChooseByHash(key, service, table, now, out number) : Outcome.NoConnection;
        return outcome == Outcome.ForwardedStateless ? outcome : Outcome.NoConnection;
    }

    /// <summary>A connection is established: so its client's template is no longer easily given up.</summary>
    internal void Assure(in Packet packet, ushort real, ForwardingTable table, uint now)
    {
        FlowKey key = packet.Flow.ToKey();
        if (!table.TryFindService(key.Service, out VirtualService service) || !service.IsPersistent)
        {
            return;
        }

        FlowId client = FlowId.OfTemplate(service.TemplateOf(key));
        FlowHandle template = flows.Find(client, now);
        if (!template.IsFound) // given up during the handshake
        {
            flows.Remember(client, FlowState.Established, real, now, now + service.Options.PersistenceTicks);
        }
        else if (template.State != FlowState.Established && template.Real == real)
        {
            flows.Assure(client, template);
        }
    }

    /// <summary>
    /// A new connection: to its client's real server if the service is persistent, else to the scheduler's, or under
    /// pressure to the hash's, which its first packet may have gone to already.
    /// </summary>
    private Outcome Schedule(
        in Packet packet, in FlowKey key, VirtualService service, ForwardingTable table, uint now, out ushort number)
    {
        FlowState state = FlowStates.Next(FlowState.None, packet);
        uint deadline = now + FlowStates.Timeout(state, table.Timeouts);
        if (TryFindPersistent(key, service, table, now, out FlowId client, out FlowHandle template))
        {
            number = template.Real;
            statistics.CountConnection(number); // ip_vs_core.c, ip_vs_sched_persist: this choice counts too
            flows.Touch(client, template, template.State, now + service.Options.PersistenceTicks);
        }
        else if (now < flows.PressedUntil)
        {
            if (ChooseByHash(key, service, table, now, out number) != Outcome.ForwardedStateless)
            {
                return Outcome.NoRealServer;
            }

            statistics.CountConnection(number);
            RememberClient(client, service, number, now);
        }
        else
        {
            if (Choose(key, service, now, out number) != Outcome.Forwarded)
            {
                return Outcome.NoRealServer;
            }

            RememberClient(client, service, number, now);
        }

        if (service.Options.OnePacket)
        {
            return Outcome.Forwarded; // its client is remembered, the packet is not (ip_vs_sched_persist)
        }

        FlowHandle kept = flows.Remember(packet.Flow, state, number, now, deadline);
        if (kept.IsFound)
        {
            number = kept.Real;
            return Outcome.Forwarded;
        }

        Press(table, now); // no room: what follows must find the same real server all the same
        return ChooseByHash(key, service, table, now, out number);
    }

    /// <summary>A packet in mid-stream that may belong to a flow that went by its hash.</summary>
    private Outcome Continue(
        in Packet packet, in FlowKey key, VirtualService service, ForwardingTable table, uint now, out ushort number)
    {
        Outcome outcome = ChooseByHash(key, service, table, now, out number);
        int rate = table.Policy.NewFlowsPerSecond;
        bool isAdopted = outcome == Outcome.ForwardedStateless
            && FlowStates.IsAssured(FlowStates.Next(FlowState.None, packet))
            && (rate == 0 || _adopted.TryTake(Math.Max(1, rate / AdoptedShare), now));
        if (isAdopted)
        {
            FlowId client = service.IsPersistent ? FlowId.OfTemplate(service.TemplateOf(key)) : default;
            statistics.CountConnection(number);
            RememberClient(client, service, number, now);
            flows.Remember(packet.Flow, FlowState.None, number, now, now + Handshake(table));
        }

        return outcome;
    }

    private Outcome Choose(in FlowKey key, VirtualService service, uint now, out ushort number)
    {
        int chosen = Schedulers.Choose(service, key, flows.Counts, now);
        number = chosen < 0 ? ushort.MaxValue : service.Reals[chosen].Number;
        if (chosen < 0)
        {
            return Outcome.NoRealServer;
        }

        statistics.CountConnection(number);
        return Outcome.Forwarded;
    }

    /// <summary>All of a flow's packets find the same server without anything remembered, but for a template.</summary>
    private Outcome ChooseByHash(
        in FlowKey key, VirtualService service, ForwardingTable table, uint now, out ushort number)
    {
        if (TryFindPersistent(key, service, table, now, out _, out FlowHandle template))
        {
            number = template.Real;
            return Outcome.ForwardedStateless;
        }

        int chosen = StatelessChoice.Choose(service, key, flows.HashKey);
        number = chosen < 0 ? ushort.MaxValue : service.Reals[chosen].Number;
        return chosen < 0 ? Outcome.NoRealServer : Outcome.ForwardedStateless;
    }

    /// <summary>
    /// A template whose real server left no longer counts; nor, unless told otherwise, one that takes nothing new.
    /// </summary>
    private bool TryFindPersistent(
        in FlowKey key, VirtualService service, ForwardingTable table, uint now, out FlowId client,
        out FlowHandle found)
    {
        client = default;
        found = FlowHandle.None;
        if (!service.IsPersistent)
        {
            return false;
        }

        client = FlowId.OfTemplate(service.TemplateOf(key));
        found = flows.Find(client, now);
        ref readonly RealServer real = ref table.Real(found.Real);
        return found.IsFound && !real.Address.IsNone
            && (real.Weight > 0 || !table.Policy.ExpireQuiescentTemplate);
    }

    private void RememberClient(in FlowId client, VirtualService service, ushort number, uint now)
    {
        if (service.IsPersistent)
        {
            flows.Remember(client, FlowState.None, number, now, now + service.Options.PersistenceTicks);
        }
    }

    private void Press(ForwardingTable table, uint now) => flows.Press(now + Handshake(table));

    /// <summary>Ticks that a handshake may take.</summary>
    private static uint Handshake(ForwardingTable table) =>
        FlowStates.Timeout(FlowState.SynReceived, table.Timeouts);
}
