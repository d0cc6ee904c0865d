using System;
using System.Runtime.CompilerServices;
using XdpLvs.Forwarder.Answers;
using XdpLvs.Forwarder.Fragmentation;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Forwarder;

/// <summary>
/// The forwarding decision of one worker: a function of one frame, one table and the flows that all workers remember.
/// In two steps, so that a batch can be read and its memory asked for before the first frame is decided.
/// </summary>
public sealed class Router(FlowTables flows, Statistics statistics)
{
    /// <summary>Instead of a way out: a later fragment may wait until its first one has come.</summary>
    public const int Awaits = -1;

    private readonly byte[] _answer = new byte[Answer.SizeMax];
    private readonly NewFlows _newFlows = new(flows, statistics);
    private int _answerLength;
    private Budget _answers;
    private ushort _sentTo;

    /// <summary>What <see cref="Decide"/> wrote in the frame's place, when its outcome is an answer.</summary>
    public ReadOnlySpan<byte> Answered => _answer.AsSpan(0, _answerLength);

    /// <summary>Where the first fragments of packets went, for all workers.</summary>
    public FragmentTable Fragments => flows.Fragments;

    /// <summary>Reads a frame and asks for the memory that deciding it will need.</summary>
    /// <param name="frame">From its destination MAC to its last octet.</param>
    /// <param name="table">The same for a whole batch.</param>
    /// <param name="packet">For <see cref="Decide"/>.</param>
    /// <returns><see cref="Outcome.Forwarded"/>: to be decided. Any other: the frame's door.</returns>
    public Outcome Read(Span<byte> frame, ForwardingTable table, out Packet packet)
    {
        Outcome outcome = PacketReader.Read(frame, table.LocalMac, out packet);
        if (outcome == Outcome.Forwarded)
        {
            packet.Place = flows.Locate(packet.Flow);
        }

        return outcome;
    }

    /// <summary>Reads a frame that is like nearly all others and asks for the memory that finding its flow will need.
    /// </summary>
    /// <returns>False: <see cref="Read"/> must read it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryReadPlain(ReadOnlySpan<byte> frame, ForwardingTable table, ref PlainFrame plain)
    {
        if (!PlainFrame.TryRead(frame, table, ref plain))
        {
            return false;
        }

        plain.Place = flows.LocatePlain(plain);
        return true;
    }

    /// <summary>
    /// Forwards such a frame if its connection is known, stays in its state, and its real server can take it.
    /// </summary>
    /// <returns>False: nothing was changed; <see cref="Read"/> and <see cref="Decide"/> must do it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryForwardPlain(
        Span<byte> frame, in PlainFrame plain, ForwardingTable table, uint now, out int exit)
    {
        exit = 0;
        if (plain.Size == 0)
        {
            return false;
        }

        uint timeout = plain.IsTcp ? table.Timeouts.Established : table.Timeouts.Udp;
        if (!flows.TryKeepPlain(plain, now, now + timeout, out ushort number))
        {
            return false;
        }

        ref readonly PlainTarget target = ref table.Target(number);
        if (plain.Size > target.SizeMax)
        {
            return false;
        }

        PlainFrame.Redirect(frame, target);
        statistics.CountPacket(number, plain.Size);
        exit = target.Exit;
        return true;
    }

    /// <summary>Both steps for one frame: its door, and, when it is forwarded by another way, that.</summary>
    public Outcome Route(Span<byte> frame, ForwardingTable table, uint now)
    {
        PlainFrame plain = default;
        if (TryReadPlain(frame, table, ref plain) && TryForwardPlain(frame, plain, table, now, out _))
        {
            return Outcome.Forwarded;
        }

        Outcome outcome = Read(frame, table, out Packet packet);
        return outcome == Outcome.Forwarded ? Decide(frame, ref packet, table, now, out _) : outcome;
    }

    /// <summary>Decides a frame that was read and, when it is forwarded, rewrites it in place.</summary>
    /// <param name="frame">The same octets.</param>
    /// <param name="packet">What was read of them.</param>
    /// <param name="table">The same table.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <param name="exit">When forwarded, the way out: <see cref="RealServer.Exit"/>. When its door is <see
    /// cref="Outcome.Fragment"/>, <see cref="Awaits"/> where it is worth waiting for the first.</param>
    public Outcome Decide(Span<byte> frame, ref Packet packet, ForwardingTable table, uint now, out int exit) =>
        packet.IsFragment
            ? DecideFragment(frame, ref packet, table, now, out exit)
            : DecideWhole(frame, ref packet, table, now, out exit);

    /// <summary>A later fragment goes where the first one went; the first is decided like a whole packet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Outcome DecideFragment(
        Span<byte> frame, ref Packet packet, ForwardingTable table, uint now, out int exit)
    {
        if (packet.Kind == PacketKind.LaterFragment)
        {
            return Follow(frame, packet, table, now, out exit);
        }

        Outcome outcome = DecideWhole(frame, ref packet, table, now, out exit);
        bool isSent = outcome is Outcome.Forwarded or Outcome.ForwardedStateless;
        if (isSent || IsServed(packet, table)) // what is nobody's business here must not push out what is
        {
            flows.Fragments.Remember(packet.Fragment, isSent ? _sentTo : FragmentTable.Nobody, now);
        }

        return outcome;
    }

    private Outcome Follow(Span<byte> frame, in Packet packet, ForwardingTable table, uint now, out int exit)
    {
        exit = 0;
        if (table.IsForwarded(packet) || !IsServed(packet, table))
        {
            return table.IsForwarded(packet) ? Outcome.Loop : Outcome.NotOurs;
        }

        if (!flows.Fragments.TryFind(packet.Fragment, now, out ushort number))
        {
            exit = Awaits;
            return Outcome.Fragment;
        }

        ref readonly RealServer real = ref table.Real(number);
        if (real.Address.IsNone) // the first went nowhere, or its real server has left since
        {
            return Outcome.Fragment;
        }

        Outcome outcome = Send(frame, packet, real, Outcome.Forwarded);
        exit = outcome == Outcome.Forwarded ? real.Exit : 0;
        return outcome;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Outcome DecideWhole(Span<byte> frame, ref Packet packet, ForwardingTable table, uint now, out int exit)
    {
        exit = 0;
        if (table.IsForwarded(packet))
        {
            return Outcome.Loop;
        }

        FlowHandle found = flows.Find(packet.Flow, packet.Place, now);
        ref readonly RealServer real = ref table.Real(found.Real);
        Outcome outcome;
        if (packet.Kind == PacketKind.Error)
        {
            outcome = Outcome.Forwarded;
            if (!found.IsFound || real.Address.IsNone)
            {
                outcome = _newFlows.FindForError(packet, found, table, now, out ushort number);
                real = ref table.Real(number);
            }
        }
        else if (found.IsFound && !real.Address.IsNone && !IsReused(packet, found, table.Policy))
        {
            FlowState next = FlowStates.Next(found.State, packet);
            flows.Touch(packet.Flow, found, next, now + FlowStates.Timeout(next, table.Timeouts));
            if (next != found.State && FlowStates.IsAssured(next))
            {
                _newFlows.Assure(packet, found.Real, table, now);
            }

            outcome = Outcome.Forwarded;
        }
        else
        {
            outcome = _newFlows.Begin(packet, found, table, now, out ushort number);
            real = ref table.Real(number);
        }

        if (outcome is Outcome.Forwarded or Outcome.ForwardedStateless)
        {
            outcome = Send(frame, packet, real, outcome);
        }

        if (outcome is Outcome.Forwarded or Outcome.ForwardedStateless)
        {
            exit = real.Exit; // an answer goes back the way the frame came
            return outcome;
        }

        return Reply(outcome, frame, packet, real.Mtu, table.Policy, now);
    }

    /// <summary>The last checks, and the rewriting that is LVS-DR: both MACs, one hop, nothing else.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Outcome Send(Span<byte> frame, in Packet packet, in RealServer real, Outcome outcome)
    {
        int size = packet.End - packet.NetworkAt;
        if (packet.Hops <= 1 || !real.IsResolved || (real.Mtu > 0 && size > real.Mtu))
        {
            return packet.Hops <= 1 ? Outcome.HopLimit : !real.IsResolved ? Outcome.NoNeighbour : Outcome.TooLarge;
        }

        PacketWriter.Redirect(frame, packet, real.SourceMac, real.Mac);
        statistics.CountPacket(real.Number, size);
        _sentTo = real.Number;
        return outcome;
    }

    private static bool IsServed(in Packet packet, ForwardingTable table)
    {
        ServiceKey service = packet.Flow.ToKey().Service;
        return table.IsServed(service.Address, service.Protocol);
    }

    /// <summary>A fresh SYN or INIT on a connection that is over means a new one.</summary>
    private static bool IsReused(in Packet packet, FlowHandle found, FlowPolicy policy) =>
        (packet.Control == TcpControl.Syn || packet.Chunk == SctpStates.Initiation)
        && FlowStates.IsOver(found.State, policy.ConnReuseMode);

    /// <summary>Turns a drop into an answer where the client should know and was not told too often.</summary>
    private Outcome Reply(
        Outcome drop, ReadOnlySpan<byte> frame, in Packet packet, int mtu, FlowPolicy policy, uint now)
    {
        (AnswerKind kind, Outcome answered) = drop switch
        {
            Outcome.NoConnection when packet.Kind == PacketKind.Segment => (AnswerKind.Reset, Outcome.AnsweredReset),
            Outcome.NoRealServer => (AnswerKind.PortUnreachable, Outcome.AnsweredUnreachable),
            Outcome.HopLimit => (AnswerKind.TimeExceeded, Outcome.AnsweredTimeExceeded),
            Outcome.TooLarge => (AnswerKind.TooBig, Outcome.AnsweredTooBig),
            _ => (default, drop),
        };
        if (answered == drop || !Answer.IsAllowed(kind, frame, packet)
            || !_answers.TryTake(policy.AnswersPerSecond, now))
        {
            return drop;
        }

        _answerLength = Answer.Write(kind, frame, packet, mtu, _answer);
        return _answerLength > 0 ? answered : drop;
    }
}
