using System.Text.Json.Serialization;

namespace XdpLvs.Director.Control;

/// <summary>What a command asks the daemon: its words, as typed.</summary>
/// <param name="Words">Verb first.</param>
public sealed record ControlRequest(string[] Words);

/// <summary>What the daemon answers.</summary>
/// <param name="Exit">Exit code for the command.</param>
/// <param name="Output">For standard output.</param>
/// <param name="Complaint">For standard error.</param>
public sealed record ControlAnswer(int Exit, string Output, string Complaint);

/// <summary>Both as JSON, one line each, without reflection.</summary>
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
