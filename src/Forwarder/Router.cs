using System;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder;

/// <summary>The forwarding decision: a function of one frame, one table and the flows remembered.</summary>
public sealed class Router(FlowTable flows)
{
    /// <summary>Decides one frame and, when it is forwarded, rewrites it in place.</summary>
    /// <param name="frame">From its destination MAC to its last octet.</param>
    /// <param name="table">The same for a whole batch.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    public Outcome Route(Span<byte> frame, ForwardingTable table, uint now)
    {
        if (!EthernetView.TryOpen(frame, out EthernetView ethernet))
        {
            return Outcome.Malformed;
        }

        if (ethernet.Type != EthernetView.TypeIpv4 || ethernet.Target != table.LocalMac)
        {
            return Outcome.NotOurs;
        }

        if (!Ipv4View.TryOpen(ethernet.Payload, out Ipv4View ip) || !ip.HasValidChecksum)
        {
            return Outcome.Malformed;
        }

        if (ip.IsFragment)
        {
            return Outcome.Fragment;
        }

        if (table.IsForwarded(ethernet.Source, ip.Source))
        {
            return Outcome.Loop;
        }

        Outcome outcome = ip.Protocol == Ipv4View.ProtocolIcmp
            ? FindForError(ip, table, now, out RealServer real)
            : FindForSegment(ip, table, now, out real);
        return outcome == Outcome.Forwarded ? Send(ethernet, ip, real, table) : outcome;
    }

    /// <summary>The last checks, and the rewriting that is LVS-DR: both MACs, one hop, nothing else.</summary>
    private static Outcome Send(EthernetView ethernet, Ipv4View ip, RealServer real, ForwardingTable table)
    {
        if (ip.TimeToLive <= 1)
        {
            return Outcome.HopLimit;
        }

        if (!real.IsResolved)
        {
            return Outcome.NoNeighbour;
        }

        if (TransportView.TryOpen(ip.Protocol, ip.Payload, out TransportView segment))
        {
            segment.CompleteChecksum(ip.PseudoHeaderSum);
        }

        ip.CountHop();
        ethernet.Redirect(table.LocalMac, real.Mac);
        return Outcome.Forwarded;
    }

    /// <summary>An ICMP error follows the flow that it is about, and changes nothing of it.</summary>
    private Outcome FindForError(Ipv4View ip, ForwardingTable table, uint now, out RealServer real)
    {
        real = default;
        if (!IcmpErrorView.TryOpen(ip.Payload, out IcmpErrorView error))
        {
            return Outcome.Malformed;
        }

        if (!error.QuotesFlow || !table.TryFindService(error.Flow.Service, out _))
        {
            return Outcome.NotOurs;
        }

        FlowHandle found = flows.Find(error.Flow, template: false, now);
        return found.IsFound && table.TryFindReal(found.Real, out real) ? Outcome.Forwarded : Outcome.NoConnection;
    }

    private Outcome FindForSegment(Ipv4View ip, ForwardingTable table, uint now, out RealServer real)
    {
        real = default;
        if (!TransportView.TryOpen(ip.Protocol, ip.Payload, out TransportView segment))
        {
            return ip.Protocol is Ipv4View.ProtocolTcp or Ipv4View.ProtocolUdp ? Outcome.Malformed : Outcome.NotOurs;
        }

        var key = new FlowKey(
            ip.Source, segment.SourcePort, new ServiceKey(ip.Target, segment.TargetPort, ip.Protocol));
        if (!table.TryFindService(key.Service, out VirtualService service))
        {
            return Outcome.NotOurs;
        }

        bool isFirst = ip.Protocol == Ipv4View.ProtocolUdp
            || (segment.Flags & (TcpControl.Syn | TcpControl.Ack | TcpControl.Reset)) == TcpControl.Syn;
        FlowHandle found = flows.Find(key, template: false, now);
        bool goesOn = found.IsFound
            && !(isFirst && TcpStates.IsOver(found.State))
            && table.TryFindReal(found.Real, out real);
        if (goesOn)
        {
            FlowState next = TcpStates.Next(found.State, ip.Protocol, segment.Flags);
            flows.Touch(found, next, now + TcpStates.Timeout(next, table.Timeouts));
            return Outcome.Forwarded;
        }

        return isFirst ? Schedule(key, service, segment.Flags, table, now, out real) : Outcome.NoConnection;
    }

    /// <summary>
    /// A new connection: to its client's real server if the service is persistent, else to the scheduler's.
    /// </summary>
    private Outcome Schedule(
        in FlowKey key, VirtualService service, TcpControl flags, ForwardingTable table, uint now, out RealServer real)
    {
        bool persistent = service.PersistenceTicks > 0;
        FlowKey client = persistent ? ClientOf(key, service) : default;
        if (!(persistent && TryFindPersistent(client, table, now, out real)))
        {
            int chosen = Scheduling.Schedulers.Choose(service.Scheduler, service.Reals.AsSpan(), service.Memory);
            if (chosen < 0)
            {
                real = default;
                return Outcome.NoRealServer;
            }

            real = service.Reals[chosen];
        }

        if (persistent)
        {
            flows.Remember(client, template: true, FlowState.None, real.Number, now, now + service.PersistenceTicks);
        }

        FlowState state = TcpStates.Next(FlowState.None, key.Service.Protocol, flags);
        uint deadline = now + TcpStates.Timeout(state, table.Timeouts);
        flows.Remember(key, template: false, state, real.Number, now, deadline);
        return Outcome.Forwarded;
    }

    /// <summary>A template whose real server left, or takes no new connections, no longer counts.</summary>
    private bool TryFindPersistent(in FlowKey client, ForwardingTable table, uint now, out RealServer real)
    {
        real = default;
        FlowHandle found = flows.Find(client, template: true, now);
        return found.IsFound && table.TryFindReal(found.Real, out real) && real.Weight > 0;
    }

    private static FlowKey ClientOf(in FlowKey key, VirtualService service) =>
        new(key.ClientAddress & service.PersistenceMask, 0, key.Service);
}
