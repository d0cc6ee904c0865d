using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using XdpLvs.Checks;
using XdpLvs.Config;
using XdpLvs.Director.Checking;
using XdpLvs.Director.Notify;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tables;
using XdpLvs.Director.Tracking;
using XdpLvs.Director.Vrrp;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;

namespace XdpLvs.Director;

/// <summary>A configuration in the terms of the engines.</summary>
/// <param name="Instances">For the VRRP thread.</param>
/// <param name="Services">For the table keeper.</param>
/// <param name="Checks">For the check runner.</param>
/// <param name="Policy">For the flow table.</param>
internal sealed record DirectorPlan(
    ImmutableArray<InstancePlan> Instances,
    ImmutableArray<ServiceSettings> Services,
    ImmutableArray<CheckPlan> Checks,
    FlowPolicy Policy)
{
    /// <summary>The scripts of the checks, by what asks for them.</summary>
    internal IReadOnlyDictionary<ScriptCall, Script> CheckScripts { get; init; } =
        ImmutableDictionary<ScriptCall, Script>.Empty;

    /// <summary>The tracked files of the checks.</summary>
    internal ImmutableArray<FileTrackerSettings> CheckFiles { get; init; } = [];

    /// <summary>Who is told what becomes of the services, one for each of them.</summary>
    internal ImmutableArray<ServiceContacts> Contacts { get; init; } = [];
}

/// <summary>
/// Maps the configuration's model to each engine's own settings. Pure but for the two questions it asks.
/// </summary>
internal static class Wiring
{
    private const string CheckNotUnderstood =
        "its check was not understood (see the errors above), so nobody would know when it fails";

    /// <summary>Makes the plan.</summary>
    /// <param name="config">As parsed.</param>
    /// <param name="tracks">What instances can track besides interfaces and BFD.</param>
    /// <param name="primaryAddress">An interface's primary IPv4 address; default when it has none.</param>
    /// <param name="sinceBoot">How long the host has been up.</param>
    /// <param name="interfaceOf">Where frames for a virtual address arrive that no VRRP instance holds, by the address
    /// and its real servers; null when nobody knows.</param>
    /// <param name="complain">Hears about services that cannot be placed.</param>
    /// <param name="desk">Says which scripts may run; null where none will.</param>
    internal static DirectorPlan Plan(
        DirectorConfig config,
        TrackPlan tracks,
        Func<string, IpAddress> primaryAddress,
        TimeSpan sinceBoot,
        Func<IpAddress, IReadOnlyList<IpAddress>, string?> interfaceOf,
        Action<string> complain,
        ScriptDesk? desk = null)
    {
        Dictionary<IpAddress, string> devices = [];
        foreach (VirtualAddress held in config.Instances.SelectMany(i => i.Addresses.AddRange(i.ExcludedAddresses)))
        {
            devices.TryAdd(IpAddress.From(held.Ip), held.Device);
        }

        var services = ImmutableArray.CreateBuilder<ServiceSettings>();
        var contacts = ImmutableArray.CreateBuilder<ServiceContacts>();
        var checks = new CheckPlanner(config, desk, complain);
        foreach (VirtualServer server in config.Services)
        {
            IpAddress address = IpAddress.From(server.Address);
            string? device = devices.GetValueOrDefault(address)
                ?? interfaceOf(address, [.. server.RealServers.Select(real => IpAddress.From(real.Address))]);
            if (device is null)
            {
                complain($"{server.Span}: virtual server {server.Address} {server.Port} is left out: no vrrp_instance "
                    + "and no interface has its address or its network, and none leads to its real servers");
                continue;
            }

            WarnOfSlowStart(server, complain);
            contacts.Add(ServiceContacts.Of(server, desk));
            services.Add(Service(server, device, checks.Add(server, services.Count), config.Globals.Forwarder));
        }

        return new DirectorPlan(
            [
                .. config.Instances.Select(instance => VrrpMapping.Plan(
                    instance,
                    config,
                    tracks,
                    instance.Family == AddressFamily.InterNetwork ? primaryAddress(instance.Interface) : default,
                    sinceBoot,
                    complain)),
            ],
            services.ToImmutable(),
            checks.Plans,
            Policy(config.Globals))
        {
            CheckScripts = checks.Scripts,
            CheckFiles = checks.Files,
            Contacts = contacts.ToImmutable(),
        };
    }

    private static uint Ticks(TimeSpan span) => FlowClock.Ticks((uint)span.TotalSeconds);

    private static ServiceSettings Service(
        VirtualServer server, string device, Dictionary<int, string> refused, ForwarderSettings forwarder) => new(
        new ServiceKey(IpAddress.From(server.Address), server.Port, (byte)server.Protocol),
        new ServiceOptions
        {
            Scheduler = Same<Forwarder.Scheduling.SchedulerKind>(server.Scheduler),
            Switches = Same<Forwarder.Scheduling.SchedulerSwitches>(server.SchedulerSwitches),
            PersistenceTicks = Ticks(server.PersistenceTimeout ?? TimeSpan.Zero),
            PersistenceMask = Mask(server.PersistenceMask),
            OnePacket = server.OnePacket,
            MaglevTableIndex = forwarder.MaglevTableIndex,
        },
        device,
        [.. server.RealServers.Select((real, index) => Real(real, refused.GetValueOrDefault(index)))])
    {
        Sorry = server.SorryServer is { } sorry
            ? new RealServerSettings(IpAddress.From(sorry.Address), sorry.Port, 1, false, 0, false, null)
            : null,
        SorryInhibit = server.SorryServer is { Inhibit: true },
        Quorum = server.Quorum,
        Hysteresis = server.Hysteresis,
    };

    /// <summary>The forwarder's word for the configuration's: both are named alike.</summary>
    internal static TTarget Same<TTarget>(Enum source)
        where TTarget : struct, Enum => Enum.Parse<TTarget>(source.ToString());

    /// <summary>An IPv4 mask leaves the upper 96 bits of a mapped address alone.</summary>
    private static IpAddress Mask(IPAddress mask)
    {
        IpAddress address = IpAddress.From(mask);
        return address.IsV4 ? new IpAddress(ulong.MaxValue, ~(ulong)uint.MaxValue | address.V4) : address;
    }

    private static RealServerSettings Real(Config.RealServer real, string? refused) => new(
        IpAddress.From(real.Address),
        real.Port,
        real.Weight,
        real.InhibitOnFailure,
        real.Checks.Length,
        real.Alpha || real.Checks.Any(check => check.Timing.Alpha),
        real.CheckNotUnderstood ? CheckNotUnderstood : refused)
    {
        SlowStartSeconds = (int)real.SlowStart.TotalSeconds,
        Upper = real.UpperThreshold,
        Lower = real.LowerThreshold,
    };

    private static FlowPolicy Policy(GlobalSettings globals)
    {
        LvsTimeouts timeouts = globals.LvsTimeouts;
        ForwarderSettings settings = globals.Forwarder;
        return new FlowPolicy
        {
            Timeouts = new FlowTimeouts(Ticks(timeouts.Tcp), Ticks(timeouts.TcpFin), Ticks(timeouts.Udp)),
            ExpireNoDestination = settings.ExpireNodestConn,
            ExpireQuiescentTemplate = settings.ExpireQuiescentTemplate,
            ConnReuseMode = settings.ConnReuseMode,
            SloppyTcp = settings.SloppyTcp,
            SloppySctp = settings.SloppySctp,
            NewFlowsPerSecond = settings.NewFlowsPerSecond,
            AnswersPerSecond = settings.ResetRate,
        };
    }

    private static void WarnOfSlowStart(VirtualServer server, Action<string> complain)
    {
        bool asks = server.RealServers.Any(real => real.SlowStart > TimeSpan.Zero);
        if (asks && !ServiceOptions.MayRamp(Same<Forwarder.Scheduling.SchedulerKind>(server.Scheduler)))
        {
            complain($"{server.Span}: slow_start changes nothing here: this scheduler does not go by weight, or would "
                + "move clients to other servers; wrr, wlc, sed and nq ramp up");
        }
    }
}
