using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using XdpLvs.Config;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Vrrp;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Vrrp;

namespace XdpLvs.Director;

/// <summary>A check to run and whom its verdict is about.</summary>
/// <param name="Name">Of the check.</param>
/// <param name="Service">keepalived's name of what is checked: "[192.168.5.103]:tcp:80".</param>
/// <param name="Settings">As configured.</param>
internal sealed record CheckPlan(CheckName Name, string Service, TcpCheck Settings);

/// <summary>A configuration in the terms of the engines.</summary>
/// <param name="Instances">For the VRRP thread.</param>
/// <param name="Services">For the table keeper.</param>
/// <param name="Checks">For the check runner.</param>
/// <param name="Policy">For the flow table.</param>
internal sealed record DirectorPlan(
    ImmutableArray<InstancePlan> Instances,
    ImmutableArray<ServiceSettings> Services,
    ImmutableArray<CheckPlan> Checks,
    FlowPolicy Policy);

/// <summary>
/// Maps the configuration's model to each engine's own settings. Pure but for the two questions it asks.
/// </summary>
internal static class Wiring
{
    private const string CheckNotUnderstood =
        "its check was not understood (see the errors above), so nobody would know when it fails";

    /// <summary>Makes the plan.</summary>
    /// <param name="config">As parsed.</param>
    /// <param name="primaryAddress">An interface's primary IPv4 address, host order; 0 when it has none.</param>
    /// <param name="interfaceTowards">The interface through which an address is reached, for a service that no
    /// VRRP instance holds; null when there is none.</param>
    /// <param name="complain">Hears about services that cannot be placed.</param>
    internal static DirectorPlan Plan(
        DirectorConfig config,
        Func<string, uint> primaryAddress,
        Func<uint, string?> interfaceTowards,
        Action<string> complain)
    {
        Dictionary<uint, string> devices = [];
        foreach (VirtualAddress held in config.Instances.SelectMany(i => i.Addresses.AddRange(i.ExcludedAddresses)))
        {
            devices.TryAdd(held.Address.Value, held.Device);
        }

        var services = ImmutableArray.CreateBuilder<ServiceSettings>();
        var checks = ImmutableArray.CreateBuilder<CheckPlan>();
        foreach (VirtualServer server in config.Services)
        {
            if (Unforwardable(server) is { } reason)
            {
                complain($"{server.Span}: virtual server {server.Address} {server.Port} is left out: {reason}");
                continue;
            }

            string? device = devices.GetValueOrDefault(Value(server.Address))
                ?? interfaceTowards(server.RealServers.Select(real => Value(real.Address)).FirstOrDefault());
            if (device is null)
            {
                complain($"{server.Span}: virtual server {server.Address} {server.Port} is left out: no vrrp_instance "
                    + "holds its address, and no interface leads to its real servers");
                continue;
            }

            checks.AddRange(Checks(server, services.Count));
            services.Add(Service(server, device));
        }

        LvsTimeouts timeouts = config.Globals.LvsTimeouts;
        return new DirectorPlan(
            [.. config.Instances.Select(instance => Instance(instance, primaryAddress(instance.Interface)))],
            services.ToImmutable(),
            checks.ToImmutable(),
            new FlowPolicy
            {
                Timeouts = new FlowTimeouts(Ticks(timeouts.Tcp), Ticks(timeouts.TcpFin), Ticks(timeouts.Udp)),
            });
    }

    /// <summary>Why the data path cannot serve it yet; null if it can.</summary>
    private static string? Unforwardable(VirtualServer server) => server switch
    {
        { Scheduler: not (Config.SchedulerKind.RoundRobin or Config.SchedulerKind.WeightedRoundRobin) } =>
            "only the schedulers rr and wrr are there yet",
        { Protocol: TransportProtocol.Sctp } => "SCTP is not forwarded yet",
        { Port: 0 } => "services for all ports are not forwarded yet",
        _ when !Ipv4Address.TryFrom(server.Address, out _) => "IPv6 is not forwarded yet",
        _ => null,
    };

    /// <summary>An IPv4 address in host order; 0 for any other.</summary>
    private static uint Value(IPAddress address) =>
        Ipv4Address.TryFrom(address, out Ipv4Address ipv4) ? ipv4.Value : 0;

    private static uint Ticks(TimeSpan span) => FlowClock.Ticks((uint)span.TotalSeconds);

    private static ServiceSettings Service(VirtualServer server, string device) => new(
        new ServiceKey(Value(server.Address), server.Port, (byte)server.Protocol),
        new ServiceOptions
        {
            Scheduler = server.Scheduler switch
            {
                SchedulerKind.WeightedRoundRobin => Forwarder.Scheduling.SchedulerKind.WeightedRoundRobin,
                _ => Forwarder.Scheduling.SchedulerKind.RoundRobin,
            },
            PersistenceTicks = Ticks(server.PersistenceTimeout ?? TimeSpan.Zero),
            PersistenceMask = new IpAddress(ulong.MaxValue, ~(ulong)uint.MaxValue | Value(server.PersistenceMask)),
        },
        device,
        [.. server.RealServers.Select(Real)]);

    private static RealServerSettings Real(Config.RealServer real) => new(
        Value(real.Address),
        real.Port,
        real.Weight,
        real.InhibitOnFailure,
        real.Checks.Length,
        real.Alpha || real.Checks.Any(check => check.Alpha),
        real.CheckNotUnderstood ? CheckNotUnderstood : null);

    private static IEnumerable<CheckPlan> Checks(VirtualServer server, int service)
    {
        for (int real = 0; real < server.RealServers.Length; real++)
        {
            Config.RealServer it = server.RealServers[real];
            for (int check = 0; check < it.Checks.Length; check++)
            {
                yield return new CheckPlan(
                    new CheckName(service, real, check),
                    AddressText.Service(Value(it.Address), (byte)server.Protocol, it.Port),
                    it.Checks[check]);
            }
        }
    }

    private static InstancePlan Instance(VrrpInstance instance, uint source)
    {
        ReadOnlySpan<byte> password = ImmutableCollectionsMarshal.AsArray(instance.Password) ?? [];
        var settings = new VrrpSettings
        {
            Name = instance.Name,
            Vrid = instance.VirtualRouterId,
            Priority = instance.Priority,
            IntervalMicroseconds = Microseconds(instance.AdvertInterval),
            Preempt = instance.Preempt,
            PreemptDelayMicroseconds = Microseconds(instance.PreemptDelay),
            SourceAddress = source,
            Addresses = [.. instance.Addresses.Select(address => address.Address.Value)],
            Authentication = password.IsEmpty ? default : Authentication.Password(password),
            Garp = new GarpSettings
            {
                Repeat = (byte)Math.Min(instance.GarpMasterRepeat, byte.MaxValue),
                DelayMicroseconds = Microseconds(instance.GarpMasterDelay),
            },
        };
        return new InstancePlan(
            settings,
            instance.Interface,
            [.. instance.Addresses.AddRange(instance.ExcludedAddresses).Select(a => new PlannedAddress(
                a.Address.Value, a.PrefixLength, a.Broadcast?.Value, a.Device, a.Scope, a.Label))]);
    }

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
