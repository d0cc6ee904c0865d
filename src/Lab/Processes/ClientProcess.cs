using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Processes;

/// <summary>A web client in the lab. Every request opens a connection of its own.</summary>
public sealed class ClientProcess
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    private readonly LabProcess _process;

    private ClientProcess(LabProcess process) => _process = process;

    /// <summary>Starts a client on a host and returns when it takes commands.</summary>
    public static ClientProcess Start(LabHost host) => new(LabTools.Start(host, $"client {host.Name}", "client"));

    /// <summary>One request.</summary>
    public Task<RequestResult> GetAsync(string url, int timeoutMs = 1000, CancellationToken stop = default) =>
        AskAsync(new ClientCommand("get", url, timeoutMs), LabJson.Default.RequestResult, stop);

    /// <summary>Several requests, one after the other.</summary>
    public async Task<IReadOnlyList<RequestResult>> GetManyAsync(
        string url, int count, int timeoutMs = 1000, CancellationToken stop = default)
    {
        var results = new List<RequestResult>(count);
        for (int i = 0; i < count; i++)
        {
            results.Add(await GetAsync(url, timeoutMs, stop));
        }

        return results;
    }

    /// <summary>Begins a request every <paramref name="intervalMs"/>, whatever becomes of the earlier ones.</summary>
    public Task StartProbeAsync(string url, int intervalMs = 10, int timeoutMs = 200) =>
        TellAsync(new ClientCommand("probe-start", url, timeoutMs, intervalMs));

    /// <summary>Ends the probing and reports on it.</summary>
    public async Task<ProbeReport> StopProbeAsync(CancellationToken stop = default) =>
        new(await AskAsync(new ClientCommand("probe-stop"), LabJson.Default.ProbeSamples, stop));

    private Task TellAsync(ClientCommand command) =>
        _process.WriteLineAsync(JsonSerializer.Serialize(command, LabJson.Default.ClientCommand));

    private async Task<TAnswer> AskAsync<TAnswer>(
        ClientCommand command, JsonTypeInfo<TAnswer> type, CancellationToken stop)
    {
        int place = _process.Count;
        await TellAsync(command);
        LabLine? line = await _process.FindAsync(text => text.StartsWith('{'), AnswerLimit, place, stop);
        return line is not null
            ? JsonSerializer.Deserialize(line.Text, type)!
            : throw new LabException($"{_process.Name} does not answer: {_process.LastLines(5)}");
    }
}
