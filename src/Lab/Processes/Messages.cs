using System.Collections.Generic;

namespace XdpLvs.Lab.Processes;

/// <summary>What the client process is told, one JSON line each.</summary>
/// <param name="Verb">"get", "probe-start" or "probe-stop".</param>
/// <param name="Url">Target of get and probe-start.</param>
/// <param name="TimeoutMs">How long one request may take.</param>
/// <param name="IntervalMs">Distance between the starts of two probes.</param>
public sealed record ClientCommand(string Verb, string Url = "", int TimeoutMs = 0, int IntervalMs = 0);

/// <summary>One request on a connection of its own.</summary>
/// <param name="Ok">True when a whole answer with a 2xx status came in time.</param>
/// <param name="Body">The answer without surrounding white space, or why there is none.</param>
/// <param name="StartUs">Before the connection was opened; microseconds of <see cref="LabClock"/>.</param>
/// <param name="EndUs">When the answer was complete, or the request was given up.</param>
public sealed record RequestResult(bool Ok, string Body, long StartUs, long EndUs);

/// <summary>All probes between a start and a stop.</summary>
/// <param name="StartUs">When probing began.</param>
/// <param name="EndUs">When the last probe was in.</param>
/// <param name="Samples">In the order they were sent.</param>
public sealed record ProbeSamples(long StartUs, long EndUs, IReadOnlyList<RequestResult> Samples);

/// <summary>One frame as a tap saw it.</summary>
/// <param name="Us">Microseconds of <see cref="LabClock"/>.</param>
/// <param name="Direction">"in" from the cable, "out" to the cable.</param>
/// <param name="Hex">The octets from the Ethernet header on.</param>
public sealed record TapRecord(long Us, string Direction, string Hex);

/// <summary>One request as the server saw it.</summary>
/// <param name="Us">Microseconds of <see cref="LabClock"/>.</param>
/// <param name="From">Address and port of the client.</param>
/// <param name="Path">What was asked for.</param>
public sealed record ServedRequest(long Us, string From, string Path);
