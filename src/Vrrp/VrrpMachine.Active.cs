using System;

namespace XdpLvs.Vrrp;

/// <content>RFC 3768 section 6.4.3: what the active router (Master) does.</content>
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
            announcements = Math.Max(announcements, self.Garp.RefreshRepeat);
            next = next with { RefreshDeadline = RefreshAfter(now, self.Garp) };
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

        bool equal = advert.Priority == self.Priority;
        if (equal && advert.Sender == self.SourceAddress)
        {
            return ReportDuplicate(state, advert, now, self);
        }

        // equal priorities are settled by address, so that two routers never both win
        bool outranked = equal ? advert.Sender > self.SourceAddress : advert.Priority > self.Priority;
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
        return Become(state, next, Effects.Advertise, Reason.PriorityZero, 0, advert);
    }

    /// <summary>To the stronger router. One advert more makes it announce the addresses that we give up.</summary>
    private static VrrpStep Yield(in VrrpState state, in Advert advert, bool equal, Instant now, VrrpSettings self)
    {
        Effects last = self.HigherPrioSendAdvert ? Effects.Advertise : Effects.None;
        return Become(
            state,
            Listening(now, self),
            last | Effects.DropAddresses,
            equal ? Reason.HigherAddress : Reason.HigherPriority,
            0,
            advert);
    }

    /// <summary>
    /// A weaker router believes that it is active, and so do some of the clients: tell it, and tell them.
    /// </summary>
    private static VrrpStep AnswerWeaker(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (!state.QuietUntil.HasCome(now))
        {
            return Stay(state, state);
        }

        GarpSettings garp = self.Garp;
        VrrpState next = self.LowerPrioNoAdvert ? state : Advertised(state, now, self);
        next = next with { QuietUntil = now.After(self.IntervalMicroseconds) };
        if (garp.LowerPriorityRepeat > 0 && garp.LowerPriorityDelayMicroseconds > 0)
        {
            bool pending = state.AnnounceDeadline != Instant.Never;
            next = next with
            {
                AnnounceDeadline =
                    Instant.Min(state.AnnounceDeadline, now.After(garp.LowerPriorityDelayMicroseconds)),
                AnnouncementsDue =
                    Math.Max(garp.LowerPriorityRepeat, pending ? state.AnnouncementsDue : (byte)0),
            };
        }

        Effects answer = self.LowerPrioNoAdvert ? Effects.None : Effects.Advertise;
        return Become(
            state, next, answer | Announce(garp.LowerPriorityRepeat), Reason.LowerPriority,
            garp.LowerPriorityRepeat, advert);
    }

    /// <summary>Nobody can settle this one; an answer would be answered. The operator must.</summary>
    private static VrrpStep ReportDuplicate(in VrrpState state, in Advert advert, Instant now, VrrpSettings self)
    {
        if (!state.QuietUntil.HasCome(now))
        {
            return Stay(state, state);
        }

        VrrpState next = state with { QuietUntil = now.After(self.IntervalMicroseconds) };
        return Become(state, next, Effects.ReportDuplicate, Reason.Duplicate, 0, advert);
    }
}
