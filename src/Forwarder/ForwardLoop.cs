using System;
using System.Runtime.CompilerServices;
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
    TPort port, TablePublisher tables, Router router, OutcomeCounters counters, ExitList? exits = null)
    where TPort : struct, IFramePort
{
    private const int FramesPerBatchMax = 64;

    private readonly Frame[] _batch = new Frame[FramesPerBatchMax];
    private readonly Packet[] _packets = new Packet[FramesPerBatchMax];
    private readonly Outcome[] _outcomes = new Outcome[FramesPerBatchMax];
    private readonly ExitList _exits = exits ?? new ExitList();
    private TPort _port = port;

    /// <summary>Whether frames wait in the transmit ring: come back without waiting for new ones.</summary>
    public bool HasBacklog => _port.HasBacklog;

    /// <summary>Moves at most one batch from the receive side to the transmit side.</summary>
    /// <param name="now">Ticks of <see cref="FlowClock"/>, read once by the caller.</param>
    /// <returns>Frames received; zero tells the caller it may wait.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int RunOnce(uint now)
    {
        Span<Frame> batch = _batch;
        int received = _port.Receive(batch);
        ForwardingTable table = tables.Current; // once per batch: a batch sees one consistent table
        for (int i = 0; i < received; i++)
        {
            _outcomes[i] = router.Read(_port.Bytes(batch[i]), table, out _packets[i]);
        }

        int kept = 0;
        bool left = false;
        for (int i = 0; i < received; i++)
        {
            Frame frame = batch[i];
            int exit = 0;
            Outcome outcome = _outcomes[i] == Outcome.Forwarded
                ? router.Decide(_port.Bytes(frame), ref _packets[i], table, now, out exit)
                : _outcomes[i];
            if (outcome is >= Outcome.AnsweredReset and <= Outcome.AnsweredTooBig
                && !_port.TryReplace(ref frame, router.Answered))
            {
                outcome = Outcome.TransmitFull;
            }

            if (outcome <= Outcome.AnsweredTooBig && exit == 0)
            {
                _outcomes[kept] = outcome; // compacts in place: kept never passes i
                batch[kept++] = frame;
                continue;
            }

            if (exit > 0 && outcome <= Outcome.AnsweredTooBig)
            {
                left = true;
                outcome = _exits.Current[exit - 1].TrySend(_port.Bytes(frame)) ? outcome : Outcome.TransmitFull;
            }

            counters.Count(outcome, frame.Length);
            _port.Recycle(frame);
        }

        Transmit(batch[..kept]);
        if (left)
        {
            Flush();
        }

        return received;
    }

    private void Transmit(Span<Frame> frames)
    {
        int queued = _port.Transmit(frames);
        for (int i = 0; i < frames.Length; i++)
        {
            counters.Count(i < queued ? _outcomes[i] : Outcome.TransmitFull, frames[i].Length);
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
