using System;

namespace XdpLvs.Vrrp;

/// <content>RFC 9568 section 6.4.3: what the active router does.</content>
public static partial class VrrpMachine
{
    /// <summary>
    /// Resignations answered at once per interval, at most; the next answer is only put off until then.
    /// </summary>
    private const int ResignAnswersPerInterval = 8;

    /// <summary>Time has passed: what is due of adverts, delayed announcements and periodic ones.</summary>
    private static VrrpStep Hold(in VrrpState state, Instant now, VrrpSettings self)
    {
        VrrpState next = state;
        Effects effects = Effects.None;
        int announcements = 0;
        if (state.Deadline.HasCome(now))
        {
            next = Advertised(next, now, self);
            effects |= Effects.Advertise;
        }

        if (state.AnnounceDeadline.HasCome(now))
        {
            announcements = state.AnnouncementsDue;
            next = next with { AnnounceDeadline = Instant.Never };
        }

        if (state.RefreshDeadline.HasCome(now))
        {
            announcements = Math.Max(announcements, self.Announce.RefreshRepeat);
            next = next with { RefreshDeadline = RefreshAfter(now, self.Announce) };
        }

        return Become(state, next, effects | Announce(announcements), Reason.None, announcements);
    }

    /// <summary>The one place that restarts Adver_Timer: an advert is being sent.</summary>
    private static VrrpState Advertised(in VrrpState state, Instant now, VrrpSettings self) =>
        state with { Deadline = now.After(self.IntervalMicroseconds) };

    private static VrrpStep HearAsActive(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (advert.Priority == ResignPriority)
        {
            return AnswerResignation(state, advert, now, self);
        }

        byte priority = state.PriorityOf(self);
        bool equal = advert.Priority == priority;
        if (equal && advert.Sender == self.SourceAddress)
        {
            return ReportDuplicate(state, advert, now);
        }

        // equal priorities are settled by address, so that two routers never both win
        bool outranked = equal ? advert.Sender > self.SourceAddress : advert.Priority > priority;
        return outranked ? Yield(state, advert, equal, now, self) : AnswerWeaker(state, advert, now, self);
    }

    /// <summary>
    /// Says at once that somebody is here, before a backup's skew runs out; under a flood a little later.
    /// </summary>
    private static VrrpStep AnswerResignation(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (!state.ResignQuietUntil.HasCome(now))
        {
            return Stay(state, state with { Deadline = Instant.Min(state.Deadline, state.ResignQuietUntil) });
        }

        VrrpState next = Advertised(state, now, self) with
        {
            ResignQuietUntil = now.After(self.IntervalMicroseconds / ResignAnswersPerInterval),
        };
        return state.QuietUntil.HasCome(now)
            ? Become(state, Quieted(next, now), Effects.Advertise, Reason.PriorityZero, 0, advert)
            : Stay(state, next, Effects.Advertise);
    }

    /// <summary>To the stronger router. One advert more makes it announce the addresses that we give up.</summary>
    private static VrrpStep Yield(in VrrpState state, in Advert advert, bool equal, Instant now, VrrpSettings self)
    {
        VrrpState heard = state with { ActiveIntervalMicroseconds = advert.IntervalMicroseconds };
        heard = heard with
        {
            Following = new Followed(advert.Sender, advert.Priority, now.After(VrrpTimers.Down(heard, self))),
        };
        return Become(
            state,
            Listening(heard, now, self),
            (self.HigherPrioSendAdvert ? Effects.Advertise : Effects.None) | Effects.DropAddresses,
            equal ? Reason.HigherAddress : Reason.HigherPriority,
            0,
            advert);
    }

    /// <summary>
    /// A weaker router believes that it is active, and so do some of the clients: tell it, and tell them.
    /// </summary>
    /// <remarks>
    /// Each rival is answered once per interval and causes announcements once per second; RFC 9568 would answer every
    /// advert, and two routers that each take themselves for the stronger would answer each other for ever.
    /// </remarks>
    private static VrrpStep AnswerWeaker(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        Rival rival = state.Rivals.Of(advert.Sender);
        bool answers = rival.AnsweredUntil.HasCome(now), announces = rival.AnnouncedUntil.HasCome(now);
        if (!answers && !announces)
        {
            return Stay(state, state);
        }

        bool advertises = answers && !self.LowerPrioNoAdvert;
        VrrpState next = (advertises ? Advertised(state, now, self) : state) with
        {
            Rivals = state.Rivals.With(rival with
            {
                AnsweredUntil = answers ? now.After(self.IntervalMicroseconds) : rival.AnsweredUntil,
                AnnouncedUntil = announces
                    ? now.After(Math.Max(self.IntervalMicroseconds, QuietMicroseconds))
                    : rival.AnnouncedUntil,
            }),
        };
        next = announces ? AnnounceLater(next, now, self.Announce) : next;
        int repeat = announces ? self.Announce.LowerPriorityRepeat : 0;
        return Become(
            state, next, (advertises ? Effects.Advertise : Effects.None) | Announce(repeat),
            announces ? Reason.LowerPriority : Reason.None, repeat, advert);
    }

    /// <summary>The second burst on a rival's account. It never postpones one that is due already.</summary>
    private static VrrpState AnnounceLater(in VrrpState state, Instant now, AnnounceSettings announce)
    {
        if (announce.LowerPriorityRepeat == 0 || announce.LowerPriorityDelayMicroseconds == 0)
        {
            return state;
        }

        bool pending = state.AnnounceDeadline != Instant.Never;
        return state with
        {
            AnnounceDeadline = Instant.Min(state.AnnounceDeadline, now.After(announce.LowerPriorityDelayMicroseconds)),
            AnnouncementsDue = Math.Max(announce.LowerPriorityRepeat, pending ? state.AnnouncementsDue : (byte)0),
        };
    }

    /// <summary>Nobody can settle this one; an answer would be answered. The operator must.</summary>
    private static VrrpStep ReportDuplicate(in VrrpState state, in Advert advert, Instant now) =>
        state.QuietUntil.HasCome(now)
            ? Become(state, Quieted(state, now), Effects.ReportDuplicate, Reason.Duplicate, 0, advert)
            : Stay(state, state);
}
