using System.Globalization;
using Tmds.Linux;

namespace XdpLvs.Linux.Process;

/// <summary>Which processor a thread runs on.</summary>
public static unsafe class Affinity
{
    /// <summary>Pins the calling thread. sched_setaffinity(2).</summary>
    /// <param name="cpu">From 0.</param>
    /// <exception cref="LinuxException">EINVAL: this process may not run there.</exception>
    public static void PinCurrentThread(int cpu)
    {
        cpu_set_t set = default;
        LibC.CPU_SET(cpu, &set);
        if (LibC.sched_setaffinity((pid_t)0, (size_t)(uint)sizeof(cpu_set_t), &set) != 0)
        {
            string subject = "thread to cpu " + cpu.ToString(CultureInfo.InvariantCulture);
            throw new LinuxException("sched_setaffinity", subject, LibC.errno);
        }
    }
}
