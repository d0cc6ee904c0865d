using System;
using System.Collections.Generic;
using SharpPcap;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Forwarder.Wire;

namespace XdpLvs.Director.Tools.Replay;

/// <summary>A frame that has left the loop.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Outcome">The door.</param>
/// <param name="Target">Destination MAC of what was sent; zero when nothing was.</param>
internal readonly record struct ReplayedFrame(long Number, Outcome Outcome, MacAddress Target);

/// <summary>The production loop on frames out of a file. Its clock is the time stamps'.</summary>
internal sealed class ReplayRun : IDisposable
{
    private const int FlowsMin = 64, FlowsPerFrame = 2; // a frame begins a connection and a client's template at most
    private const int Seed = 1; // hashes are the same in every run
    private const uint SecondsWaitedMax = 60; // longer than any fragment waits for its first

    private readonly FlowTables _flows;
    private readonly FlowSweeper _sweeper;
    private readonly ForwardingTable[] _tables;
    private readonly ReplayWire _wire;
    private readonly ForwardLoop<ReplayPort> _loop;
    private readonly CaptureWriter? _output;
    private readonly Dictionary<int, long> _numbers = [];
    private readonly long[] _counted = new long[OutcomeCounters.Doors];
    private readonly Queue<Outcome> _sentBy = new(), _droppedBy = new();
    private readonly List<ReplayedFrame> _ended = [];
    private PosixTimeval _time = new(0, 0);
    private decimal? _began;
    private uint _now = 1, _swept = 1;

    /// <summary>Makes the loop.</summary>
    /// <param name="services">Services and sizes.</param>
    /// <param name="own">The director's MAC address.</param>
    /// <param name="frames">How many will come: no more memory is taken than they need.</param>
    /// <param name="output">Takes what is sent; the caller owns it.</param>
    internal ReplayRun(ReplayTable services, MacAddress own, long frames, CaptureWriter? output)
    {
        int flows = (int)Math.Clamp(frames * FlowsPerFrame, FlowsMin, services.Settings.FlowTableSize);
        int flowsV6 = (int)Math.Clamp(frames * FlowsPerFrame, FlowsMin, services.Settings.FlowTableSizeIpv6);
        _output = output;
        _flows = new FlowTables(flows, flowsV6, new Random(Seed), services.Settings.FragmentTableSize);
        _sweeper = new FlowSweeper(_flows);
        services.LimitConnections(_flows.Counts);
        _tables = [services.Build(own)];
        _wire = new ReplayWire(Write);
        _loop = new ForwardLoop<ReplayPort>(
            new ReplayPort(_wire), new TablePublisher(_tables[0]), new Router(_flows, new Statistics()), Counters);
    }

    /// <summary>Frames per door.</summary>
    internal OutcomeCounters Counters { get; } = new();

    /// <summary>Frames so far.</summary>
    internal long Frames { get; private set; }

    /// <summary>Seconds between the first frame and the last.</summary>
    internal decimal Seconds { get; private set; }

    /// <summary>Lets a frame arrive, and takes the loop's turns until nothing more happens.</summary>
    /// <param name="frame">What was captured of it.</param>
    /// <param name="time">When; a clock that went back stands still here.</param>
    /// <returns>What left the loop meanwhile; valid until the next call.</returns>
    internal IReadOnlyList<ReplayedFrame> Take(ReadOnlySpan<byte> frame, PosixTimeval time)
    {
        Frames++;
        SetClock(time);
        _ended.Clear();
        TakeTurn(); // first what was only a matter of time
        _numbers[_wire.Offer(frame)] = Frames;
        while (TakeTurn() > 0)
        {
            // a frame may release others that waited for it
        }

        return _ended;
    }

    /// <summary>Lets so much time pass that no frame waits any more.</summary>
    /// <returns>What left the loop.</returns>
    internal IReadOnlyList<ReplayedFrame> Finish()
    {
        _ended.Clear();
        _now += FlowClock.Ticks(SecondsWaitedMax);
        while (TakeTurn() > 0)
        {
            // until nothing is left
        }

        return _ended;
    }

    /// <inheritdoc/>
    public void Dispose() => _flows.Dispose();

    private int TakeTurn()
    {
        _wire.ClearEnded();
        int moved = _loop.RunOnce(_now);
        ReadDoors();
        foreach (EndedFrame ended in _wire.Ended)
        {
            Outcome door = (ended.IsSent ? _sentBy : _droppedBy).Dequeue(); // as many doors as frames
            _ended.Add(new ReplayedFrame(_numbers[ended.Slot], door, ended.Target));
        }

        return moved;
    }

    private void Write(ReadOnlySpan<byte> frame) => _output?.Write(frame, _time);

    private void SetClock(PosixTimeval time)
    {
        _time = time;
        _began ??= time.Value;
        Seconds = time.Value - _began.Value;
        decimal ticks = decimal.Clamp(Seconds * FlowClock.TicksPerSecond, 0, uint.MaxValue / 2);
        _now = Math.Max(_now, (uint)ticks + 1);
        for (; _swept + FlowClock.TicksPerSecond <= _now && _flows.Counts.Total > 0; _swept += FlowClock.TicksPerSecond)
        {
            _sweeper.Sweep(_tables, _swept + FlowClock.TicksPerSecond); // once a second, as the daemon does
        }

        _swept = _flows.Counts.Total > 0 ? _swept : _now;
    }

    /// <summary>Which doors were used in this turn: as many as frames were given up.</summary>
    private void ReadDoors()
    {
        _sentBy.Clear();
        _droppedBy.Clear();
        foreach (Outcome door in Enum.GetValues<Outcome>())
        {
            long now = Counters.Frames(door);
            for (; _counted[(int)door] < now; _counted[(int)door]++)
            {
                (door <= Outcome.AnsweredTooBig ? _sentBy : _droppedBy).Enqueue(door);
            }
        }
    }
}
