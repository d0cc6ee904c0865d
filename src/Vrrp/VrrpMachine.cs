namespace XdpLvs.Vrrp;

/// <summary>The VRRP election as a function. No clock, no socket, no log.</summary>
/// <remarks>
/// RFC 3768 and RFC 9568, section 6.4; they differ in the skew, in whose interval counts and in the wire only. Behaves
/// as keepalived where that adds to the RFC (preempt delay, fault state, sync groups, answers to weaker routers).
/// Three rules are stricter than keepalived's. Only an advert that was sent restarts Adver_Timer, so nothing that
/// arrives can silence an active router. A resignation shortens Active_Down_Timer but never lengthens it, and only if
/// it comes from the router that we follow, so a flood of them cannot keep a backup from taking over. Answers are
/// rate limited, so adverts do not breed adverts.
/// <para>Order of a shell's turn: give every advert that waits in the socket, then a tick. A process that was stopped
/// for a while must hear what came meanwhile before it judges that nobody is there. As the kernel itself may lag
/// behind, a tick that comes more than one interval after the deadline is not believed the first time either: the
/// backup listens for one skew time more (<see cref="Reason.Stalled"/>).</para>
/// </remarks>
public static partial class VrrpMachine
{
    /// <summary>Priority of the router that owns the virtual addresses as its own.</summary>
    public const byte OwnerPriority = 255;

    /// <summary>Priority in an advert of a router that resigns.</summary>
    public const byte ResignPriority = 0;

    /// <summary>What repeats itself is told, and announced again, once in this time at most; microseconds.</summary>
    private const long QuietMicroseconds = 1_000_000;

    /// <summary>One step: what we were, what happened and when, to what we are and what to do about it.</summary>
    /// <param name="state">The state that the step before returned, or <see cref="VrrpState.Initial"/>.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="now">When; never earlier than in the step before.</param>
    /// <param name="self">What we are configured to be.</param>
    public static VrrpStep Step(in VrrpState state, in VrrpEvent happened, Instant now, VrrpSettings self)
    {
        VrrpStep step = Decide(state, happened, now, self);
        return step with
        {
            Notice = step.Notice with
            {
                PriorityBefore = state.PriorityOf(self),
                Priority = step.Next.PriorityOf(self),
            },
        };
    }

    private static VrrpStep Decide(in VrrpState state, in VrrpEvent happened, Instant now, VrrpSettings self) =>
        (state.Role, happened.Kind) switch
        {
            // 6.4.1 Initialize
            (Role.Initialize, VrrpEventKind.Startup or VrrpEventKind.Adopt) => Begin(state, happened, now, self),
            (Role.Initialize, VrrpEventKind.Tick) when state.Deadline.HasCome(now) => EndDelay(state, now, self),
            (Role.Initialize, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),

            // 6.4.2 Backup
            (Role.Backup, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),
            (Role.Backup, VrrpEventKind.Tick) when state.Deadline.HasCome(now) => HearNobody(state, now, self),
            (Role.Backup, VrrpEventKind.Advert) => HearAsBackup(state, happened.Advert, now, self),
            (Role.Backup, VrrpEventKind.PeerDown) => LosePeer(state, happened.Peer, now, self),
            (Role.Backup, VrrpEventKind.GroupActivates) => TakeOver(state, Reason.GroupActive, now, self),

            // 6.4.3 Active
            (Role.Active, VrrpEventKind.Shutdown) when self.KeepUntilSuccessor => Resign(state, now, self),
            (Role.Active, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),
            (Role.Active, VrrpEventKind.Tick) => Hold(state, now, self),
            (Role.Active, VrrpEventKind.Advert) => HearAsActive(state, happened.Advert, now, self),
            (Role.Active, VrrpEventKind.GroupYields) => YieldWithGroup(state, now, self),

            // keepalived's FAULT
            (Role.Fault, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),

            // resigned, and holding the addresses for a successor
            (Role.Leaving, VrrpEventKind.Tick) when state.Deadline.HasCome(now) => Go(state, Reason.NoSuccessor),
            (Role.Leaving, VrrpEventKind.Advert) when happened.Advert.Priority != ResignPriority =>
                Go(state, Reason.SuccessorHeard, happened.Advert),
            (Role.Leaving, VrrpEventKind.Shutdown) => Go(state, Reason.Shutdown),
            (Role.Leaving, VrrpEventKind.Failed) =>
                Go(state with { Faults = state.Faults | happened.Causes }, ReasonOf(happened.Causes)),

            (_, VrrpEventKind.Failed) => Fail(state, happened.Causes),
            (_, VrrpEventKind.Recovered) => Recover(state, happened.Causes, now, self),
            (_, VrrpEventKind.Weighed) => Weigh(state, happened.Weight, self),
            _ => Stay(state, state),
        };

    private static VrrpStep Begin(in VrrpState state, in VrrpEvent happened, Instant now, VrrpSettings self)
    {
        VrrpState begun = state with { Faults = state.Faults | happened.Causes };
        if (begun.Faults != FaultCauses.None)
        {
            return Become(state, begun.Into(Role.Fault, Instant.Never), Effects.None, Reason.Startup);
        }

        if (happened.Kind == VrrpEventKind.Adopt)
        {
            return TakeOver(begun, Reason.Adopted, now, self);
        }

        return self.StartupDelayMicroseconds > 0
            ? Become(
                state, begun.Into(Role.Initialize, now.After(self.StartupDelayMicroseconds)), Effects.None,
                Reason.StartupDelayed)
            : Start(begun, Reason.Startup, now, self);
    }

    private static VrrpStep EndDelay(in VrrpState state, Instant now, VrrpSettings self) =>
        state.Faults == FaultCauses.None
            ? Start(state, Reason.Startup, now, self)
            : Become(state, state.Into(Role.Fault, Instant.Never), Effects.None, Reason.Startup);

    /// <summary>Everybody begins by listening, whatever the configured state; the owner need not ask.</summary>
    private static VrrpStep Start(in VrrpState state, Reason reason, Instant now, VrrpSettings self)
    {
        VrrpState fresh = state with { ActiveIntervalMicroseconds = 0, Following = default };
        return self.Priority == OwnerPriority
            ? TakeOverIfAlone(fresh, reason, now, self)
            : Become(state, Listening(fresh, now, self), Effects.None, reason);
    }

    private static VrrpState Listening(in VrrpState state, Instant now, VrrpSettings self) =>
        state.Into(Role.Backup, now.After(VrrpTimers.Down(state, self)));

    /// <summary>Out of service. Who has the addresses resigns first and gives them up.</summary>
    private static VrrpStep Leave(in VrrpState state, Role into, Reason reason) =>
        Become(
            state,
            state.Into(into, Instant.Never),
            state.Role == Role.Active ? Effects.Resign | Effects.DropAddresses : Effects.None,
            reason);

    /// <summary>A member of a sync group says that it would, and waits for the others.</summary>
    private static VrrpStep TakeOverIfAlone(in VrrpState state, Reason reason, Instant now, VrrpSettings self) =>
        self.IsGroupMember
            ? Become(
                state, state.Into(Role.Backup, Instant.Never) with { WantsActive = true }, Effects.None,
                state.Role == Role.Backup ? Reason.WaitsForGroup : reason)
            : TakeOver(state, reason, now, self);

    /// <summary>Advert first: the old active router shall drop the addresses before we announce them.</summary>
    private static VrrpStep TakeOver(in VrrpState state, Reason reason, Instant now, VrrpSettings self)
    {
        AnnounceSettings announce = self.Announce;
        bool again = announce.Repeat > 0 && announce.DelayMicroseconds > 0;
        VrrpState next = state.Into(Role.Active, now.After(self.IntervalMicroseconds)) with
        {
            ActiveIntervalMicroseconds = 0,
            Following = default,
            AnnounceDeadline = again ? now.After(announce.DelayMicroseconds) : Instant.Never,
            AnnouncementsDue = announce.Repeat,
            RefreshDeadline = RefreshAfter(now, announce),
        };
        return Become(
            state, next, Effects.Advertise | Effects.TakeAddresses | Announce(announce.Repeat), reason,
            announce.Repeat);
    }

    private static Instant RefreshAfter(Instant now, AnnounceSettings announce) =>
        announce.RefreshMicroseconds > 0 ? now.After(announce.RefreshMicroseconds) : Instant.Never;

    private static Effects Announce(int perAddress) =>
        perAddress > 0 ? Effects.AnnounceAddresses : Effects.None;

    private static VrrpStep Become(
        in VrrpState before, in VrrpState after, Effects effects, Reason reason, int announcements = 0,
        in Advert cause = default) =>
        new(after, effects, announcements, new Notice(before.Role, after.Role, reason, cause));

    private static VrrpStep Stay(in VrrpState before, in VrrpState after, Effects effects = Effects.None) =>
        Become(before, after, effects, Reason.None);
}
