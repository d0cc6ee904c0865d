using System;
using System.Text;

namespace XdpLvs.Linux.Bpf;

/// <summary>A verified XDP program, loaded into the kernel.</summary>
public sealed unsafe class BpfProgram : IDisposable
{
    private const uint TypeXdp = 6, FlagLiveFrames = 1 << 1;
    private const int LogOctets = 256 * 1024;

    private BpfProgram(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The program's descriptor, owned by this object.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Has the kernel verify and compile an XDP program.</summary>
    /// <exception cref="LinuxException">Refused; the message ends with the verifier's last lines.</exception>
    public static BpfProgram LoadXdp(ReadOnlySpan<ulong> code, string name)
    {
        long result = Load(code, name, []);
        if (result >= 0)
        {
            return new BpfProgram(new FileDescriptor((int)result));
        }

        byte[] log = new byte[LogOctets]; // only now: a log slows loading down
        _ = Load(code, name, log);
        throw new LinuxException("bpf", $"load program {name}", (int)-result, Tail(log));
    }

    /// <summary>Runs the program on one frame inside the kernel, without any interface.</summary>
    /// <param name="frame">At least 14 octets.</param>
    /// <param name="output">Receives the frame as the program left it.</param>
    /// <returns>The XDP action: 0 aborted, 1 drop, 2 pass, 3 transmit, 4 redirect.</returns>
    public int TestRun(ReadOnlySpan<byte> frame, Span<byte> output)
    {
        fixed (byte* input = frame)
        fixed (byte* result = output)
        {
            var attributes = new TestRunAttributes
            {
                prog_fd = (uint)Descriptor.Number,
                data_in = (ulong)input,
                data_size_in = (uint)frame.Length,
                data_out = (ulong)result,
                data_size_out = (uint)output.Length,
                repeat = 1,
            };
            _ = BpfCall.Require(BpfAbi.ProgramTestRun, ref attributes, "test run");
            return (int)attributes.retval;
        }
    }

    /// <summary>
    /// Runs the program on copies of a frame that are then really sent where it says, as if a driver had received them.
    /// </summary>
    /// <param name="frame">At least 14 octets.</param>
    /// <param name="count">How many. The kernel needs about 20 ms around them.</param>
    /// <remarks>BPF_F_TEST_XDP_LIVE_FRAMES, Linux 5.18 and later.</remarks>
    public void RunLive(ReadOnlySpan<byte> frame, int count)
    {
        fixed (byte* input = frame)
        {
            var attributes = new TestRunAttributes
            {
                prog_fd = (uint)Descriptor.Number,
                data_in = (ulong)input,
                data_size_in = (uint)frame.Length,
                repeat = (uint)count,
                flags = FlagLiveFrames,
            };
            _ = BpfCall.Require(BpfAbi.ProgramTestRun, ref attributes, "live run");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static long Load(ReadOnlySpan<ulong> code, string name, Span<byte> log)
    {
        ReadOnlySpan<byte> license = "MIT\0"u8;
        fixed (ulong* instructions = code)
        fixed (byte* licenseText = license)
        fixed (byte* logText = log)
        {
            var attributes = new ProgramLoadAttributes
            {
                prog_type = TypeXdp,
                insn_cnt = (uint)code.Length,
                insns = (ulong)instructions,
                license = (ulong)licenseText,
                log_level = log.IsEmpty ? 0u : 1u,
                log_size = (uint)log.Length,
                log_buf = (ulong)logText,
            };
            Encoding.ASCII.GetBytes(name, new Span<byte>(attributes.prog_name, 15));
            return BpfCall.Try(BpfAbi.ProgramLoad, ref attributes);
        }
    }

    private static string Tail(byte[] log)
    {
        string[] lines = Encoding.ASCII.GetString(log).TrimEnd('\0', '\n').Split('\n');
        return "verifier: " + string.Join(" / ", lines[Math.Max(0, lines.Length - 4)..]);
    }
}
