namespace XdpLvs.Vrrp;

/// <summary>The VRRPv2 election, RFC 3768 section 6.4, as a function. No clock, no socket, no log.</summary>
/// <remarks>
/// Behaves as keepalived where that differs from the RFC (preempt delay, fault state, answers to weaker routers).
/// Three rules are stricter than keepalived's. Only an advert that was sent restarts Adver_Timer, so nothing that
/// arrives can silence an active router. A resignation shortens Master_Down_Timer but never lengthens it, so a flood of
/// them cannot keep a backup from taking over. Answers are rate limited, so adverts do not breed adverts.
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

    /// <summary>One step: what we were, what happened and when, to what we are and what to do about it.</summary>
    /// <param name="state">The state that the step before returned, or <see cref="VrrpState.Initial"/>.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="now">When; never earlier than in the step before.</param>
    /// <param name="self">What we are configured to be.</param>
    public static VrrpStep Step(in VrrpState state, in VrrpEvent happened, Instant now, VrrpSettings self) =>
        (state.Role, happened.Kind) switch
        {
            // 6.4.1 Initialize
            (Role.Initialize, VrrpEventKind.Startup) => Start(state, Reason.Startup, now, self),
            (Role.Initialize, VrrpEventKind.StartupInFault) => Leave(state, Role.Fault, Reason.Startup),

            // 6.4.2 Backup
            (Role.Backup, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),
            (Role.Backup, VrrpEventKind.Tick) when state.Deadline.HasCome(now) => HearNobody(state, now, self),
            (Role.Backup, VrrpEventKind.Advert) => HearAsBackup(state, happened.Advert, now, self),

            // 6.4.3 Master
            (Role.Active, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),
            (Role.Active, VrrpEventKind.Tick) => Hold(state, now, self),
            (Role.Active, VrrpEventKind.Advert) => HearAsActive(state, happened.Advert, now, self),

            // keepalived's FAULT
            (Role.Backup or Role.Active, VrrpEventKind.LinkDown) => Leave(state, Role.Fault, Reason.LinkDown),
            (Role.Backup or Role.Active, VrrpEventKind.AddressesGone) => Leave(state, Role.Fault, Reason.AddressesGone),
            (Role.Backup or Role.Active, VrrpEventKind.TrackDown) => Leave(state, Role.Fault, Reason.TrackDown),
            (Role.Fault, VrrpEventKind.LinkUp) => Start(state, Reason.LinkUp, now, self),
            (Role.Fault, VrrpEventKind.Shutdown) => Leave(state, Role.Initialize, Reason.Shutdown),

            _ => Stay(state, state),
        };

    /// <summary>Everybody begins by listening, whatever the configured state; the owner need not ask.</summary>
    private static VrrpStep Start(in VrrpState state, Reason reason, Instant now, VrrpSettings self) =>
        self.Priority == OwnerPriority
            ? TakeOver(state, reason, now, self)
            : Become(state, Listening(now, self), Effects.None, reason);

    private static VrrpState Listening(Instant now, VrrpSettings self) =>
        new(Role.Backup, now.After(VrrpTimers.Down(self)));

    /// <summary>Into a role in which we serve nobody. Who has the addresses resigns first and gives them up.</summary>
    private static VrrpStep Leave(in VrrpState state, Role into, Reason reason) =>
        Become(
            state,
            new VrrpState(into, Instant.Never),
            state.Role == Role.Active ? Effects.Resign | Effects.DropAddresses : Effects.None,
            reason);

    /// <summary>Advert first: the old active router shall drop the addresses before we announce them.</summary>
    private static VrrpStep TakeOver(in VrrpState state, Reason reason, Instant now, VrrpSettings self)
    {
        GarpSettings garp = self.Garp;
        bool again = garp.Repeat > 0 && garp.DelayMicroseconds > 0;
        var next = new VrrpState(Role.Active, now.After(self.IntervalMicroseconds))
        {
            AnnounceDeadline = again ? now.After(garp.DelayMicroseconds) : Instant.Never,
            AnnouncementsDue = garp.Repeat,
            RefreshDeadline = RefreshAfter(now, garp),
        };
        return Become(
            state, next, Effects.Advertise | Effects.TakeAddresses | Announce(garp.Repeat), reason, garp.Repeat);
    }

    private static Instant RefreshAfter(Instant now, GarpSettings garp) =>
        garp.RefreshMicroseconds > 0 ? now.After(garp.RefreshMicroseconds) : Instant.Never;

    private static Effects Announce(int perAddress) =>
        perAddress > 0 ? Effects.AnnounceAddresses : Effects.None;

    private static VrrpStep Become(
        in VrrpState before, in VrrpState after, Effects effects, Reason reason, int announcements = 0,
        in Advert cause = default) =>
        new(after, effects, announcements, new Notice(before.Role, after.Role, reason, cause));

    private static VrrpStep Stay(in VrrpState before, in VrrpState after, Effects effects = Effects.None) =>
        Become(before, after, effects, Reason.None);
}
