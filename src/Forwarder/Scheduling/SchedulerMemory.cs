using System.Threading;

namespace XdpLvs.Forwarder.Scheduling;

/// <summary>What a scheduler remembers from choice to choice: one word, shared by all forwarder threads.</summary>
public sealed class SchedulerMemory
{
    private ulong _word;

    /// <summary>The word as it is now.</summary>
    public ulong Read() => Volatile.Read(ref _word);

    /// <summary>Replaces the word unless another thread did so first.</summary>
    public bool TryReplace(ulong seen, ulong next) => Interlocked.CompareExchange(ref _word, next, seen) == seen;
}
