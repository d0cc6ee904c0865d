using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using XdpLvs.Config;
using XdpLvs.Director.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director.Commands.Convert;

/// <summary>Writes the virtual servers of a configuration as <c>ipvsadm -Sn</c> would, in the file's order.</summary>
internal static class RuleWriter
{
    /// <summary>One rule a line.</summary>
    internal static string Write(IEnumerable<VirtualServer> services)
    {
        var text = new StringBuilder();
        foreach (VirtualServer service in services)
        {
            string option = service.Protocol switch
            {
                TransportProtocol.Tcp => "-t",
                TransportProtocol.Udp => "-u",
                _ => "--sctp-service",
            };
            string name = $"{option} {EndPoint(service.Address, service.Port, service.Protocol)}";
            text.Append(Text($"-A {name} -s {SchedulerOf(service)}{Persistence(service)}"));
            text.Append(service.OnePacket ? " -o" : "").Append(Flags(service)).Append('\n');
            foreach (RealServer server in service.RealServers)
            {
                string target = EndPoint(server.Address, server.Port, service.Protocol);
                text.Append(Text($"-a {name} -r {target} -g -w {server.Weight}"));
                text.Append(server.UpperThreshold > 0 ? Text($" -x {server.UpperThreshold}") : "");
                text.Append(server.LowerThreshold > 0 ? Text($" -y {server.LowerThreshold}") : "").Append('\n');
            }
        }

        return text.ToString();
    }

    private static string EndPoint(IPAddress address, ushort port, TransportProtocol protocol) =>
        IpvsNames.Numeric.EndPoint(IpAddress.From(address), port, (byte)protocol);

    private static string Persistence(VirtualServer service)
    {
        if (service.PersistenceTimeout is not { } time)
        {
            return "";
        }

        bool isV6 = service.Address.AddressFamily == AddressFamily.InterNetworkV6;
        bool isWhole = service.PersistencePrefixLength == (isV6 ? 128 : 32);
        string mask = isV6 ? Text($"{service.PersistencePrefixLength}") : service.PersistenceMask.ToString();
        return Text($" -p {(long)time.TotalSeconds}") + (isWhole ? "" : $" -M {mask}");
    }

    private static string Flags(VirtualServer service)
    {
        string prefix = service.Scheduler == SchedulerKind.Maglev ? "mh" : "sh";
        var flags = new List<string>();
        if (service.SchedulerSwitches.HasFlag(SchedulerSwitches.Fallback))
        {
            flags.Add($"{prefix}-fallback");
        }

        if (service.SchedulerSwitches.HasFlag(SchedulerSwitches.UsePort))
        {
            flags.Add($"{prefix}-port");
        }

        return flags.Count == 0 ? "" : $" -b {string.Join(',', flags)}";
    }

    private static string SchedulerOf(VirtualServer service) =>
        Forwarder.Scheduling.Schedulers.Name(Wiring.Same<Forwarder.Scheduling.SchedulerKind>(service.Scheduler));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
