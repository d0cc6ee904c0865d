using System.Globalization;
using System.IO;

namespace XdpLvs.Linux.Bpf;

/// <summary>How many processors this kernel may ever have: the stride of per-processor maps.</summary>
public static class BpfProcessors
{
    /// <summary>One more than the highest number that a processor may have.</summary>
    public static readonly int Possible = Parse(File.ReadAllText("/sys/devices/system/cpu/possible"));

    /// <summary>Reads a list such as "0-3,8-11": one more than its last number.</summary>
    internal static int Parse(string list)
    {
        string text = list.Trim();
        string last = text[(text.LastIndexOfAny(['-', ',']) + 1)..];
        return int.Parse(last, CultureInfo.InvariantCulture) + 1;
    }
}
