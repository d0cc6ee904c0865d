using System;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Forwarder.Rings.Packet;
using XdpLvs.Lab;
using XdpLvs.Linux.Netlink;
using XdpLvs.Linux.Process;

namespace XdpLvs.Perf;

/// <summary>What to send.</summary>
/// <param name="Frames">To whom.</param>
/// <param name="Flows">Their number; taken in turns.</param>
/// <param name="PerSecond">Frames a second; 0: as fast as it goes.</param>
/// <param name="Count">So many frames and no more.</param>
/// <param name="Length">For so long and no longer.</param>
internal sealed record LoadOrder(LoadFrames Frames, uint Flows, double PerSecond, int Count, TimeSpan Length)
{
    /// <summary>Ends as soon as a frame has arrived.</summary>
    internal bool EndsWithFirst { get; init; }
}

/// <summary>
/// All clients and the real servers: the far end of the director's cable. Sends at a pace and sees what comes back,
/// both by one clock: a frame carries the moment of its sending, the kernel stamps its arrival.
/// </summary>
/// <remarks>
/// The sending thread is pinned and never sleeps during a run. What was due while something else ran in its place is
/// skipped beyond a tenth of a millisecond's worth, and counted, so that its own lateness does not become a burst.
/// </remarks>
internal sealed class LoadStation : IDisposable
{
    /// <summary>Where the sending thread runs; the daemon runs elsewhere.</summary>
    internal const int Processor = 0;

    private const int Batch = 32, SinkSlots = 1 << 16, SenderSlots = 1024;
    private const double LateSecondsMax = 0.0001;
    private const long QuietNanoseconds = 200_000_000, NanosecondsPerSecond = 1_000_000_000;

    private readonly TransmitRing _sender;
    private readonly ArrivalRing _sink;
    private readonly LoadTally _tally;
    private readonly byte[] _seen = new byte[LoadFrames.Length];
    private uint _run;

    /// <summary>Opens the ends of the cable.</summary>
    /// <param name="here">The sender's host.</param>
    /// <param name="link">Its card.</param>
    /// <param name="sink">Where frames arrive; the sender's host if they come back.</param>
    /// <param name="sinkLink">Its card.</param>
    /// <param name="tally">May be shared by stations that take turns.</param>
    internal LoadStation(LabHost here, string link, LabHost sink, string sinkLink, LoadTally tally)
    {
        _tally = tally;
        _sink = Inside(sink, sinkLink, index => new ArrivalRing(index, sinkLink, SinkSlots));
        try
        {
            _sender = Inside(here, link, index => new TransmitRing(index, link, LoadFrames.Length, SenderSlots));
        }
        catch
        {
            _sink.Dispose();
            throw;
        }
    }

    /// <summary>Nanoseconds since 1970: the clock of the stamps.</summary>
    internal static long Now => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>Runs on a thread of its own.</summary>
    internal Task<LoadResult> RunAsync(LoadOrder order, CancellationToken stop)
    {
        var done = new TaskCompletionSource<LoadResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Affinity.PinCurrentThread(Processor);
                done.SetResult(Run(order, stop));
            }
            catch (Exception failure)
            {
                done.SetException(failure); // thrown on where the result is awaited
            }
        })
        {
            IsBackground = true,
            Name = "load",
        };
        thread.Start();
        return done.Task;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _sink.Dispose();
    }

    /// <summary>Opens something in a host's namespace, by the number that a card of it has.</summary>
    internal static T Inside<T>(LabHost host, string link, Func<int, T> open)
    {
        using NetworkNamespace inside = NetworkNamespace.Open(host.Namespace);
        return inside.Run(() =>
        {
            using NetlinkSocket netlink = NetlinkSocket.OpenRoute();
            return open(new Links(netlink).Get(link)!.Value.Index);
        });
    }

    private LoadResult Run(LoadOrder order, CancellationToken stop)
    {
        while (_sink.TryTake(_seen, out _, out _))
        {
            // what arrived since the last run
        }

        _ = _sink.TakeDrops();
        _tally.Clear();
        _run++;
        long began = Now, end = began + ((long)order.Length.TotalMicroseconds * 1000), now = began, skipped = 0;
        int sent = 0, framesMax = Math.Min(order.Count, _tally.FramesMax);
        bool backlog = false;
        while (now < end && sent < framesMax && !(order.EndsWithFirst && _tally.Count > 0)
            && !stop.IsCancellationRequested)
        {
            long due = sent + Batch;
            if (order.PerSecond > 0)
            {
                double perNanosecond = order.PerSecond / NanosecondsPerSecond;
                due = (long)((now - began) * perNanosecond) - skipped;
                long late = due - sent - 1 - (long)(LateSecondsMax * order.PerSecond);
                skipped += Math.Max(0, late);
                due -= Math.Max(0, late);
            }

            int pushed = Push(order, sent, (int)Math.Min(Math.Min(due, framesMax) - sent, Batch));
            sent += pushed;
            backlog = (pushed > 0 || backlog) && !_sender.Kick();
            Collect();
            now = Now;
        }

        double seconds = (now - began) / (double)NanosecondsPerSecond;
        long inTime = _tally.Count;
        Settle(sent, backlog);
        return _tally.Finish(sent, inTime, _sink.TakeDrops(), skipped, seconds);
    }

    /// <summary>Waits for what is still under way.</summary>
    private void Settle(int sent, bool backlog)
    {
        int before = _tally.Count;
        for (long quiet = Now; _tally.Count < sent && Now - quiet < QuietNanoseconds;)
        {
            backlog = backlog && !_sender.Kick();
            Collect();
            if (_tally.Count > before)
            {
                (before, quiet) = (_tally.Count, Now);
            }
        }
    }

    private int Push(LoadOrder order, int sent, int count)
    {
        Span<byte> frame = stackalloc byte[LoadFrames.Length];
        int pushed = 0;
        while (pushed < count)
        {
            uint number = (uint)(sent + pushed);
            order.Frames.Write(frame, number % order.Flows, _run, number, Now);
            if (!_sender.TryPush(frame))
            {
                break;
            }

            pushed++;
        }

        return pushed;
    }

    private void Collect()
    {
        for (int i = 0; i < 2 * Batch && _sink.TryTake(_seen, out int length, out long arrived); i++)
        {
            if (LoadFrames.TryRead(_seen.AsSpan(0, length), _run, out uint number, out long sentAt))
            {
                _tally.Add(number, sentAt, arrived);
            }
        }
    }
}
