using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace XdpLvs.Perf;

/// <summary>Threads of a process as /proc shows them.</summary>
internal static class HostThreads
{
    /// <summary>
    /// Nanoseconds on a processor, all threads together: the first number of schedstat. What an interrupt does with
    /// frames while a thread runs is in that thread's time. Documentation/scheduler/sched-stats.rst.
    /// </summary>
    internal static long BusyNs(int pid) => Of(pid).Sum(BusyNsOf);

    /// <summary>The threads whose names begin like that.</summary>
    internal static IReadOnlyList<int> Named(int pid, string start) =>
    [
        .. Of(pid)
            .Where(thread => Read(Path.Combine(thread, "comm")).StartsWith(start, System.StringComparison.Ordinal))
            .Select(thread => int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture)),
    ];

    private static string[] Of(int pid) =>
        Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task"));

    private static long BusyNsOf(string thread)
    {
        string text = Read(Path.Combine(thread, "schedstat"));
        return text.Length == 0 ? 0 : long.Parse(text.Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Empty for a thread that has ended meanwhile.</summary>
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
