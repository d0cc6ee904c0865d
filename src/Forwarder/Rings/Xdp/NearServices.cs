using System;
using System.Collections.Generic;
using System.Threading;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Forwarder.Rings.Xdp;

/// <summary>
/// Most keys of the steering program's map of services once more, each in the one place that its hash gives, in memory
/// that the program reads without a call. A key whose place is taken is found in the map only.
/// </summary>
/// <remarks>
/// A call that finds a key in the map executes 150 instructions, this twenty. Written by the owner of the program while
/// it runs: the word that makes an entry valid is written last and cleared first. An entry is a <see
/// cref="SteeringKey"/> in 24 of 32 octets.
/// </remarks>
internal sealed class NearServices : IDisposable
{
    /// <summary>log2 of the octets of an entry; and what is left of a product are the bits of an entry's number.
    /// </summary>
    internal const int EntryShift = 5, Shift = 64 - Bits;

    /// <summary>Of the hash: (high ^ low) + port, protocol and kind, times this; its highest bits count.</summary>
    internal const ulong Multiplier = 0x9E3779B97F4A7C15;

    private const int Bits = 10, WordsPerEntry = 4, ValidAt = 2;

    private readonly NativeWords<ulong> _words;

    internal NearServices()
    {
        Map = BpfMap.Shared(1 << (Bits + EntryShift), "xdplvs_near");
        _words = Map.View<ulong>();
    }

    /// <summary>For the program. Owned by this object.</summary>
    internal BpfMap Map { get; }

    /// <summary>From now on none but these is found here.</summary>
    internal void Keep(HashSet<SteeringKey> wanted)
    {
        for (int at = 0; at < _words.Count; at += WordsPerEntry)
        {
            var held = new SteeringKey(_words[at], _words[at + 1], (uint)_words[at + ValidAt]);
            if (held != default && !wanted.Contains(held))
            {
                Volatile.Write(ref _words[at + ValidAt], 0);
            }
        }
    }

    /// <summary>A key of the map is found here too, if its place is free.</summary>
    internal void Add(SteeringKey key)
    {
        int at = PlaceOf(key);
        if (_words[at + ValidAt] != 0)
        {
            return;
        }

        Volatile.Write(ref _words[at], key.AddressHigh);
        Volatile.Write(ref _words[at + 1], key.AddressLow);
        Volatile.Write(ref _words[at + ValidAt], key.PortProtocolKind);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _words.Dispose();
        Map.Dispose();
    }

    private static int PlaceOf(SteeringKey key)
    {
        ulong sum = unchecked((key.AddressHigh ^ key.AddressLow) + key.PortProtocolKind);
        return (int)(unchecked(sum * Multiplier) >> Shift) * WordsPerEntry;
    }
}
