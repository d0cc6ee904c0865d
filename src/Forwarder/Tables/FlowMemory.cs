using System;
using XdpLvs.Linux;

namespace XdpLvs.Forwarder.Tables;

/// <summary>
/// Keys of the hashes, kept with the memory that they place flows in: whoever has one needs the other.
/// </summary>
/// <param name="V4A">First key of the IPv4 table.</param>
/// <param name="V4B">Its second key, odd.</param>
/// <param name="V6A">First key of the IPv6 table.</param>
/// <param name="V6B">Its second key, odd.</param>
/// <param name="Choices">Key of the choices that are made by hash alone.</param>
public readonly record struct FlowSeeds(ulong V4A, ulong V4B, ulong V6A, ulong V6B, ulong Choices)
{
    /// <summary>New ones, so that no client can aim at a bucket.</summary>
    public static FlowSeeds Draw(Random random)
    {
        ulong Next() => ((ulong)random.NextInt64() << 1) ^ (ulong)random.NextInt64();
        return new FlowSeeds(Next(), Next() | 1, Next(), Next() | 1, Next());
    }
}

/// <summary>
/// The memory in which flows are remembered: this process's own, or shared with a BPF program. All of it is taken at
/// once; pages of one's own are committed when first used.
/// </summary>
/// <remarks>
/// IPv4: a slot is 16 octets, four to a cache line, its deadline 4 octets apart. IPv6: a slot is 64 octets, its
/// deadline in it. Slots are a power of two, at least twice as many as flows.
/// </remarks>
public sealed class FlowMemory : IDisposable
{
    private const int SlotsMin = 64;

    /// <summary>Memory that somebody mapped; it belongs to this object from now on.</summary>
    /// <param name="wordsV4">Two words for each slot.</param>
    /// <param name="deadlinesV4">One for each slot.</param>
    /// <param name="wordsV6">Eight words for each slot.</param>
    /// <param name="seeds">With which its flows were placed.</param>
    internal FlowMemory(
        NativeWords<ulong> wordsV4, NativeWords<uint> deadlinesV4, NativeWords<ulong> wordsV6, FlowSeeds seeds)
    {
        WordsV4 = wordsV4;
        DeadlinesV4 = deadlinesV4;
        WordsV6 = wordsV6;
        Seeds = seeds;
    }

    /// <summary>Keys of the hashes.</summary>
    public FlowSeeds Seeds { get; }

    internal NativeWords<ulong> WordsV4 { get; }

    internal NativeWords<uint> DeadlinesV4 { get; }

    internal NativeWords<ulong> WordsV6 { get; }

    /// <summary>This process's own memory.</summary>
    /// <param name="flows">IPv4 flows expected at once, 32 to 2^27.</param>
    /// <param name="flowsV6">IPv6 flows, 32 to 2^25.</param>
    /// <param name="seeds">Keys of the hashes.</param>
    public static FlowMemory Own(int flows, int flowsV6, FlowSeeds seeds) => new(
        new NativeWords<ulong>(SlotsFor(flows) * SlotsV4.Words, "flow table"),
        new NativeWords<uint>(SlotsFor(flows), "flow deadlines"),
        new NativeWords<ulong>(SlotsFor(flowsV6) * SlotsV6.Words, "IPv6 flow table"),
        seeds);

    /// <summary>Slots for that many flows.</summary>
    public static int SlotsFor(int flows)
    {
        int slots = SlotsMin;
        while (slots < 2L * flows)
        {
            slots *= 2;
        }

        return slots;
    }

    /// <summary>Gives the memory back. Nobody may use it any more.</summary>
    public void Dispose()
    {
        WordsV4.Dispose();
        DeadlinesV4.Dispose();
        WordsV6.Dispose();
    }
}
