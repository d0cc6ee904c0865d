using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Threading;
using XdpLvs.Forwarder.Tables;
using XdpLvs.Linux;
using XdpLvs.Linux.Bpf;

namespace XdpLvs.Forwarder.Offload;

/// <summary>
/// One interface's part of the offload: whom its program may send to, and what it sent. Owned by the director loop.
/// </summary>
/// <remarks>
/// A change of a real server is one store, not a walk over flows: its MAC, its way out, its death. The word that lets
/// frames through is written last, and taken away first.
/// </remarks>
public sealed class OffloadPoint : IDisposable
{
    private const int ExitsMax = 64, WordsPerTarget = OffloadLayout.TargetSize / sizeof(ulong);
    private const int WordsPerCount = OffloadLayout.CountSize / sizeof(ulong);

    private readonly BpfMap _directors, _targets, _counts, _exits;
    private readonly NativeWords<uint> _directorWords;
    private readonly NativeWords<ulong> _targetWords, _countWords;

    /// <summary>Takes memory for an interface's program.</summary>
    /// <param name="memory">Of all interfaces; it outlives this.</param>
    /// <param name="interfaceIndex">Where frames come in.</param>
    /// <param name="targets">Real servers, the highest number and one; rounded up to a power of two.</param>
    /// <param name="returnsByRedirect">See <see cref="OffloadShape"/>.</param>
    public OffloadPoint(OffloadMemory memory, int interfaceIndex, int targets, bool returnsByRedirect)
    {
        int processors = (int)BitOperations.RoundUpToPowerOf2((uint)BpfProcessors.Possible);
        Shape = new OffloadShape(
            memory.SlotsV4,
            memory.SlotsV6,
            memory.Seeds,
            (int)BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(targets, 1, ushort.MaxValue + 1)),
            processors,
            returnsByRedirect);
        _directors = BpfMap.Shared(OffloadLayout.DirectorsSize, "xdplvs_peers");
        _targets = BpfMap.Shared(Shape.Targets * OffloadLayout.TargetSize, "xdplvs_real");
        _counts = BpfMap.Shared(processors << Shape.CountsShift, "xdplvs_sent");
        _exits = new BpfMap(BpfMapType.DevMap, sizeof(int), sizeof(int), ExitsMax, "xdplvs_exit");
        _directorWords = _directors.View<uint>();
        _targetWords = _targets.View<ulong>();
        _countWords = _counts.View<ulong>();
        Maps = memory.With(_directors, _targets, _counts, _exits);
        SetExit(0, interfaceIndex);
    }

    internal OffloadShape Shape { get; }

    internal OffloadMaps Maps { get; }

    /// <summary>Frames by an exit leave by that interface.</summary>
    /// <returns>False: the kernel does not redirect to it, so its real servers are left to user space.</returns>
    public bool SetExit(int exit, int interfaceIndex) => exit < ExitsMax && _exits.TrySet(exit, interfaceIndex);

    /// <summary>From now on the program sends as that table says.</summary>
    /// <param name="table">Of this interface.</param>
    /// <param name="mayLeaveBy">Whether the program can use an exit.</param>
    public void Apply(ForwardingTable table, Func<int, bool> mayLeaveBy)
    {
        ReadOnlySpan<ulong> directors = table.DirectorMacs;
        bool fits = directors.Length <= OffloadLayout.DirectorsMax;
        for (int i = 0; i < OffloadLayout.DirectorsMax && fits; i++)
        {
            ulong mac = directors[Math.Min(i, directors.Length - 1)]; // the first is our own
            Volatile.Write(ref _directorWords[i], AsInFrame(unchecked((uint)mac)));
        }

        for (int number = 0; number < Shape.Targets; number++)
        {
            PlainTarget target = table.Target((ushort)number);
            Set(number, fits && (target.Exit == 0 || mayLeaveBy(target.Exit)) ? target : default);
        }
    }

    /// <summary>Packets and octets of them, from the IP header on, that the program sent to a real server.</summary>
    public (long Packets, long Octets) Sent(int real)
    {
        long packets = 0, octets = 0;
        for (int processor = 0; processor < Shape.Processors && real < Shape.Targets; processor++)
        {
            int at = ((processor << Shape.CountsShift) / sizeof(ulong)) + (real * WordsPerCount);
            packets += (long)Volatile.Read(ref _countWords[at]);
            octets += (long)Volatile.Read(ref _countWords[at + 1]);
        }

        return (packets, octets);
    }

    /// <summary>Packets to all real servers.</summary>
    public long SentInAll()
    {
        long packets = 0;
        for (int at = 0; at < _countWords.Count; at += WordsPerCount)
        {
            packets += (long)Volatile.Read(ref _countWords[at]);
        }

        return packets;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _directorWords.Dispose();
        _targetWords.Dispose();
        _countWords.Dispose();
        _directors.Dispose();
        _targets.Dispose();
        _counts.Dispose();
        _exits.Dispose();
    }

    private void Set(int number, PlainTarget target)
    {
        ref ulong macs = ref _targetWords[number * WordsPerTarget];
        ref ulong rest = ref _targetWords[(number * WordsPerTarget) + 1];
        if (Volatile.Read(ref macs) == target.Macs && Volatile.Read(ref rest) == target.Rest)
        {
            return;
        }

        Volatile.Write(ref rest, 0);
        Volatile.Write(ref macs, target.Macs);
        Volatile.Write(ref rest, target.Rest);
    }

    private static uint AsInFrame(uint value) => BinaryPrimitives.ReverseEndianness(value);
}
