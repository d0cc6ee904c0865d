namespace XdpLvs.Vrrp;

/// <content>RFC 9568 section 6.4.2: what a backup router does.</content>
public static partial class VrrpMachine
{
    /// <summary>The down timer ran out. A tick that late tells more about us than about the active router.</summary>
    private static VrrpStep HearNobody(in VrrpState state, Instant now, VrrpSettings self)
    {
        bool late = state.Deadline.After(state.IntervalOf(self) + 1).HasCome(now);
        if (!late || state.StallForgiven)
        {
            return TakeOverIfAlone(state, Reason.AdvertTimeout, now, self);
        }

        VrrpState next = state with { Deadline = now.After(VrrpTimers.Skew(state, self)), StallForgiven = true };
        return Become(state, next, Effects.None, Reason.Stalled);
    }

    private static VrrpStep HearAsBackup(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (advert.Priority == ResignPriority)
        {
            return HearResignation(state, advert, now, self);
        }

        VrrpState teller = state with { ActiveIntervalMicroseconds = advert.IntervalMicroseconds };
        VrrpState heard = state with { Following = state.Following.Hear(advert, now, VrrpTimers.Down(teller, self)) };
        bool preempts = self.Preempt || self.Priority == OwnerPriority; // section 6.1: the owner always does
        if (advert.Priority >= state.PriorityOf(self) || !preempts)
        {
            return Defer(heard, advert, now, self);
        }

        bool tolerated = self.PreemptDelayMicroseconds > 0 && !state.PreemptAfter.HasCome(now);
        return tolerated ? Tolerate(heard, advert, now, self) : Discard(heard, advert, now);
    }

    /// <summary>Only the router that we follow can shorten our wait by leaving, and nobody can lengthen it.</summary>
    private static VrrpStep HearResignation(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        bool counts = state.Following.Concerns(advert.Sender, now);
        bool quiet = !state.QuietUntil.HasCome(now);
        if (!counts)
        {
            return quiet
                ? Stay(state, state)
                : Become(state, Quieted(state, now), Effects.None, Reason.PriorityZeroIgnored, 0, advert);
        }

        VrrpState next = state with
        {
            Deadline = Instant.Min(state.Deadline, now.After(VrrpTimers.Skew(state, self))),
            Following = default,
        };
        return quiet
            ? Stay(state, next)
            : Become(state, Quieted(next, now), Effects.None, Reason.PriorityZero, 0, advert);
    }

    /// <summary>A router that may stay active is alive: full down timer, and no preemption is under way.</summary>
    private static VrrpStep Defer(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        bool stops = state.PreemptAfter != Instant.Never;
        return Become(
            state, Listening(Learn(state, advert), now, self), Effects.None,
            stops ? Reason.PreemptDelayStopped : Reason.None, 0, advert);
    }

    /// <summary>A weaker router is active, and the preempt delay runs: it may stay for now.</summary>
    private static VrrpStep Tolerate(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        bool begins = state.PreemptAfter == Instant.Never;
        VrrpState next = Listening(Learn(state, advert), now, self) with
        {
            PreemptAfter = begins ? now.After(self.PreemptDelayMicroseconds) : state.PreemptAfter,
        };
        return Become(state, next, Effects.None, begins ? Reason.PreemptDelayStarted : Reason.None, 0, advert);
    }

    /// <summary>A weaker router is active, and we shall preempt it: its adverts do not hold us back.</summary>
    private static VrrpStep Discard(in VrrpState state, in Advert advert, Instant now) =>
        state.QuietUntil.HasCome(now)
            ? Become(state, Quieted(state, now), Effects.None, Reason.LowerPriorityDiscarded, 0, advert)
            : Stay(state, state);

    /// <summary>BFD is faster than silence: as if the active router had resigned.</summary>
    private static VrrpStep LosePeer(in VrrpState state, VrrpAddress peer, Instant now, VrrpSettings self)
    {
        if (state.Following.Router != peer || peer.IsUnspecified)
        {
            return Stay(state, state);
        }

        Instant soon = Instant.Min(state.Deadline, now.After(VrrpTimers.Skew(state, self)));
        return Become(
            state, state with { Deadline = soon, Following = default }, Effects.None, Reason.PeerDown, 0,
            new Advert(state.Following.Priority, state.IntervalOf(self), peer));
    }

    /// <summary>Active_Adver_Interval is what the active router says (VRRPv3; in VRRPv2 it says what we do).</summary>
    /// <remarks>
    /// The RFC learns from any advert. Of two, only the stronger tells how long it may be silent: the last word of a
    /// faster router that yields to a slower one would else have us miss the slower one's next.
    /// </remarks>
    private static VrrpState Learn(in VrrpState state, in Advert advert) => state.Following.Router == advert.Sender
        ? state with { ActiveIntervalMicroseconds = advert.IntervalMicroseconds }
        : state;

    private static VrrpState Quieted(in VrrpState state, Instant now) =>
        state with { QuietUntil = now.After(QuietMicroseconds) };
}
