using System;
using System.IO;

namespace XdpLvs.Fuzz;

/// <summary>Keeps what broke a rule, and says how to see it again.</summary>
internal static class Findings
{
    /// <summary>Writes the input beside where we run, and the exception with the commands to the report.</summary>
    internal static void Report(TextWriter output, string door, int seed, byte[] input, Exception finding)
    {
        string path = Path.GetFullPath($"fuzz-{door}-{seed}.bin");
        File.WriteAllBytes(path, input);
        output.WriteLine($"{door}: {finding}");
        output.WriteLine($"the input ({input.Length} octets) is in {path}");
        output.WriteLine($"again: ./dev fuzz --door {door} --repeat {path}");
        output.WriteLine($"the whole run again: ./dev fuzz --door {door} --seed {seed}");
    }
}
