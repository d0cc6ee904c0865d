using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>Reads the daemon's tables for ipvsadm. Called by the director loop.</summary>
internal static class IpvsSnapshot
{
    /// <summary>So many slots are walked between two other things that the director loop does.</summary>
    private const int SlotsPerPage = 1 << 16;

    /// <summary>All services. Takes time for each real server, none for a connection: their counts are kept.</summary>
    internal static IpvsState Take(TableKeeper keeper, FlowTables flows, ServiceStatistics statistics)
    {
        FlowTimeouts timeouts = keeper.Policy.Timeouts;
        return new IpvsState(
            flows.Capacity,
            new IpvsTimeouts(Seconds(timeouts.Established), Seconds(timeouts.FinWait), Seconds(timeouts.Udp)),
            [.. keeper.Services.Select(service => Service(service, flows.Counts, statistics))]);
    }

    /// <summary>
    /// A page of the connections and templates in the table's order. Its first line says where the next page begins, 0
    /// after the last; then one on a line: protocol, client, its port, virtual address, port, real server, port, state,
    /// whole seconds left.
    /// </summary>
    /// <remarks>Linux net/netfilter/ipvs/ip_vs_conn.c, ip_vs_conn_seq_show: /proc/net/ip_vs_conn.</remarks>
    /// <param name="keeper">Real servers.</param>
    /// <param name="flows">Connections.</param>
    /// <param name="from">Where the page begins, 0 for the first.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    internal static string Connections(TableKeeper keeper, FlowTables flows, int from, uint now)
    {
        int count = Math.Clamp(flows.Slots - from, 0, SlotsPerPage);
        int next = from + count < flows.Slots ? from + count : 0;
        Dictionary<ushort, string> reals = keeper.Services
            .SelectMany(service => service.Everybody)
            .ToDictionary(real => real.Number, real => IpvsAddress.Text(real.Settings.Address));
        var text = new StringBuilder().Append(next).Append('\n');
        flows.Visit(count > 0 ? from : 0, count, now, entry =>
        {
            if (reals.TryGetValue(entry.Real, out string? real))
            {
                (IpAddress address, ushort port, byte protocol) = entry.Key.Service;
                IpvsAddress.Append(text.Append(IpvsWords.Protocol(protocol)).Append(' '), entry.Key.ClientAddress);
                IpvsAddress.Append(text.Append(' ').Append(entry.Key.ClientPort).Append(' '), address);
                text.Append(' ').Append(port)
                    .Append(' ').Append(real).Append(' ').Append(port) // direct routing changes no port
                    .Append(' ').Append(IpvsWords.State(entry))
                    .Append(' ').Append(Seconds(entry.TicksLeft)).Append('\n');
            }
        });
        return text.ToString();
    }

    private static IpvsService Service(ServiceEntry service, FlowCounts counts, ServiceStatistics statistics)
    {
        ServiceSettings it = service.Settings;
        ServiceOptions options = it.Options;
        return new IpvsService(
            it.Key.Protocol,
            it.Key.Address,
            it.Key.Port,
            Schedulers.Name(options.Scheduler),
            options.Switches,
            Seconds(options.PersistenceTicks),
            options.PersistenceMask,
            options.OnePacket,
            statistics.Counts(service),
            statistics.Rates(service),
            [.. service.Listed.Reverse().Select(real => Real(service, real, counts, statistics))]);
    }

    private static IpvsReal Real(
        ServiceEntry service, RealServerEntry real, FlowCounts counts, ServiceStatistics statistics) => new(
        real.Settings.Address,
        real.Settings.Port,
        service.ListedWeight(real),
        real.Settings.Upper,
        real.Settings.Lower,
        counts.Active(real.Number),
        counts.Inactive(real.Number),
        counts.Templates(real.Number),
        statistics.Counts(real),
        statistics.Rates(real));

    private static uint Seconds(uint ticks) => ticks / FlowClock.TicksPerSecond;
}
