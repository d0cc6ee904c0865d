using System;
using System.Runtime.CompilerServices;
using XdpLvs.Forwarder.Fragmentation;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder;

/// <summary>One queue of one interface, driven by one thread.</summary>
/// <remarks>
/// A struct port makes the JIT compile a copy of this loop per port, with no interface dispatch. A batch is read whole
/// before its first frame is decided, so that the flow table's memory arrives while other frames are read.
/// </remarks>
public sealed class ForwardLoop<TPort>(
    TPort port,
    TablePublisher tables,
    Router router,
    OutcomeCounters counters,
    ExitList? exits = null,
    TapPoint? taps = null)
    where TPort : struct, IFramePort
{
    private const int FramesPerBatchMax = 64;
    private const int BacklogMicroseconds = 50;
    private const int WaitMicrosecondsMin = 100, WaitMicrosecondsMax = 20_000;

    private readonly Frame[] _batch = new Frame[FramesPerBatchMax];
    private readonly PlainFrame[] _plain = new PlainFrame[FramesPerBatchMax];
    private readonly Packet[] _packets = new Packet[FramesPerBatchMax]; // of those that are not plain
    private readonly Outcome[] _outcomes = new Outcome[FramesPerBatchMax];
    private readonly ExitList _exits = exits ?? new ExitList();
    private readonly FragmentHold _hold = new(router.Fragments);
    private readonly TapPoint _taps = taps ?? new TapPoint();
    private TPort _port = port;
    private int _wait = WaitMicrosecondsMin;

    /// <summary>
    /// Microseconds after which the owner should come back although nothing has arrived; negative for never. A fragment
    /// waits for its first one, which another worker may have had in the meantime: soon at first, then less often. What
    /// the kernel did not take from the transmit ring is offered again after a moment; asked whether there is room, it
    /// says yes at once, however long it takes nothing.
    /// </summary>
    /// <remarks>Linux net/xdp/xsk.c, xsk_tx_writeable: half of the ring is free. No word of the driver's.</remarks>
    public int WaitMicroseconds => _port.HasBacklog ? BacklogMicroseconds : _hold.Count == 0 ? -1 : _wait;

    /// <summary>Moves at most one batch from the receive side to the transmit side.</summary>
    /// <param name="now">Ticks of <see cref="FlowClock"/>, read once by the caller.</param>
    /// <returns>Frames received, and fragments that waited no longer; zero tells the caller it may wait.</returns>
    public int RunOnce(uint now)
    {
        ForwardingTable table = tables.Current; // once per batch: a batch sees one consistent table
        int released = _hold.Count > 0 ? Release(table, now) : 0;
        Span<Frame> batch = _batch;
        int received = _port.Receive(batch);
        if (_taps.Current is { } tap)
        {
            ShowArrived(tap, batch[..received]);
        }

        Span<PlainFrame> plain = _plain;
        for (int i = 0; i < received; i++)
        {
            Span<byte> octets = _port.Bytes(batch[i]);
            if (!router.TryReadPlain(octets, table, ref plain[i]))
            {
                _outcomes[i] = router.Read(octets, table, out _packets[i]);
            }
        }

        Forward(received, table, now, mayHold: true);
        return received + released;
    }

    /// <summary>Decides what was read and sends it.</summary>
    private void Forward(int count, ForwardingTable table, uint now, bool mayHold)
    {
        Span<Frame> batch = _batch;
        Span<PlainFrame> plain = _plain;
        int kept = 0;
        bool left = false, mixed = false;
        long octets = 0;
        for (int i = 0; i < count; i++)
        {
            Frame frame = batch[i];
            Outcome outcome = Outcome.Forwarded;
            if (!router.TryForwardPlain(_port.Bytes(frame), plain[i], table, now, out int exit))
            {
                outcome = Decide(i, ref frame, table, now, out exit);
                mixed |= outcome != Outcome.Forwarded;
            }

            if (exit == 0 && outcome <= Outcome.AnsweredTooBig)
            {
                _outcomes[kept] = outcome; // compacts in place: kept never passes i
                batch[kept++] = frame;
                octets += frame.Length;
            }
            else
            {
                left |= exit > 0;
                LeaveOtherwise(frame, outcome, exit, mayHold ? i : -1, now);
            }
        }

        Transmit(batch[..kept], mixed, octets);
        if (left)
        {
            Flush();
        }
    }

    /// <summary>Decides a frame that is not plain, or not of a connection that is known and stays as it is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Outcome Decide(int index, ref Frame frame, ForwardingTable table, uint now, out int exit)
    {
        Span<byte> octets = _port.Bytes(frame);
        exit = 0;
        Outcome outcome = _plain[index].Size > 0
            ? router.Read(octets, table, out _packets[index])
            : _outcomes[index];
        if (outcome == Outcome.Forwarded)
        {
            outcome = router.Decide(octets, ref _packets[index], table, now, out exit);
        }

        if (outcome is >= Outcome.AnsweredReset and <= Outcome.AnsweredTooBig
            && !_port.TryReplace(ref frame, router.Answered))
        {
            outcome = Outcome.TransmitFull;
        }

        return outcome;
    }

    /// <summary>Has a frame leave by another way out, wait for its first fragment, or leave by a drop's door.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LeaveOtherwise(Frame frame, Outcome outcome, int exit, int holdable, uint now)
    {
        if (exit > 0 && outcome <= Outcome.AnsweredTooBig)
        {
            outcome = _exits.Current[exit - 1].TrySend(_port.Bytes(frame)) ? outcome : Outcome.TransmitFull;
            ShowExit(frame, outcome);
        }

        if (exit == Router.Awaits && holdable >= 0 && TryHold(frame, _packets[holdable], now))
        {
            return;
        }

        counters.Count(outcome, frame.Length);
        _port.Recycle(frame);
    }

    /// <summary>Sends the fragments whose first one has come, and gives up those that waited too long.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Release(ForwardingTable table, uint now)
    {
        if (!_hold.IsDue(now))
        {
            _wait = Math.Min(_wait * 2, WaitMicrosecondsMax);
            return 0;
        }

        int released = _hold.TakeReady(_batch, _packets, now);
        Array.Fill(_outcomes, Outcome.Forwarded, 0, released); // read when they came
        Array.Clear(_plain, 0, released);
        Forward(released, table, now, mayHold: false);
        return released;
    }

    /// <summary>Has a fragment wait for its first one. False: no room for it, so it must leave.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryHold(Frame frame, in Packet packet, uint now)
    {
        if (!_hold.Accepts(packet))
        {
            return false;
        }

        while (_hold.IsFull(frame.Length))
        {
            Frame oldest = _hold.TakeOldest();
            counters.Count(Outcome.Fragment, oldest.Length);
            _port.Recycle(oldest);
        }

        if (!_port.TryKeep(ref frame))
        {
            return false;
        }

        _hold.Add(frame, packet, now);
        _wait = WaitMicrosecondsMin;
        return true;
    }

    /// <summary>Sends frames and counts each by its door: all at once when they have the same.</summary>
    private void Transmit(Span<Frame> frames, bool mixed, long octets)
    {
        IFrameTap? tap = _taps.Current;
        if (tap is not null)
        {
            ShowLeaving(tap, frames); // their octets are ours no more once they are queued
        }

        int queued = _port.Transmit(frames);
        tap?.Left(queued);
        if (!mixed && queued == frames.Length)
        {
            counters.Count(Outcome.Forwarded, queued, octets);
            return;
        }

        for (int i = 0; i < frames.Length; i++)
        {
            counters.Count(i < queued ? _outcomes[i] : Outcome.TransmitFull, frames[i].Length);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ShowArrived(IFrameTap tap, ReadOnlySpan<Frame> frames)
    {
        tap.Begin();
        foreach (Frame frame in frames)
        {
            tap.Arrived(_port.Bytes(frame));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ShowLeaving(IFrameTap tap, ReadOnlySpan<Frame> frames)
    {
        foreach (Frame frame in frames)
        {
            tap.Leaving(_port.Bytes(frame));
        }
    }

    private void ShowExit(Frame frame, Outcome outcome)
    {
        if (_taps.Current is { } tap)
        {
            tap.Leaving(_port.Bytes(frame));
            tap.Left(outcome == Outcome.TransmitFull ? 0 : 1);
        }
    }

    private void Flush()
    {
        foreach (IFrameExit exit in _exits.Current)
        {
            exit.Flush();
        }
    }
}
