using System;
using System.Threading;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Forwarder.Offload;

/// <summary>
/// The flows of a director in memory that XDP programs read as well, and the beat by which these know that it lives.
/// </summary>
/// <remarks>
/// Written by user space: flows by the forwarder threads, the beat by one thread. The programs move deadlines on.
/// </remarks>
public sealed class OffloadMemory : IDisposable
{
    /// <summary>Octets that the verifier lets a program reach by a number that only the frame knows: BPF_MAX_VAR_OFF.
    /// </summary>
    private const long OctetsMax = 1 << 29;

    private const string NameV4 = "xdplvs_flow4", NameDeadlines = "xdplvs_until4", NameV6 = "xdplvs_flow6";
    private const string NameMeta = "xdplvs_meta";
    private const int NumberingAt = 6, NumberingWords = 4; // words of the meta map: version, seeds, numbering

    private readonly BpfMap _wordsV4, _deadlinesV4, _wordsV6, _meta, _beat;
    private readonly NativeWords<ulong> _beatWords;
    private readonly KernelTicks _ticks;

    private OffloadMemory(BpfMap wordsV4, BpfMap deadlinesV4, BpfMap wordsV6, BpfMap meta, FlowSeeds seeds)
    {
        Seeds = seeds;
        SlotsV4 = wordsV4.ValueSize / SlotsV4Size;
        SlotsV6 = wordsV6.ValueSize / SlotsV6Size;
        _wordsV4 = wordsV4;
        _deadlinesV4 = deadlinesV4;
        _wordsV6 = wordsV6;
        _meta = meta;
        _beat = BpfMap.Shared(OffloadLayout.BeatSize, "xdplvs_beat");
        _beatWords = _beat.View<ulong>();
        _ticks = new KernelTicks();
    }

    private static int SlotsV4Size => Tables.SlotsV4.Words * sizeof(ulong);

    private static int SlotsV6Size => Tables.SlotsV6.Words * sizeof(ulong);

    internal FlowSeeds Seeds { get; }

    internal int SlotsV4 { get; }

    internal int SlotsV6 { get; }

    /// <summary>Takes the memory, all of it at once.</summary>
    /// <param name="flows">IPv4 flows expected at once.</param>
    /// <param name="flowsV6">IPv6 flows.</param>
    /// <param name="seeds">Keys of the hashes.</param>
    /// <exception cref="LinuxException">The kernel gives none, or a program could not reach all of it.</exception>
    public static OffloadMemory Create(int flows, int flowsV6, FlowSeeds seeds)
    {
        long octets = Math.Max(
            (long)FlowMemory.SlotsFor(flows) * SlotsV4Size, (long)FlowMemory.SlotsFor(flowsV6) * SlotsV6Size);
        if (octets >= OctetsMax)
        {
            throw new LinuxException("bpf", "flow table", Errno.E2BIG,
                $"a table of {octets >> 20} MiB is too large for an XDP program, which reaches 511; lower "
                + "flow_table_size or flow_table_size_ipv6, or set offload off");
        }

        int slotsV4 = FlowMemory.SlotsFor(flows), slotsV6 = FlowMemory.SlotsFor(flowsV6);
        return new OffloadMemory(
            BpfMap.Shared(slotsV4 * SlotsV4Size, NameV4),
            BpfMap.Shared(slotsV4 * sizeof(uint), NameDeadlines),
            BpfMap.Shared(slotsV6 * SlotsV6Size, NameV6),
            BpfMap.Shared(OffloadLayout.MetaSize, NameMeta),
            seeds);
    }

    /// <summary>Takes the memory of a director that was here before and is dead.</summary>
    /// <param name="folder">Where it gave its memory names.</param>
    /// <param name="flows">IPv4 flows expected at once, as then.</param>
    /// <param name="flowsV6">IPv6 flows, as then.</param>
    /// <param name="numbering">Of which real server each number is; 32 octets, see <see cref="Pin"/>.</param>
    /// <param name="refusal">Why not, when there was something to take; else null.</param>
    public static OffloadMemory? TryAdopt(
        string folder, int flows, int flowsV6, ReadOnlySpan<byte> numbering, out string? refusal)
    {
        refusal = null;
        using BpfMap? meta = BpfMap.TryOpenShared($"{folder}/{NameMeta}", OffloadLayout.MetaSize, NameMeta);
        if (meta is null)
        {
            return null;
        }

        using NativeWords<ulong> words = meta.View<ulong>();
        if (words[0] != OffloadLayout.Version)
        {
            refusal = $"they are of version {words[0]} of the flow table, this is {OffloadLayout.Version}";
            return null;
        }

        for (int i = 0; i < NumberingWords; i++)
        {
            if (words[NumberingAt + i] != BitConverter.ToUInt64(numbering[(i * sizeof(ulong))..]))
            {
                refusal = "the configuration has other real servers now";
                return null;
            }
        }

        int slotsV4 = FlowMemory.SlotsFor(flows), slotsV6 = FlowMemory.SlotsFor(flowsV6);
        BpfMap? v4 = BpfMap.TryOpenShared($"{folder}/{NameV4}", slotsV4 * SlotsV4Size, NameV4);
        BpfMap? until = BpfMap.TryOpenShared($"{folder}/{NameDeadlines}", slotsV4 * sizeof(uint), NameDeadlines);
        BpfMap? v6 = BpfMap.TryOpenShared($"{folder}/{NameV6}", slotsV6 * SlotsV6Size, NameV6);
        if (v4 is null || until is null || v6 is null)
        {
            v4?.Dispose();
            until?.Dispose();
            v6?.Dispose();
            refusal = "the flow tables have another size now";
            return null;
        }

        var seeds = new FlowSeeds(words[1], words[2], words[3], words[4], words[5]);
        return new OffloadMemory(v4, until, v6, BpfMap.Shared(OffloadLayout.MetaSize, NameMeta), seeds);
    }

    /// <summary>Gives the memory names, so that it outlives this process.</summary>
    /// <param name="folder">On a BPF file system; what had these names loses them.</param>
    /// <param name="numbering">Of which real server each number is: 32 octets that are alike only where all numbers
    /// are.</param>
    /// <exception cref="LinuxException">Refused.</exception>
    public void Pin(string folder, ReadOnlySpan<byte> numbering)
    {
        using NativeWords<ulong> words = _meta.View<ulong>();
        (words[1], words[2], words[3]) = (Seeds.V4A, Seeds.V4B, Seeds.V6A);
        (words[4], words[5]) = (Seeds.V6B, Seeds.Choices);
        for (int i = 0; i < NumberingWords; i++)
        {
            words[NumberingAt + i] = BitConverter.ToUInt64(numbering[(i * sizeof(ulong))..]);
        }

        Volatile.Write(ref words[0], OffloadLayout.Version);
        foreach ((BpfMap map, string name) in ((BpfMap, string)[])
            [(_wordsV4, NameV4), (_deadlinesV4, NameDeadlines), (_wordsV6, NameV6), (_meta, NameMeta)])
        {
            BpfPins.Unpin($"{folder}/{name}");
            BpfPins.Pin(map.Descriptor, $"{folder}/{name}"); // the last says that all are there
        }
    }

    /// <summary>The same memory for the tables of this process.</summary>
    public FlowMemory MapFlows() =>
        new(_wordsV4.View<ulong>(), _deadlinesV4.View<uint>(), _wordsV6.View<ulong>(), Seeds);

    /// <summary>Some time from now, by the clock of the programs.</summary>
    /// <exception cref="LinuxException">The kernel has no memory to tell it.</exception>
    public ulong After(TimeSpan span) => _ticks.After(span);

    /// <summary>Says that the director lives, and what time it is.</summary>
    /// <param name="aliveUntil">What <see cref="After"/> said: until then programs forward; 0 stops them.</param>
    /// <param name="now">Ticks of <see cref="FlowClock"/>.</param>
    /// <param name="timeouts">In force.</param>
    public void Beat(ulong aliveUntil, uint now, FlowTimeouts timeouts)
    {
        uint sctp = FlowStates.Timeout(FlowState.SctpEstablished, timeouts);
        Put(OffloadLayout.NowAt, now, now + timeouts.Established);
        Put(OffloadLayout.UntilUdpAt, now + timeouts.Udp, now + sctp);
        Volatile.Write(ref _beatWords[OffloadLayout.AliveUntilAt / sizeof(ulong)], aliveUntil);
    }

    /// <summary>The maps of one interface's program.</summary>
    internal OffloadMaps With(BpfMap directors, BpfMap targets, BpfMap counts, BpfMap exits) =>
        new(_beat, directors, _wordsV4, _deadlinesV4, _wordsV6, targets, counts, exits);

    /// <inheritdoc/>
    public void Dispose()
    {
        _ticks.Dispose();
        _beatWords.Dispose();
        _beat.Dispose();
        _meta.Dispose();
        _wordsV6.Dispose();
        _deadlinesV4.Dispose();
        _wordsV4.Dispose();
    }

    private void Put(int at, uint low, uint high) =>
        Volatile.Write(ref _beatWords[at / sizeof(ulong)], low | ((ulong)high << 32));
}
