using System;
using XdpLvs.Linux.Process;
using static XdpLvs.Linux.Bpf.Register;

namespace XdpLvs.Linux.Bpf;

/// <summary>
/// The kernel's count of timer ticks, jiffies_64: the clock that a program reads as memory, without a call. A process
/// cannot see it, so a program is run that tells it.
/// </summary>
/// <remarks>It stands still while the machine sleeps, as CLOCK_MONOTONIC does. One thread owns it.</remarks>
public sealed class KernelTicks : IDisposable
{
    /// <summary>The helper, for programs: the verifier makes a load of it. include/uapi/linux/bpf.h.</summary>
    public const int Helper = 118;

    private const int FrameSize = 14, ActionPass = 2; // the shortest that a test run takes

    private readonly BpfProgram _program;

    /// <exception cref="LinuxException">The kernel does not run it for us.</exception>
    public KernelTicks()
    {
        var to = new BpfAssembler();
        Label end = to.NewLabel();
        to.Load(Width.Word, R6, R1, 0); // xdp_md.data
        to.Load(Width.Word, R7, R1, 4); // xdp_md.data_end
        to.Do(Arithmetic.Move, R2, R6);
        to.Do(Arithmetic.Add, R2, FrameSize);
        to.JumpIf(Condition.Above, R2, R7, end);
        to.Call(Helper);
        to.Store(Width.Double, R6, 0, R0);
        to.Place(end);
        to.Do(Arithmetic.Move, R0, ActionPass);
        to.Exit();
        _program = BpfProgram.LoadXdp(to.Assemble(), "xdplvs_ticks");
        try
        {
            _ = Now;
        }
        catch
        {
            _program.Dispose();
            throw;
        }
    }

    /// <summary>Ticks since a moment before the machine started.</summary>
    /// <exception cref="LinuxException">The kernel has no memory to run the program.</exception>
    public ulong Now
    {
        get
        {
            Span<byte> frame = stackalloc byte[FrameSize], told = stackalloc byte[FrameSize];
            frame.Clear();
            _ = _program.TestRun(frame, told);
            return BitConverter.ToUInt64(told);
        }
    }

    /// <summary>The tick that comes no sooner than some time from now.</summary>
    /// <exception cref="LinuxException">As <see cref="Now"/>.</exception>
    public ulong After(TimeSpan span) =>
        unchecked(Now + (ulong)(long)Math.Ceiling(span.TotalSeconds * Clock.TicksPerSecond) + 1);

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();
}
