using System;
using System.Threading;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>Which rule chooses a real server.</summary>
public enum SchedulerKind
{
    /// <summary>rr: each in turn.</summary>
    RoundRobin,

    /// <summary>wrr: each in turn, as often as its weight says.</summary>
    WeightedRoundRobin,
}

/// <summary>What a scheduler remembers from choice to choice: one word, shared by all forwarder threads.</summary>
public sealed class SchedulerMemory
{
    private ulong _word;

    /// <summary>The word as it is now.</summary>
    public ulong Read() => Volatile.Read(ref _word);

    /// <summary>Replaces the word unless another thread did so first.</summary>
    public bool TryReplace(ulong seen, ulong next) => Interlocked.CompareExchange(ref _word, next, seen) == seen;
}

/// <summary>Finds the scheduler's code.</summary>
public static class Schedulers
{
    /// <summary>The index of the chosen real server, or -1 when none may take a new connection.</summary>
    public static int Choose(SchedulerKind kind, ReadOnlySpan<RealServer> reals, SchedulerMemory memory) =>
        kind switch
        {
            SchedulerKind.WeightedRoundRobin => WeightedRoundRobin.Choose(reals, memory),
            _ => RoundRobin.Choose(reals, memory),
        };

    /// <summary>The word that ipvsadm prints.</summary>
    public static string Name(SchedulerKind kind) => kind switch
    {
        SchedulerKind.WeightedRoundRobin => "wrr",
        _ => "rr",
    };

    /// <summary>
    /// Where in the list the server with that number stands; the list's length when it has left. Both round robins
    /// walk from the last added to the first, as the kernel's list does.
    /// </summary>
    internal static int PlaceOf(ReadOnlySpan<RealServer> reals, ushort number)
    {
        for (int i = 0; i < reals.Length; i++)
        {
            if (reals[i].Number == number)
            {
                return i;
            }
        }

        return reals.Length;
    }
}
