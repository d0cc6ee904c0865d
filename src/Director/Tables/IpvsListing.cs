using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>Prints what ipvsadm prints, letter for letter, so that scripts which read it go on working.</summary>
/// <remarks>ipvsadm 1.31, print_service_entry and print_conn; man page ipvsadm(8).</remarks>
public static class IpvsListing
{
    private const string Version = "1.2.1";

    /// <summary>ipvsadm -Ln: services sorted by protocol, address and port, with their real servers.</summary>
    public static string Services(TableKeeper keeper, FlowTables flows, uint now)
    {
        Dictionary<ushort, (int Active, int Inactive)> counts = Count(flows, now);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"IP Virtual Server version {Version} (size={flows.Capacity})\n");
        text.Append("Prot LocalAddress:Port Scheduler Flags\n");
        text.Append("  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n");
        foreach (ServiceEntry service in Sorted(keeper))
        {
            ServiceSettings it = service.Settings;
            text.Append(CultureInfo.InvariantCulture,
                $"{Protocol(it.Key.Protocol),-4} {AddressText.Text(it.Key.Address)}:{it.Key.Port} ");
            text.Append(Schedulers.Name(it.Options.Scheduler));
            AppendPersistence(text, it);
            text.Append('\n');
            foreach (RealServerEntry real in service.Listed.OrderBy(r => r.Settings.Address.High).ThenBy(r => r.Settings.Address.Low))
            {
                (int active, int inactive) = counts.GetValueOrDefault(real.Number);
                string address = $"{AddressText.Text(real.Settings.Address)}:{real.Settings.Port}";
                text.Append(CultureInfo.InvariantCulture,
                    $"  -> {address,-28} {"Route",-7} {real.WeightNow,-6} {active,-10} {inactive,-10}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>ipvsadm -Lnc: connections and templates, in the table's order.</summary>
    public static string Connections(TableKeeper keeper, FlowTables flows, uint now)
    {
        Dictionary<ushort, RealServerSettings> reals = keeper.Services
            .SelectMany(service => service.Reals)
            .ToDictionary(real => real.Number, real => real.Settings);
        var text = new StringBuilder("IPVS connection entries\n");
        text.Append("pro expire state       source             virtual            destination\n");
        flows.Visit(now, entry =>
        {
            if (!reals.TryGetValue(entry.Real, out RealServerSettings? real))
            {
                return;
            }

            uint seconds = entry.TicksLeft / FlowClock.TicksPerSecond;
            string expire = string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:00}:{seconds % 60:00}");
            string source = $"{AddressText.Text(entry.Key.ClientAddress)}:{entry.Key.ClientPort}";
            string target = $"{AddressText.Text(entry.Key.Service.Address)}:{entry.Key.Service.Port}";
            text.Append(CultureInfo.InvariantCulture,
                $"{Protocol(entry.Key.Service.Protocol),-3} {expire,-6} {State(entry),-11} {source,-18} ");
            text.Append(CultureInfo.InvariantCulture,
                $"{target,-18} {AddressText.Text(real.Address)}:{real.Port}\n");
        });
        return text.ToString();
    }

    private static IEnumerable<ServiceEntry> Sorted(TableKeeper keeper) => keeper.Services
        .OrderBy(service => service.Settings.Key.Protocol)
        .ThenBy(service => service.Settings.Key.Address.High)
        .ThenBy(service => service.Settings.Key.Address.Low)
        .ThenBy(service => service.Settings.Key.Port);

    private static void AppendPersistence(StringBuilder text, ServiceSettings service)
    {
        ServiceOptions options = service.Options;
        if (options.PersistenceTicks > 0)
        {
            uint seconds = options.PersistenceTicks / FlowClock.TicksPerSecond;
            text.Append(CultureInfo.InvariantCulture, $" persistent {seconds}");
            if (options.PersistenceMask != IpAddress.AllOnes)
            {
                text.Append(" mask ").Append(AddressText.Text(options.PersistenceMask.V4));
            }
        }
    }

    private static Dictionary<ushort, (int Active, int Inactive)> Count(FlowTables flows, uint now)
    {
        var counts = new Dictionary<ushort, (int Active, int Inactive)>();
        flows.Visit(now, entry =>
        {
            if (!entry.IsTemplate)
            {
                (int active, int inactive) = counts.GetValueOrDefault(entry.Real);
                bool isActive = FlowStates.IsActive(entry.State);
                counts[entry.Real] = (active + (isActive ? 1 : 0), inactive + (isActive ? 0 : 1));
            }
        });
        return counts;
    }

    private static string Protocol(byte protocol) => protocol == 17 ? "UDP" : "TCP";

    /// <summary>
    /// The kernel's names: ip_vs_proto_tcp.c, tcp_state_name_table. A template that a connection was made from is
    /// ASSURED.
    /// </summary>
    private static string State(FlowEntry entry) => entry.State switch
    {
        _ when entry.IsTemplate => "ASSURED",
        FlowState.Established => "ESTABLISHED",
        FlowState.SynSent => "SYN_SENT",
        FlowState.SynReceived => "SYN_RECV",
        FlowState.FinWait => "FIN_WAIT",
        FlowState.TimeWait => "TIME_WAIT",
        FlowState.Close => "CLOSE",
        FlowState.CloseWait => "CLOSE_WAIT",
        FlowState.LastAck => "LAST_ACK",
        FlowState.Listen => "LISTEN",
        FlowState.SynAck => "SYNACK",
        FlowState.Udp => "UDP",
        _ => "NONE",
    };
}
