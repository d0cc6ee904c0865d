using System;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder;

/// <summary>One queue of one interface, driven by one thread.</summary>
/// <remarks>A struct port makes the JIT compile a copy of this loop per port, with no interface dispatch.</remarks>
public sealed class ForwardLoop<TPort>(TPort port, TablePublisher tables, Router router, OutcomeCounters counters)
    where TPort : struct, IFramePort
{
    private const int FramesPerBatchMax = 64;

    private readonly Frame[] _batch = new Frame[FramesPerBatchMax];
    private TPort _port = port;

    /// <summary>Whether frames wait in the transmit ring: come back without waiting for new ones.</summary>
    public bool HasBacklog => _port.HasBacklog;

    /// <summary>Moves at most one batch from the receive side to the transmit side.</summary>
    /// <param name="now">Ticks of <see cref="FlowClock"/>, read once by the caller.</param>
    /// <returns>Frames received; zero tells the caller it may wait.</returns>
    public int RunOnce(uint now)
    {
        Span<Frame> batch = _batch;
        int received = _port.Receive(batch);
        ForwardingTable table = tables.Current; // once per batch: a batch sees one consistent table

        int kept = 0;
        for (int i = 0; i < received; i++)
        {
            Frame frame = batch[i];
            Outcome outcome = router.Route(_port.Bytes(frame), table, now);
            if (outcome == Outcome.Forwarded)
            {
                batch[kept++] = frame; // compacts in place: kept never passes i
            }
            else
            {
                counters.Count(outcome, frame.Length);
                _port.Recycle(frame);
            }
        }

        int queued = _port.Transmit(batch[..kept]);
        for (int i = 0; i < kept; i++)
        {
            counters.Count(i < queued ? Outcome.Forwarded : Outcome.TransmitFull, batch[i].Length);
        }

        return received;
    }
}
