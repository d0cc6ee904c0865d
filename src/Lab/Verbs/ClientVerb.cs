using System;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Verbs;

/// <summary><c>client</c>: requests on command, JSON lines in and out. Ends with its standard input.</summary>
internal static class ClientVerb
{
    /// <summary>Serves commands one after the other; a probe runs beside them.</summary>
    public static async Task<int> RunAsync()
    {
        TimeProvider time = TimeProvider.System;
        Probe? probe = null;
        Console.WriteLine(LabTools.Ready);
        while (await Console.In.ReadLineAsync() is string line)
        {
            ClientCommand command = JsonSerializer.Deserialize(line, LabJson.Default.ClientCommand)!;
            switch (command.Verb)
            {
                case "get":
                    Answer(
                        await HttpRequest.GetAsync(new Uri(command.Url), Ms(command.TimeoutMs), time),
                        LabJson.Default.RequestResult);
                    break;
                case "probe-start":
                    probe = new Probe(new Uri(command.Url), Ms(command.IntervalMs), Ms(command.TimeoutMs), time);
                    break;
                case "probe-stop" when probe is not null:
                    Answer(await probe.StopAsync(), LabJson.Default.ProbeSamples);
                    break;
                default:
                    Console.Error.WriteLine($"not understood: {line}");
                    break;
            }
        }

        return 0;
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static void Answer<TAnswer>(TAnswer answer, JsonTypeInfo<TAnswer> type) =>
        Console.WriteLine(JsonSerializer.Serialize(answer, type));
}
