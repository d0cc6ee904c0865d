using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Channels;
using XdpLvs.Director.Logging;
using XdpLvs.Director.Tracking;
using XdpLvs.Linux;
using XdpLvs.Linux.Netlink;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Vrrp;

/// <summary>One VRRP instance: its state, and the hands that carry out what the machine decides.</summary>
/// <remarks>Owned by the VRRP thread; counters, history and diagnosis may be read by anybody.</remarks>
internal sealed class VrrpRouter(
    InstancePlan plan,
    VrrpPort port,
    IReadOnlyDictionary<string, VipDevice> devices,
    Addresses addresses,
    EventLog log,
    ChannelWriter<VrrpNotice> notices)
{
    private const long LoggedEveryMicroseconds = 10_000_000;
    private const FaultCauses Observed = FaultCauses.Link | FaultCauses.Addresses;

    private VrrpState _state = VrrpState.Initial;
    private AdvertExpectation _expected = AdvertExpectation.Of(plan.Settings);
    private readonly TrackedInstance _tracked = new(plan.Settings.Priority, plan.Tracks);
    private Burst _burst;
    private Instant _quietUntil;
    private bool _hasBegun;

    /// <summary>Its settings.</summary>
    internal VrrpSettings Settings { get; private set; } = plan.Settings;

    /// <summary>The sync group that it moves with; null for none.</summary>
    internal string? SyncGroup => plan.SyncGroup;

    /// <summary>All that it remembers.</summary>
    internal VrrpState State => _state;

    /// <summary>Which part it plays. Written by the VRRP thread.</summary>
    internal Role Role => _state.Role;

    /// <summary>When it must be ticked at the latest.</summary>
    internal Instant NextDeadline => _burst.IsDone
        ? _state.NextDeadline
        : Instant.Min(_state.NextDeadline, DeviceOf(plan.Addresses[_burst.Position]).FreeAt(NextVip));

    /// <summary>What all that it tracks comes to.</summary>
    internal TrackSum Tracked => _tracked.Sum;

    /// <summary>What it heard and did.</summary>
    internal VrrpCounters Counters { get; } = new();

    /// <summary>What it was, and why it changed.</summary>
    internal TransitionHistory History { get; } = new();

    /// <summary>In what its peers differ.</summary>
    internal Diagnosis Diagnosis { get; } = new();

    /// <summary>All that there is to show. VRRP thread only.</summary>
    internal VrrpView View(Instant now, DateTimeOffset utc) => VrrpView.Of(this, plan, now, utc);

    private VrrpAddress NextVip => plan.Addresses[_burst.Position].Address.ToVrrp();

    /// <summary>Begins: as backup when all is well, else in fault; or as what its predecessor was.</summary>
    internal void Start(Instant now)
    {
        _hasBegun = true;
        FaultCauses causes = Observe(Settings.SourceAddress)
            | (_tracked.Sum.IsReady ? FaultCauses.None : FaultCauses.Tracked);
        Step(VrrpEvent.Weighed(_tracked.Sum.Priority - Settings.Priority), now);
        Step(plan.Adopts ? VrrpEvent.Adopt(causes) : VrrpEvent.Startup(causes), now);
    }

    /// <summary>Ends: resigns if it is active.</summary>
    internal void Stop(Instant now) => Step(new VrrpEvent(VrrpEventKind.Shutdown), now);

    /// <summary>Something that happened elsewhere: a tracker, BFD, the sync group.</summary>
    internal void Take(in VrrpEvent happened, Instant now) => Step(happened, now);

    /// <summary>Something that may be tracked reads differently now. Before the start it is only remembered.</summary>
    internal void Hear(TrackerId id, Reading reading, Instant now)
    {
        TrackSum before = _tracked.Sum;
        if (!_tracked.Hear(id, reading) || !_hasBegun)
        {
            return;
        }

        TrackSum sum = _tracked.Sum;
        foreach (string name in sum.Faults.Except(before.Faults))
        {
            log.Event($"({Settings.Name}) tracked {name} is down");
        }

        if (sum.Priority != before.Priority)
        {
            Step(VrrpEvent.Weighed(sum.Priority - Settings.Priority), now);
        }

        if (sum.IsReady != before.IsReady)
        {
            Step(sum.IsReady ? VrrpEvent.Recovered(FaultCauses.Tracked) : VrrpEvent.Failed(FaultCauses.Tracked), now);
        }
    }

    /// <summary>Time has passed, and every advert that waited was heard.</summary>
    internal void Tick(Instant now)
    {
        if (_state.NextDeadline.HasCome(now))
        {
            Step(VrrpEvent.Tick, now);
        }

        Announce(now);
    }

    /// <summary>A packet for this instance's VRID. Returns the sender of a valid one, else nobody.</summary>
    internal VrrpAddress Hear(ReadOnlySpan<byte> packet, Instant now)
    {
        AdvertFault fault = AdvertReader.Read(packet, _expected, out Advert advert);
        Counters.CountRead(fault, advert);
        if (fault != AdvertFault.None)
        {
            Diagnosis.Refused(fault, packet, Settings, now);
            WarnRarely(_quietUntil.HasCome(now) ? VrrpLog.Refusal(fault, packet, Settings) : null, now);
            return default;
        }

        if (advert.Oddities != AdvertOddities.None && _quietUntil.HasCome(now))
        {
            WarnRarely(VrrpLog.Oddity(advert, Settings), now);
        }

        if (Settings.SkipCheckOfSameSender)
        {
            _expected = _expected with { CheckedSender = advert.Sender };
        }

        Step(VrrpEvent.Heard(advert), now);
        Diagnosis.Heard(advert, _state.Role, Settings, now);
        return advert.Sender;
    }

    /// <summary>A packet for a VRID that nobody here has. With our addresses in it, it is somebody's mistake.</summary>
    internal void HearStranger(ReadOnlySpan<byte> packet, Instant now)
    {
        if (AdvertReader.CarriesAddresses(packet, Settings.Addresses.AsSpan()))
        {
            Diagnosis.OtherVrid(packet, Settings, now);
            WarnRarely(
                _quietUntil.HasCome(now) ? $"({Settings.Name}) an advert under another VRID carries our VIPs" : null,
                now);
        }
    }

    /// <summary>The interface changed, or got or lost its address.</summary>
    /// <param name="own">The interface's own address that is none of the virtual ones; null if it has none.</param>
    /// <param name="now">When.</param>
    internal void SetSource(VrrpAddress? own, Instant now)
    {
        VrrpAddress? source = plan.FixedSource ?? own;
        if (source is { IsUnspecified: false } address && address != Settings.SourceAddress)
        {
            Settings = Settings with { SourceAddress = address };
            _expected = AdvertExpectation.Of(Settings);
        }

        FaultCauses seen = Observe(source ?? default), known = _state.Faults & Observed;
        if ((seen & ~known) != FaultCauses.None)
        {
            Step(VrrpEvent.Failed(seen & ~known), now);
        }

        if ((known & ~seen) != FaultCauses.None)
        {
            Step(VrrpEvent.Recovered(known & ~seen), now);
        }
    }

    /// <summary>
    /// Somebody may have removed addresses. As active router: puts back what is missing, and announces it all anew.
    /// </summary>
    internal void Restore(Instant now)
    {
        if (_state.Role is not (Role.Active or Role.Leaving))
        {
            return;
        }

        bool wasMissing = false;
        foreach (PlannedAddress address in plan.Addresses)
        {
            if (Carry(address, take: true))
            {
                log.Warn($"({Settings.Name}) {address.Address} was removed from {address.Device}; it is put back");
                wasMissing = true;
            }
        }

        if (wasMissing)
        {
            _burst = _burst.With(1, plan.Addresses.Length);
            Announce(now);
        }
    }

    private FaultCauses Observe(VrrpAddress source)
    {
        FaultCauses seen = source.IsUnspecified ? FaultCauses.Addresses : FaultCauses.None;
        bool isReady = port.IsReady || !plan.TracksInterface;
        foreach (PlannedAddress address in plan.Addresses)
        {
            isReady &= address.Device == plan.Interface || !address.IsTracked || DeviceOf(address).IsReady;
        }

        return isReady ? seen : FaultCauses.Link; // a dead link says nothing about addresses
    }

    private void WarnRarely(string? line, Instant now)
    {
        if (line is not null && _quietUntil.HasCome(now))
        {
            _quietUntil = now.After(LoggedEveryMicroseconds); // a flood must not become a flood of lines
            log.Warn(line);
        }
    }

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
            Tell(step, now);
        }

        if (_state.Role != Role.Active)
        {
            _burst = default;
        }
        else if ((step.Effects & Effects.AnnounceAddresses) != 0)
        {
            _burst = _burst.With(step.AnnouncementsPerAddress, plan.Addresses.Length);
            Announce(now);
        }

        Counters.CountStep(step);
    }

    private void Tell(in VrrpStep step, Instant now)
    {
        foreach (string line in VrrpLog.Lines(step, Settings))
        {
            log.Event(line);
        }

        notices.TryWrite(new VrrpNotice(Settings.Name, IsGroup: false, step.Notice));
        History.Note(step.Notice, now);
        if (step.Notice is { After: Role.Active, Reason: Reason.AdvertTimeout })
        {
            foreach (string line in Diagnosis.Tell(Role.Active, now))
            {
                log.Warn($"({Settings.Name}) {line}");
            }
        }
    }

    /// <summary>
    /// In the order in which the effects are declared. Announcing comes after the log line that explains it.
    /// </summary>
    private void Perform(in VrrpStep step)
    {
        if ((step.Effects & Effects.Advertise) != 0)
        {
            port.Advertise(Settings, step.Notice.Priority);
        }

        if ((step.Effects & Effects.Resign) != 0)
        {
            port.Advertise(Settings, VrrpMachine.ResignPriority);
        }

        if ((step.Effects & (Effects.TakeAddresses | Effects.DropAddresses)) != 0)
        {
            foreach (PlannedAddress address in plan.Addresses)
            {
                _ = Carry(address, take: (step.Effects & Effects.TakeAddresses) != 0);
            }
        }
    }

    /// <summary>Returns whether that changed anything.</summary>
    private bool Carry(PlannedAddress planned, bool take)
    {
        try
        {
            int link = DeviceOf(planned).Link.Index;
            return take
                ? addresses.Add(
                    link, planned.Address, planned.PrefixLength, planned.Broadcast, planned.Label, planned.Scope,
                    planned.Flags, planned.PreferredSeconds)
                : addresses.Remove(link, planned.Address, planned.PrefixLength);
        }
        catch (LinuxException error)
        {
            log.Fail($"({Settings.Name}) {error.Message}");
            return false;
        }
    }

    private void Announce(Instant now)
    {
        while (!_burst.IsDone && DeviceOf(plan.Addresses[_burst.Position]).FreeAt(NextVip).HasCome(now))
        {
            PlannedAddress address = plan.Addresses[_burst.Position];
            DeviceOf(address).Announce(NextVip, now);
            log.Event(VrrpLog.Announcing(address.Device, NextVip));
            _burst = _burst.Next(plan.Addresses.Length);
        }
    }

    private VipDevice DeviceOf(PlannedAddress address) => devices[address.Device];
}
