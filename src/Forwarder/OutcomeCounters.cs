using System;
using System.Threading;

namespace XdpLvs.Forwarder;

/// <summary>Frames and octets per outcome. Written by one thread, read by any.</summary>
public sealed class OutcomeCounters
{
    /// <summary>How many doors there are.</summary>
    public static readonly int Doors = Enum.GetValues<Outcome>().Length;

    private readonly long[] _frames = new long[Doors];
    private readonly long[] _octets = new long[Doors];

    /// <summary>Frames that left by this door.</summary>
    public long Frames(Outcome outcome) => Volatile.Read(ref _frames[(int)outcome]);

    /// <summary>Octets of those frames, Ethernet header included.</summary>
    public long Octets(Outcome outcome) => Volatile.Read(ref _octets[(int)outcome]);

    /// <summary>Counts frames that left by the same door together.</summary>
    internal void Count(Outcome outcome, int frames, long octets)
    {
        _frames[(int)outcome] += frames;
        _octets[(int)outcome] += octets;
    }

    internal void Count(Outcome outcome, int octets)
    {
        _frames[(int)outcome]++; // one writer: a plain 64-bit store cannot tear on a 64-bit target
        _octets[(int)outcome] += octets;
    }
}
