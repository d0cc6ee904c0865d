using System;
using System.Collections.Generic;
using XdpLvs.Director.Logging;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>One VRRP instance: its state, and the hands that carry out what the machine decides.</summary>
/// <remarks>Owned by the VRRP thread; the counters may be read by anybody.</remarks>
internal sealed class VrrpRouter(
    InstancePlan plan, VrrpPort port, IReadOnlyDictionary<string, VipDevice> devices, Addresses addresses, EventLog log)
{
    private const long RefusalsLoggedEveryMicroseconds = 10_000_000;

    private VrrpState _state = VrrpState.Initial;
    private AdvertExpectation _expected = AdvertExpectation.Of(plan.Settings);
    private Instant _quietUntil;

    /// <summary>Its settings.</summary>
    internal VrrpSettings Settings { get; private set; } = plan.Settings;

    /// <summary>Which part it plays. Written by the VRRP thread.</summary>
    internal Role Role => _state.Role;

    /// <summary>When it must be ticked at the latest.</summary>
    internal Instant NextDeadline => _state.NextDeadline;

    /// <summary>What it heard and did.</summary>
    internal VrrpCounters Counters { get; } = new();

    /// <summary>Begins: as backup when the interface is ready, else in fault.</summary>
    internal void Start(Instant now) =>
        Step(new VrrpEvent(IsReady ? VrrpEventKind.Startup : VrrpEventKind.StartupInFault), now);

    /// <summary>Ends: resigns if it is active.</summary>
    internal void Stop(Instant now) => Step(new VrrpEvent(VrrpEventKind.Shutdown), now);

    /// <summary>Time has passed, and every advert that waited was heard.</summary>
    internal void Tick(Instant now)
    {
        if (_state.NextDeadline.HasCome(now))
        {
            Step(VrrpEvent.Tick, now);
        }
    }

    /// <summary>A packet for this instance's VRID. Returns the sender of a valid one, else 0.</summary>
    internal uint Hear(ReadOnlySpan<byte> packet, Instant now)
    {
        AdvertFault fault = AdvertReader.Read(packet, _expected, out Advert advert);
        Counters.CountRead(fault, advert);
        if (fault == AdvertFault.None)
        {
            Step(VrrpEvent.Heard(advert), now);
            return advert.Sender;
        }

        if (_quietUntil.HasCome(now) && VrrpLog.Refusal(fault, packet, Settings) is { } line)
        {
            _quietUntil = now.After(RefusalsLoggedEveryMicroseconds); // a flood must not become a flood of lines
            log.Warn(line);
        }

        return 0;
    }

    /// <summary>The interface changed, or got or lost its address.</summary>
    internal void SetSource(uint? source, Instant now)
    {
        if (source is { } address && address != 0 && address != Settings.SourceAddress)
        {
            Settings = Settings with { SourceAddress = address };
            _expected = AdvertExpectation.Of(Settings);
        }

        bool ready = IsReady && source is not (null or 0);
        if (ready && _state.Role == Role.Fault)
        {
            Step(new VrrpEvent(VrrpEventKind.LinkUp), now);
        }
        else if (!ready && _state.Role is Role.Backup or Role.Active)
        {
            Step(new VrrpEvent(IsReady ? VrrpEventKind.AddressesGone : VrrpEventKind.LinkDown), now);
        }
    }

    private bool IsReady => port.IsReady && Settings.SourceAddress != 0;

    private void Step(in VrrpEvent happened, Instant now)
    {
        VrrpStep step = VrrpMachine.Step(_state, happened, now, Settings);
        _state = step.Next;
        if (step.Effects != Effects.None)
        {
            Perform(step);
        }

        if (step.Notice.Reason != Reason.None || step.Notice.IsTransition)
        {
            foreach (string line in VrrpLog.Lines(step, Settings))
            {
                log.Event(line);
            }
        }

        if ((step.Effects & Effects.AnnounceAddresses) != 0)
        {
            Announce(step.AnnouncementsPerAddress);
        }

        Counters.CountStep(step);
    }

    /// <summary>
    /// In the order in which the effects are declared. Announcing comes after the log line that explains it.
    /// </summary>
    private void Perform(in VrrpStep step)
    {
        if ((step.Effects & Effects.Advertise) != 0)
        {
            port.Advertise(Settings, Settings.Priority);
        }

        if ((step.Effects & Effects.Resign) != 0)
        {
            port.Advertise(Settings, VrrpMachine.ResignPriority);
        }

        if ((step.Effects & (Effects.TakeAddresses | Effects.DropAddresses)) != 0)
        {
            foreach (PlannedAddress address in plan.Addresses)
            {
                Carry(address, take: (step.Effects & Effects.TakeAddresses) != 0);
            }
        }
    }

    private void Carry(PlannedAddress address, bool take)
    {
        try
        {
            int link = devices[address.Device].Link.Index;
            _ = take
                ? addresses.Add(
                    link, address.Address, address.PrefixLength, address.Broadcast, address.Label, address.Scope)
                : addresses.Remove(link, address.Address, address.PrefixLength);
        }
        catch (LinuxException error)
        {
            log.Fail($"({Settings.Name}) {error.Message}");
        }
    }

    private void Announce(int perAddress)
    {
        for (int i = 0; i < perAddress; i++)
        {
            foreach (PlannedAddress address in plan.Addresses)
            {
                devices[address.Device].Announce(address.Address);
                log.Event(VrrpLog.Announcing(address.Device, address.Address));
            }
        }
    }
}
