namespace XdpLvs.Vrrp;

/// <content>RFC 3768 section 6.4.2: what a backup router does.</content>
public static partial class VrrpMachine
{
    /// <summary>The down timer ran out. A tick that late tells more about us than about the active router.</summary>
    private static VrrpStep HearNobody(in VrrpState state, Instant now, VrrpSettings self)
    {
        bool late = state.Deadline.After(self.IntervalMicroseconds + 1).HasCome(now);
        if (!late || state.StallForgiven)
        {
            return TakeOver(state, Reason.AdvertTimeout, now, self);
        }

        VrrpState next = state with { Deadline = now.After(VrrpTimers.Skew(self)), StallForgiven = true };
        return Become(state, next, Effects.None, Reason.Stalled);
    }

    private static VrrpStep HearAsBackup(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (advert.Priority == ResignPriority)
        {
            Instant soon = Instant.Min(state.Deadline, now.After(VrrpTimers.Skew(self)));
            return Become(state, state with { Deadline = soon }, Effects.None, Reason.PriorityZero, 0, advert);
        }

        if (advert.Priority >= self.Priority || !self.Preempt)
        {
            return Defer(state, advert, now, self);
        }

        bool tolerated = self.PreemptDelayMicroseconds > 0 && !state.PreemptAfter.HasCome(now);
        return tolerated ? Tolerate(state, advert, now, self) : Discard(state, advert, now, self);
    }

    /// <summary>A router that may stay active is alive: full down timer, and no preemption is under way.</summary>
    private static VrrpStep Defer(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        bool stops = state.PreemptAfter != Instant.Never;
        return Become(
            state, Listening(now, self), Effects.None, stops ? Reason.PreemptDelayStopped : Reason.None, 0, advert);
    }

    /// <summary>A weaker router is active, and the preempt delay runs: it may stay for now.</summary>
    private static VrrpStep Tolerate(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        bool begins = state.PreemptAfter == Instant.Never;
        VrrpState next = Listening(now, self) with
        {
            PreemptAfter = begins ? now.After(self.PreemptDelayMicroseconds) : state.PreemptAfter,
        };
        return Become(state, next, Effects.None, begins ? Reason.PreemptDelayStarted : Reason.None, 0, advert);
    }

    /// <summary>A weaker router is active, and we shall preempt it: its adverts do not hold us back.</summary>
    private static VrrpStep Discard(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (!state.QuietUntil.HasCome(now))
        {
            return Stay(state, state);
        }

        VrrpState next = state with { QuietUntil = now.After(self.IntervalMicroseconds) };
        return Become(state, next, Effects.None, Reason.LowerPriorityDiscarded, 0, advert);
    }
}
