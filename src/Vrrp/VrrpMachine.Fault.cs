using System;

namespace XdpLvs.Vrrp;

/// <content>What is no part of the RFC: faults, weights, sync groups, a farewell without a gap.</content>
public static partial class VrrpMachine
{
    /// <summary>Beyond the slowest skew: for the successor's scheduler and the wire; microseconds.</summary>
    private const long LeaveMarginMicroseconds = 100_000;

    /// <summary>A stop takes no longer, however slow the adverts; microseconds.</summary>
    private const long LeaveMicrosecondsMax = 3_000_000;

    /// <summary>The first cause takes us out of the election; further ones are only remembered.</summary>
    private static VrrpStep Fail(in VrrpState state, FaultCauses causes)
    {
        VrrpState failed = state with { Faults = state.Faults | causes };
        return failed.Faults != FaultCauses.None && state.Role is Role.Backup or Role.Active
            ? Leave(failed, Role.Fault, ReasonOf(causes))
            : Stay(state, failed);
    }

    /// <summary>The last cause that goes away brings us back, as backup with a fresh timer.</summary>
    private static VrrpStep Recover(in VrrpState state, FaultCauses causes, Instant now, VrrpSettings self)
    {
        VrrpState better = state with { Faults = state.Faults & ~causes };
        return better.Faults == FaultCauses.None && state.Role == Role.Fault
            ? Start(better, Reason.Recovered, now, self)
            : Stay(state, better);
    }

    private static Reason ReasonOf(FaultCauses causes) => causes switch
    {
        _ when causes.HasFlag(FaultCauses.Link) => Reason.LinkDown,
        _ when causes.HasFlag(FaultCauses.Addresses) => Reason.AddressesGone,
        _ when causes.HasFlag(FaultCauses.Tracked) => Reason.TrackDown,
        _ => Reason.GroupFault,
    };

    /// <summary>
    /// A backup's timer moves by what its skew changes; an active router's next advert tells the rest.
    /// </summary>
    private static VrrpStep Weigh(in VrrpState state, int weight, VrrpSettings self)
    {
        VrrpState next = state with { Weight = weight };
        if (next.PriorityOf(self) == state.PriorityOf(self))
        {
            return Stay(state, next);
        }

        if (state.Role == Role.Backup)
        {
            long sooner = VrrpTimers.Skew(state, self) - VrrpTimers.Skew(next, self);
            next = next with { Deadline = state.Deadline.After(-sooner) };
        }

        return Become(state, next, Effects.None, Reason.PriorityChanged);
    }

    /// <summary>
    /// Says farewell and goes on serving: until somebody else is active, the clients' frames still come here.
    /// </summary>
    private static VrrpStep Resign(in VrrpState state, Instant now, VrrpSettings self)
    {
        long patience = Math.Min(VrrpTimers.SkewMax(self) + LeaveMarginMicroseconds, LeaveMicrosecondsMax);
        return Become(state, state.Into(Role.Leaving, now.After(patience)), Effects.Resign, Reason.Shutdown);
    }

    private static VrrpStep Go(in VrrpState state, Reason reason, in Advert successor = default) =>
        Become(state, state.Into(Role.Initialize, Instant.Never), Effects.DropAddresses, reason, 0, successor);

    /// <summary>Another member of the group met a stronger router, which will have all members' addresses.</summary>
    private static VrrpStep YieldWithGroup(in VrrpState state, Instant now, VrrpSettings self) =>
        Become(state, Listening(state, now, self), Effects.DropAddresses, Reason.GroupBackup);
}
