using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using XdpLvs.Director.Forwarding;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;
using XdpLvs.TestKit;

namespace XdpLvs.Fuzz;

/// <summary>
/// The forwarder's door: frames through the production loop, in worlds that change. Nothing may throw, nothing be
/// allocated, and every frame leaves by one door.
/// </summary>
internal sealed class FrameRun : IDisposable
{
    private const int FramesPerTurn = 64, FramesPerRound = 64 * FramesPerTurn, FlowsMax = 65_536;
    private const int RoundsToWarmUp = 10; // every world twice: first calls allocate what they keep
    private const int RoundsToNarrow = 9, RoomWhenNarrow = 3; // at times the wire takes less than comes
    private const uint TicksBetweenRounds = 700; // longer than the pressure of too many new flows lasts
    private const long FramesForEveryDoor = 1_000_000;

    private readonly int _seed;
    private readonly TextWriter _output;
    private readonly Octets _octets;
    private readonly Frames _frames;
    private readonly MemoryWire _wire = new(repeats: true, chunks: 1024);
    private readonly FlowTables _flows;
    private readonly FlowSweeper _sweeper;
    private readonly ForwardingTable[] _worlds = Worlds.All();
    private readonly TablePublisher _tables;
    private readonly OutcomeCounters _counters = new();
    private readonly ForwardLoop<MemoryPort> _loop;
    private uint _now = 1;
    private long _rounds, _ticksInLoop, _allocated, _frameCount;

    internal FrameRun(int seed, TextWriter output)
    {
        _seed = seed;
        _output = output;
        _octets = new Octets(new Random(seed));
        _frames = new Frames(seed);
        _flows = new FlowTables(FlowsMax, FlowsMax / 4, new Random(seed));
        _sweeper = new FlowSweeper(_flows);
        _tables = new TablePublisher(_worlds[0]);
        _loop = new ForwardLoop<MemoryPort>(
            new MemoryPort(_wire), _tables, new Router(_flows, new Statistics()), _counters);
    }

    /// <summary>Runs. Returns whether nothing was found.</summary>
    internal bool Run(Amount amount)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (_frameCount < amount.Frames && !(TimeProvider.System.GetElapsedTime(began) > amount.Time))
        {
            List<byte[]> round = [.. Enumerable.Range(0, FramesPerRound).Select(_ => _frames.Next(_octets))];
            if (!TryFeed(round))
            {
                return false;
            }
        }

        return Finish(TimeProvider.System.GetElapsedTime(began));
    }

    /// <summary>Feeds frames that were kept, once to each world.</summary>
    internal bool Repeat(byte[] kept)
    {
        List<byte[]> frames = Unpack(kept);
        for (int i = 0; i < _worlds.Length; i++)
        {
            Feed(frames);
        }

        _output.WriteLine($"frames: {frames.Count}, nothing found");
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _flows.Dispose();

    private bool TryFeed(List<byte[]> round)
    {
        try
        {
            Feed(round);
            return true;
        }
        catch (Exception finding)
        {
            byte[]? alone = round.Find(IsEnough);
            Findings.Report(_output, "frames", _seed, Pack(alone is null ? round : [alone]), finding);
            return false;
        }
    }

    /// <summary>Whether a frame alone breaks the rule too, in a fresh world.</summary>
    private bool IsEnough(byte[] frame)
    {
        using var fresh = new FrameRun(_seed, TextWriter.Null);
        try
        {
            return !fresh.Repeat(Pack([frame]));
        }
        catch (Exception)
        {
            return true;
        }
    }

    private void Feed(List<byte[]> frames)
    {
        _now += TicksBetweenRounds;
        _tables.Publish(_worlds[_rounds % _worlds.Length]);
        _wire.RoomToKeep = _rounds % RoundsToNarrow == 1 ? RoomWhenNarrow : int.MaxValue;
        _wire.Room = _rounds % RoundsToNarrow == 0 ? RoomWhenNarrow : int.MaxValue;
        _wire.Arriving.Clear();
        _wire.Arriving.AddRange(frames);
        int collections = GC.CollectionCount(0);
        long began = TimeProvider.System.GetTimestamp(), before = GC.GetAllocatedBytesForCurrentThread();
        for (int turns = (frames.Count + FramesPerTurn - 1) / FramesPerTurn; turns > 0; turns--)
        {
            _loop.RunOnce(_now++);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _ticksInLoop += TimeProvider.System.GetTimestamp() - began;
        _sweeper.Sweep(_worlds, _now);
        _frameCount += frames.Count;
        _rounds++;
        bool isTold = collections == GC.CollectionCount(0); // a collection counts as an allocation of this thread
        if (_rounds > RoundsToWarmUp && isTold && allocated > 0)
        {
            _allocated += allocated;
            throw new BrokenRuleException($"the loop allocated {allocated} octets");
        }
    }

    private bool Finish(TimeSpan elapsed)
    {
        _wire.Arriving.Clear();
        for (int i = 0; i < 16; i++)
        {
            _loop.RunOnce(_now += FlowClock.Ticks(60)); // nobody waits for a first fragment any more
        }

        long left = Enum.GetValues<Outcome>().Sum(_counters.Frames);
        double inLoop = _ticksInLoop / (double)TimeProvider.System.TimestampFrequency;
        _output.WriteLine(Text($"frames     {_frameCount,12:n0} inputs in {elapsed.TotalSeconds:0.0} s"));
        _output.WriteLine(Text($"  {"frames per second, in the loop alone",-44} {_frameCount / inLoop,12:n0}"));
        _output.WriteLine(Text($"  {"octets allocated",-44} {_allocated,12:n0}"));
        foreach (Outcome door in Enum.GetValues<Outcome>())
        {
            _output.WriteLine(Text($"  {ForwarderInterface.Name(door),-44} {_counters.Frames(door),12:n0}"));
        }

        Outcome[] unseen = [.. Enum.GetValues<Outcome>().Where(door => _counters.Frames(door) == 0)];
        if (left != _frameCount || _wire.Owned > 0)
        {
            _output.WriteLine($"frames: {_frameCount} came, {left} left, {_wire.Owned} are still there");
            return false;
        }

        if (unseen.Length > 0 && _frameCount >= FramesForEveryDoor)
        {
            _output.WriteLine($"frames: no frame left by {string.Join(", ", unseen)}");
            return false;
        }

        return true;
    }

    /// <summary>Frames as lines of hexadecimal digits: a file for people, too.</summary>
    private static byte[] Pack(IEnumerable<byte[]> frames) =>
        System.Text.Encoding.ASCII.GetBytes(string.Concat(frames.Select(frame => Convert.ToHexString(frame) + "\n")));

    private static List<byte[]> Unpack(byte[] kept) =>
    [
        .. System.Text.Encoding.ASCII.GetString(kept).Split('\n')[..^1].Select(Convert.FromHexString),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
