using System;
using XdpLvs.Forwarder.Packets;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Fragmentation;

/// <summary>Later fragments that came before their first one, in the order in which they came.</summary>
/// <remarks>
/// Owned by one worker, like the port whose frames it keeps. Bounded in frames, octets, seconds, and in frames of one
/// source. Who is full gives up the oldest: fragments that arrive on two queues are a moment apart.
/// </remarks>
public sealed class FragmentHold
{
    /// <summary>Frames, and octets in them, that wait at most.</summary>
    public const int FramesMax = 256, OctetsMax = 512 << 10;

    /// <summary>Frames of one source, or of several that share a count: a packet of 65,535 octets has 45.</summary>
    public const int FramesPerSourceMax = 64;

    /// <summary>Ticks for which a frame waits.</summary>
    public static readonly uint Ticks = FlowClock.Ticks(5);

    private const int Sources = 1024;

    private readonly FragmentTable _table;
    private readonly Frame[] _frames = new Frame[FramesMax];
    private readonly Packet[] _packets = new Packet[FramesMax];
    private readonly uint[] _deadlines = new uint[FramesMax];
    private readonly int[] _perSource = new int[Sources];
    private int _octets;
    private long _lookedAt;

    /// <summary>Nothing waits yet.</summary>
    /// <param name="table">Where first fragments are remembered.</param>
    public FragmentHold(FragmentTable table) => _table = table;

    /// <summary>Frames that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Whether a frame of that packet's source may wait too.</summary>
    public bool Accepts(in Packet packet) => _perSource[SourceOf(packet)] < FramesPerSourceMax;

    /// <summary>Whether the oldest must go before another frame has room.</summary>
    public bool IsFull(int octets) => Count > 0 && (Count == FramesMax || _octets + octets > OctetsMax);

    /// <summary>Whether <see cref="TakeReady"/> has anything to look for.</summary>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    public bool IsDue(uint now) => Count > 0 && (_table.Generation != _lookedAt || _deadlines[0] <= now);

    /// <summary>Has a frame wait. The caller saw that it is accepted and that there is room.</summary>
    public void Add(Frame frame, in Packet packet, uint now)
    {
        _frames[Count] = frame;
        _packets[Count] = packet;
        _deadlines[Count] = now + Ticks;
        _perSource[SourceOf(packet)]++;
        _octets += frame.Length;
        Count++;
    }

    /// <summary>Takes the oldest out.</summary>
    public Frame TakeOldest()
    {
        Frame oldest = _frames[0];
        Forget(0);
        Compact(0, 1);
        return oldest;
    }

    /// <summary>Takes out those whose first fragment has come, and those whose time is over.</summary>
    /// <param name="frames">Where to; what does not fit stays for the next time.</param>
    /// <param name="packets">What was read of them; as long as <paramref name="frames"/>.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <returns>How many were taken.</returns>
    public int TakeReady(Span<Frame> frames, Span<Packet> packets, uint now)
    {
        long generation = _table.Generation; // before the first look: what comes during it is looked for again
        int taken = 0, kept = 0, seen = 0;
        while (seen < Count && taken < frames.Length)
        {
            bool isReady = _deadlines[seen] <= now || _table.TryFind(_packets[seen].Fragment, now, out _);
            if (isReady)
            {
                (frames[taken], packets[taken]) = (_frames[seen], _packets[seen]);
                taken++;
                Forget(seen);
            }
            else
            {
                (_frames[kept], _packets[kept], _deadlines[kept]) = (_frames[seen], _packets[seen], _deadlines[seen]);
                kept++;
            }

            seen++;
        }

        _lookedAt = seen == Count ? generation : _lookedAt;
        Compact(kept, seen);
        return taken;
    }

    private void Forget(int index)
    {
        _perSource[SourceOf(_packets[index])]--;
        _octets -= _frames[index].Length;
    }

    /// <summary>Moves what stands from <paramref name="from"/> on to <paramref name="to"/>.</summary>
    private void Compact(int to, int from)
    {
        Array.Copy(_frames, from, _frames, to, Count - from);
        Array.Copy(_packets, from, _packets, to, Count - from);
        Array.Copy(_deadlines, from, _deadlines, to, Count - from);
        Count -= from - to;
    }

    private int SourceOf(in Packet packet) =>
        (int)(FragmentTable.HashOf(packet.Source, _table.HashKey) % Sources);
}
