using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Processes;

/// <summary>A web server in the lab whose answer is its own name.</summary>
public sealed class HttpServerProcess
{
    private readonly LabProcess _process;

    private HttpServerProcess(LabProcess process) => _process = process;

    /// <summary>Starts a server and returns when it listens on every address of the host.</summary>
    public static HttpServerProcess Start(LabHost host, int port = 80) => new(LabTools.Start(
        host, $"server {host.Name}", "serve", host.Name, port.ToString(CultureInfo.InvariantCulture), "--requests",
        "--tied"));

    /// <summary>The requests it has answered so far.</summary>
    public IReadOnlyList<ServedRequest> Requests =>
    [
        .. _process.LinesFrom(0)
            .Where(line => line.Text.StartsWith('{'))
            .Select(line => JsonSerializer.Deserialize(line.Text, LabJson.Default.ServedRequest)!),
    ];

    /// <summary>Ends the server; from then on the host refuses connections to its port.</summary>
    public Task StopAsync() => _process.StopAsync(TimeSpan.FromSeconds(3));
}
