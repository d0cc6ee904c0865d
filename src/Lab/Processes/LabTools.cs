using System;
using System.IO;

namespace XdpLvs.Lab.Processes;

/// <summary>Finds the lab's own executable, which plays the servers, clients and taps.</summary>
internal static class LabTools
{
    /// <summary>What a helper prints first, when it is ready to work.</summary>
    public const string Ready = "ready";

    /// <summary>Beside this assembly, also when a test project has copied it there.</summary>
    public static string Executable
    {
        get
        {
            string path = Path.Combine(AppContext.BaseDirectory, "xdplvs-lab");
            return File.Exists(path) ? path : throw new LabException($"{path} is missing: build src/Lab");
        }
    }

    /// <summary>Starts a helper on a host and waits until it says that it is ready.</summary>
    public static LabProcess Start(LabHost host, string name, params string[] words)
    {
        LabProcess process = host.Start(name, [Executable, .. words]);
        LabLine? ready = process.FindAsync(line => line == Ready, TimeSpan.FromSeconds(15)).GetAwaiter().GetResult();
        return ready is not null
            ? process
            : throw new LabException($"{name} on {host.Name} did not start: {process.LastLines(5)}");
    }
}
