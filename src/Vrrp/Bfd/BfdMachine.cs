using System;

namespace XdpLvs.Vrrp.Bfd;

/// <summary>A BFD session in asynchronous mode, RFC 5880 section 6, as a function. No clock, no socket.</summary>
/// <remarks>
/// Left out, as in keepalived: authentication, the echo function, and demand mode, which we neither ask for nor grant:
/// a neighbour that asks goes on hearing periodic packets. Order of a shell's turn: every packet that waits in the
/// socket, then a tick; so a process that was stopped for a while hears what came meanwhile before it judges.
/// </remarks>
public static class BfdMachine
{
    private const int JitterMax = ushort.MaxValue + 1;

    /// <summary>One step.</summary>
    /// <param name="state">The state that the step before returned, or <see cref="BfdState.Initial"/>.</param>
    /// <param name="happened">What happened.</param>
    /// <param name="now">When; never earlier than in the step before.</param>
    /// <param name="self">What we are configured to be.</param>
    /// <param name="jitter">A random number: where in its range the next interval lies (section 6.8.7).</param>
    public static BfdStep Step(
        in BfdState state, in BfdEvent happened, Instant now, BfdSettings self, ushort jitter) =>
        (state.Session, happened.Kind) switch
        {
            (BfdSession.AdminDown, BfdEventKind.Start) => Start(now, self, jitter),
            (BfdSession.AdminDown, _) => new BfdStep(state, BfdEffects.None, state.Session), // 6.8.6: discarded
            (_, BfdEventKind.Stop) => Stop(state, self),
            (_, BfdEventKind.Packet) => Hear(state, happened.Packet, now, self, jitter),
            (_, BfdEventKind.Tick) => Tick(state, now, self, jitter),
            _ => new BfdStep(state, BfdEffects.None, state.Session),
        };

    private static BfdStep Start(Instant now, BfdSettings self, ushort jitter)
    {
        BfdState next = Slow(BfdState.Initial with { Session = BfdSession.Down }, self);
        next = next with { TransmitDeadline = NextTransmit(next, now, self, jitter) };
        return new BfdStep(next, self.IsPassive ? BfdEffects.None : BfdEffects.Transmit, BfdSession.AdminDown);
    }

    private static BfdStep Stop(in BfdState state, BfdSettings self)
    {
        var next = new BfdState(BfdSession.AdminDown)
        {
            Diagnostic = BfdDiagnostic.AdminDown,
            RemoteDiscriminator = state.RemoteDiscriminator,
        };
        return new BfdStep(next, MayTransmit(state, self) ? BfdEffects.Transmit : BfdEffects.None, state.Session);
    }

    private static BfdStep Tick(in BfdState state, Instant now, BfdSettings self, ushort jitter)
    {
        BfdState next = state;
        bool transmit = state.TransmitDeadline.HasCome(now);
        if (state.DetectionDeadline.HasCome(now))
        {
            next = Forget(state, self);
            transmit |= next.Session != state.Session; // tell at once, as far as it can still be heard
        }

        transmit &= MayTransmit(next, self);
        if (transmit || next.Session != state.Session)
        {
            next = next with { TransmitDeadline = NextTransmit(next, now, self, jitter) };
        }

        return new BfdStep(next, transmit ? BfdEffects.Transmit : BfdEffects.None, state.Session);
    }

    /// <summary>A Detection Time has passed in silence (section 6.8.4; 6.8.1 on bfd.RemoteDiscr).</summary>
    private static BfdState Forget(in BfdState state, BfdSettings self)
    {
        BfdState next = state.Session == BfdSession.Down ? state : Fall(state, BfdDiagnostic.Expired, self);
        return next with
        {
            RemoteDiscriminator = 0,
            RemoteSession = BfdSession.Down,
            RemoteMinRxMicroseconds = 1,
            DetectionMicroseconds = 0,
            DetectionDeadline = Instant.Never,
        };
    }

    /// <summary>Section 6.8.6, from where the packet was found valid and ours.</summary>
    private static BfdStep Hear(in BfdState state, in BfdPacket packet, Instant now, BfdSettings self, ushort jitter)
    {
        long detection = packet.Multiplier * Math.Max(self.MinRxMicroseconds, packet.MinTxMicroseconds);
        BfdState next = Learn(state, packet) with
        {
            DetectionMicroseconds = detection,
            DetectionDeadline = now.After(detection),
        };
        next = (state.Session, packet.Session) switch
        {
            (BfdSession.Init or BfdSession.Up, BfdSession.AdminDown) => Fall(next, BfdDiagnostic.NeighbourDown, self),
            (BfdSession.Down, BfdSession.Down) => next with { Session = BfdSession.Init },
            (BfdSession.Down, BfdSession.Init) => Rise(next, self),
            (BfdSession.Init, BfdSession.Init or BfdSession.Up) => Rise(next, self),
            (BfdSession.Up, BfdSession.Down) => Fall(next, BfdDiagnostic.NeighbourDown, self),
            _ => next,
        };

        bool changed = next.Session != state.Session;
        bool transmit = changed && !packet.IsPoll && MayTransmit(next, self); // the answer to a poll tells it as well
        Instant due = NextTransmit(next, now, self, jitter);
        bool faster = next.TransmitMicroseconds < state.TransmitMicroseconds;
        bool idle = state.TransmitDeadline == Instant.Never || due == Instant.Never;
        next = next with
        {
            TransmitDeadline = changed || idle ? due
                : faster ? Instant.Min(state.TransmitDeadline, due)
                : state.TransmitDeadline,
        };
        BfdEffects effects = (packet.IsPoll ? BfdEffects.Answer : 0) | (transmit ? BfdEffects.Transmit : 0);
        return new BfdStep(next, effects, state.Session);
    }

    private static BfdState Learn(in BfdState state, in BfdPacket packet)
    {
        bool answered = state.IsPolling && packet.IsFinal;
        return state with
        {
            RemoteDiscriminator = packet.Discriminator,
            RemoteSession = packet.Session,
            RemoteDiagnostic = packet.Diagnostic,
            RemoteMinRxMicroseconds = packet.MinRxMicroseconds,
            IsPolling = state.IsPolling && !packet.IsFinal,
            AppliedMinTxMicroseconds = answered ? state.MinTxMicroseconds : state.AppliedMinTxMicroseconds,
        };
    }

    /// <summary>Up: the interval becomes the configured one, and the neighbour is polled about it (6.8.3).</summary>
    private static BfdState Rise(in BfdState state, BfdSettings self) => state with
    {
        Session = BfdSession.Up,
        Diagnostic = BfdDiagnostic.None,
        IsPolling = true,
        MinTxMicroseconds = self.MinTxMicroseconds,
        AppliedMinTxMicroseconds = Math.Min(self.MinTxMicroseconds, state.AppliedMinTxMicroseconds),
    };

    private static BfdState Fall(in BfdState state, BfdDiagnostic why, BfdSettings self) =>
        Slow(state with { Session = BfdSession.Down, Diagnostic = why }, self);

    /// <summary>Not up: a packet a second at most, and no poll about it.</summary>
    private static BfdState Slow(in BfdState state, BfdSettings self)
    {
        long idle = Math.Max(BfdSettings.SlowMicroseconds, self.IdleTxMicroseconds);
        return state with { IsPolling = false, MinTxMicroseconds = idle, AppliedMinTxMicroseconds = idle };
    }

    /// <summary>Section 6.8.7: not before a passive side was spoken to, not to one that asks for silence.</summary>
    private static bool MayTransmit(in BfdState state, BfdSettings self) =>
        state.RemoteMinRxMicroseconds != 0 && !(self.IsPassive && state.RemoteDiscriminator == 0);

    /// <summary>Section 6.8.7: 75 to 100 % of the interval, 75 to 90 % if one lost packet already ends it.</summary>
    private static Instant NextTransmit(in BfdState state, Instant now, BfdSettings self, ushort jitter)
    {
        if (!MayTransmit(state, self))
        {
            return Instant.Never;
        }

        long interval = state.TransmitMicroseconds;
        long range = interval * (self.Multiplier == 1 ? 15 : 25) / 100;
        return now.After((interval * 3 / 4) + (range * jitter / JitterMax));
    }
}
