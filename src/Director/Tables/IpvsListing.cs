using System.Globalization;
using System.Text;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Linux;

namespace XdpLvs.Director.Tables;

/// <summary>Prints what ipvsadm prints, letter for letter, so that scripts which read it go on working.</summary>
/// <remarks>ipvsadm 1.31, ipvsadm.c: print_title, print_service_entry, print_largenum, list_timeout.</remarks>
internal static class IpvsListing
{
    private const string Version = "1.2.1";
    private const int ServiceWidth = 33, RealWidth = 28;

    /// <summary>ipvsadm -L: all services.</summary>
    internal static string Services(IpvsState state, IpvsFormat format, IpvsNames names)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"IP Virtual Server version {Version} (size={state.Size})\n"));
        AppendTitle(text, format);
        bool sorts = (format & IpvsFormat.NoSort) == 0;
        foreach (IpvsService service in sorts ? IpvsOrder.Sorted(state.Services) : state.Services)
        {
            AppendService(text, service, format, names);
        }

        return text.ToString();
    }

    /// <summary>ipvsadm -L -t: one service, without the line of the version.</summary>
    internal static string Service(IpvsService service, IpvsFormat format, IpvsNames names)
    {
        var text = new StringBuilder();
        AppendTitle(text, format);
        AppendService(text, service, format, names);
        return text.ToString();
    }

    /// <summary>ipvsadm -S: the commands that would make the same services.</summary>
    internal static string Rules(IpvsState state, IpvsNames names)
    {
        var text = new StringBuilder();
        foreach (IpvsService service in IpvsOrder.Sorted(state.Services))
        {
            string option = service.Protocol switch { 6 => "-t", 17 => "-u", _ => "--sctp-service" };
            string name = $"{option} {names.EndPoint(service.Address, service.Port, service.Protocol)}";
            text.Append(Invariant($"-A {name} -s {service.Scheduler}"));
            AppendPersistence(text, service, " -p ", " -M ");
            text.Append(service.OnePacket ? " -o" : "");
            text.Append(service.Switches != SchedulerSwitches.None ? $" -b {Switches(service)}" : "");
            text.Append('\n');
            foreach (IpvsReal real in IpvsOrder.Sorted(service.Reals))
            {
                string address = names.EndPoint(real.Address, real.Port, service.Protocol);
                text.Append(Invariant($"-a {name} -r {address} -g -w {real.Weight}\n"));
            }
        }

        return text.ToString();
    }

    /// <summary>ipvsadm -L --timeout.</summary>
    internal static string Timeouts(IpvsTimeouts seconds) =>
        Invariant($"Timeout (tcp tcpfin udp): {seconds.Tcp} {seconds.TcpFin} {seconds.Udp}\n");

    private static void AppendTitle(StringBuilder text, IpvsFormat format)
    {
        string columns = format switch
        {
            _ when Has(format, IpvsFormat.Statistics) => "    Conns   InPkts  OutPkts  InBytes OutBytes",
            _ when Has(format, IpvsFormat.Rate) => "      CPS    InPPS   OutPPS    InBPS   OutBPS",
            _ when Has(format, IpvsFormat.Thresholds) => " Uthreshold Lthreshold ActiveConn InActConn ",
            _ when Has(format, IpvsFormat.PersistentConnections) => " Weight    PersistConn ActiveConn InActConn ",
            _ => "",
        };
        if (columns.Length > 0)
        {
            text.Append(Invariant($"{"Prot LocalAddress:Port",-ServiceWidth}{columns}\n  -> RemoteAddress:Port\n"));
            return;
        }

        text.Append("Prot LocalAddress:Port Scheduler Flags\n");
        text.Append("  -> RemoteAddress:Port           Forward ");
        text.Append(Has(format, IpvsFormat.TunnelInfo) ? "TunnelInfo    " : "");
        text.Append("Weight ActiveConn InActConn\n");
    }

    private static void AppendService(StringBuilder text, IpvsService service, IpvsFormat format, IpvsNames names)
    {
        string endPoint = names.EndPoint(service.Address, service.Port, service.Protocol);
        string name = $"{IpvsWords.Protocol(service.Protocol),-4} {endPoint}";
        name = service.Address.IsV4 ? IpvsNames.Clip(name, ServiceWidth) : name;
        if ((format & (IpvsFormat.Statistics | IpvsFormat.Rate)) != 0)
        {
            text.Append(Invariant($"{name,-ServiceWidth}"));
            TrafficCounts shown = Has(format, IpvsFormat.Statistics) ? service.Counts : service.Rates;
            AppendTraffic(text, shown, format);
        }
        else
        {
            text.Append(Invariant($"{name} {service.Scheduler}"));
            text.Append(service.Switches != SchedulerSwitches.None ? $" ({Switches(service)})" : "");
            AppendPersistence(text, service, " persistent ", " mask ");
            text.Append(service.OnePacket ? " ops" : "");
        }

        text.Append('\n');
        bool sorts = (format & IpvsFormat.NoSort) == 0;
        foreach (IpvsReal real in sorts ? IpvsOrder.Sorted(service.Reals) : service.Reals)
        {
            string address = names.EndPoint(real.Address, real.Port, service.Protocol);
            AppendReal(text, real.Address.IsV4 ? IpvsNames.Clip(address, RealWidth) : address, real, format);
        }
    }

    private static void AppendReal(StringBuilder text, string name, IpvsReal real, IpvsFormat format)
    {
        text.Append(Invariant($"  -> {name,-RealWidth}"));
        if (Has(format, IpvsFormat.Statistics))
        {
            AppendTraffic(text, real.Counts, format);
        }
        else if (Has(format, IpvsFormat.Rate))
        {
            // A real server's connections and packets are never shortened; its service's are.
            text.Append(Invariant($" {real.Rates.Connections,8} {real.Rates.Packets,8} {0,8}"));
            AppendLarge(text, real.Rates.Octets, format);
            AppendLarge(text, 0, format);
        }
        else if (Has(format, IpvsFormat.Thresholds))
        {
            text.Append(Invariant($" {real.Upper,-10} {real.Lower,-10} {real.Active,-10} {real.Inactive,-10}"));
        }
        else if (Has(format, IpvsFormat.PersistentConnections))
        {
            text.Append(Invariant($" {real.Weight,-9} {real.Persistent,-11} {real.Active,-10} {real.Inactive,-10}"));
        }
        else
        {
            text.Append($" {"Route",-7}"); // of the director itself, too: kernels say Local no more
            text.Append(Has(format, IpvsFormat.TunnelInfo) ? $" {"n/a",-13}" : "");
            text.Append(Invariant($" {real.Weight,-6} {real.Active,-10} {real.Inactive,-10}"));
        }

        text.Append('\n');
    }

    private static void AppendPersistence(StringBuilder text, IpvsService service, string seconds, string mask)
    {
        if (service.PersistenceSeconds > 0)
        {
            text.Append(Invariant($"{seconds}{service.PersistenceSeconds}"));
            if (service.Mask != IpAddress.AllOnes)
            {
                text.Append(mask).Append(service.Address.IsV4
                    ? ((IpAddress)service.Mask.V4).ToString()
                    : Invariant($"{service.Mask.PrefixLength(isV4: false)}"));
            }
        }
    }

    private static string Switches(IpvsService service)
    {
        (string fallback, string port) = service.Scheduler is "sh" or "mh"
            ? ($"{service.Scheduler}-fallback", $"{service.Scheduler}-port")
            : ("flag-1", "flag-2");
        return service.Switches switch
        {
            SchedulerSwitches.Fallback => fallback,
            SchedulerSwitches.UsePort => port,
            _ => $"{fallback},{port}",
        };
    }

    /// <summary>A director that routes directly sees nothing come back: its Out columns are 0, as IPVS's are.</summary>
    private static void AppendTraffic(StringBuilder text, TrafficCounts counts, IpvsFormat format)
    {
        AppendLarge(text, counts.Connections, format);
        AppendLarge(text, counts.Packets, format);
        AppendLarge(text, 0, format);
        AppendLarge(text, counts.Octets, format);
        AppendLarge(text, 0, format);
    }

    private static void AppendLarge(StringBuilder text, long number, IpvsFormat format) => text.Append(number switch
    {
        _ when Has(format, IpvsFormat.Exact) => Invariant($" {number,8}"),
        < 100_000_000 => Invariant($"{number,9}"),
        < 1_000_000_000 => Invariant($"{number / 1_000,8}K"),
        < 100_000_000_000 => Invariant($"{number / 1_000_000,8}M"),
        < 100_000_000_000_000 => Invariant($"{number / 1_000_000_000,8}G"),
        _ => Invariant($"{number / 1_000_000_000_000,8}T"),
    });

    private static bool Has(IpvsFormat format, IpvsFormat flag) => (format & flag) != 0;

    private static string Invariant(System.FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
