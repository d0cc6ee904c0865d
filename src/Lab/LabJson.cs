using System.Text.Json;
using System.Text.Json.Serialization;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab;

/// <summary>The JSON lines that the lab's processes exchange, written and read without reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LabRecordEntry))]
[JsonSerializable(typeof(ClientCommand))]
[JsonSerializable(typeof(RequestResult))]
[JsonSerializable(typeof(ProbeSamples))]
[JsonSerializable(typeof(TapRecord))]
[JsonSerializable(typeof(ServedRequest))]
internal sealed partial class LabJson : JsonSerializerContext;
