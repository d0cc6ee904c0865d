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

    private readonly BpfMap _wordsV4, _deadlinesV4, _wordsV6, _beat;
    private readonly NativeWords<ulong> _beatWords;

    private OffloadMemory(FlowSeeds seeds, int slotsV4, int slotsV6)
    {
        Seeds = seeds;
        SlotsV4 = slotsV4;
        SlotsV6 = slotsV6;
        _wordsV4 = BpfMap.Shared(slotsV4 * SlotsV4Size, "xdplvs_flow4");
        _deadlinesV4 = BpfMap.Shared(slotsV4 * sizeof(uint), "xdplvs_until4");
        _wordsV6 = BpfMap.Shared(slotsV6 * SlotsV6Size, "xdplvs_flow6");
        _beat = BpfMap.Shared(OffloadLayout.BeatSize, "xdplvs_beat");
        _beatWords = _beat.View<ulong>();
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

        return new OffloadMemory(seeds, FlowMemory.SlotsFor(flows), FlowMemory.SlotsFor(flowsV6));
    }

    /// <summary>The same memory for the tables of this process.</summary>
    public FlowMemory MapFlows() =>
        new(_wordsV4.View<ulong>(), _deadlinesV4.View<uint>(), _wordsV6.View<ulong>(), Seeds);

    /// <summary>Says that the director lives, and what time it is.</summary>
    /// <param name="aliveUntil">Nanoseconds of CLOCK_MONOTONIC until which programs forward; 0 stops them.</param>
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
        _beatWords.Dispose();
        _beat.Dispose();
        _wordsV6.Dispose();
        _deadlinesV4.Dispose();
        _wordsV4.Dispose();
    }

    private void Put(int at, uint low, uint high) =>
        Volatile.Write(ref _beatWords[at / sizeof(ulong)], low | ((ulong)high << 32));
}
