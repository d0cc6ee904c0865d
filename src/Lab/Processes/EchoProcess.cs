using System.Globalization;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Processes;

/// <summary>A UDP server in the lab that sends back what it gets.</summary>
public sealed class EchoProcess
{
    private readonly LabProcess _process;

    private EchoProcess(LabProcess process) => _process = process;

    /// <summary>Starts a server and returns when it is bound.</summary>
    /// <param name="host">Where.</param>
    /// <param name="port">UDP port.</param>
    /// <param name="addresses">Where it listens, and what it answers from.</param>
    public static EchoProcess Start(LabHost host, int port, params string[] addresses) => new(LabTools.Start(
        host, $"echo {host.Name}",
        ["echo", port.ToString(CultureInfo.InvariantCulture), .. addresses, "--tied"]));

    /// <summary>Ends the server.</summary>
    public Task StopAsync() => _process.StopAsync(System.TimeSpan.FromSeconds(3));
}
