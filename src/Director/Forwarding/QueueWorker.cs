using System;
using System.Threading;
using XdpLvs.Forwarder;
using XdpLvs.Forwarder.Rings;
using XdpLvs.Linux;

namespace XdpLvs.Director.Forwarding;

/// <summary>A thread that drives one queue and sleeps in the kernel while nothing arrives.</summary>
internal abstract class QueueWorker
{
    private readonly Thread _thread;
    private long _allocated;

    private protected QueueWorker(string name) => _thread = new Thread(Run) { Name = name, IsBackground = true };

    internal OutcomeCounters Counters { get; } = new();

    internal Statistics Statistics { get; } = new();

    internal ExitList Exits { get; } = new();

    internal TapPoint Taps { get; } = new();

    /// <summary>Octets of the collector's heap that its thread took while it forwarded: 0, or something is wrong.
    /// </summary>
    internal long Allocated
    {
        get => Volatile.Read(ref _allocated);
        private protected set => Volatile.Write(ref _allocated, value);
    }

    internal void Start() => _thread.Start();

    /// <summary>Waits for the thread to end; whoever owns the wake-up counter has told it to.</summary>
    internal void Join() => _thread.Join();

    private protected abstract void Run();
}

/// <summary>The worker of one kind of port.</summary>
/// <param name="name">Of the thread.</param>
/// <param name="descriptor">Becomes readable when frames have arrived.</param>
/// <param name="stop">Becomes readable when the worker must end; never read here, so that it ends all workers.</param>
/// <param name="makeLoop">Makes the loop that counts into this worker's counters and statistics, and leaves by its
/// exits.</param>
/// <param name="time">Read once per batch.</param>
internal sealed class QueueWorker<TPort>(
    string name,
    FileDescriptor descriptor,
    FileDescriptor stop,
    Func<QueueWorker, ForwardLoop<TPort>> makeLoop,
    FlowTime time)
    : QueueWorker(name)
    where TPort : struct, IFramePort
{
    private protected override void Run()
    {
        ForwardLoop<TPort> loop = makeLoop(this);
        var slots = new PollSlot[]
        {
            new() { Descriptor = stop.Number, Wanted = PollSlot.In },
            new() { Descriptor = descriptor.Number, Wanted = PollSlot.In },
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        do
        {
            while (loop.RunOnce(time.Now) > 0)
            {
                // goes on while there is work; the stop is looked at whenever there is none
            }

            Allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            _ = Syscalls.Poll(slots, loop.WaitMicroseconds);
        }
        while (slots[0].Found == 0);
    }
}
