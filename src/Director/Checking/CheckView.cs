using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Text.Json.Serialization;
using XdpLvs.Checks;

namespace XdpLvs.Director.Checking;

/// <summary>One check as it is shown. The names are those of the JSON.</summary>
/// <param name="RealServer">"[192.168.5.103]:tcp:80".</param>
/// <param name="VirtualServer">"[192.168.5.100]:tcp:80".</param>
/// <param name="Check">keepalived's name of its kind.</param>
/// <param name="Target">What it asks.</param>
/// <param name="State">"up", "down", or "unchecked" before the first verdict.</param>
/// <param name="FailedTries">Failures in a row that have not changed the state yet.</param>
/// <param name="Weight">The weight it wants, or the difference; null: it has none to suggest.</param>
/// <param name="SharedBy">For how many virtual servers the same check runs once.</param>
/// <param name="Results">The last ones, the oldest first.</param>
internal sealed record CheckView(
    string RealServer,
    string VirtualServer,
    string Check,
    string Target,
    string State,
    int FailedTries,
    string? Weight,
    int SharedBy,
    IReadOnlyList<ResultView> Results)
{
    /// <summary>A check as it stands.</summary>
    internal static CheckView Of(CheckPlan plan, CheckState state, ImmutableArray<CheckRecord> records, int sharedBy) =>
        new(
            plan.Subject.RealServer,
            plan.Subject.VirtualServer,
            Keyword(plan.Probe.Kind),
            plan.Probe.Target,
            !state.HasRun ? "unchecked" : state.IsUp ? "up" : "down",
            state.FailedTries,
            state.Weight.Kind switch
            {
                WeightAdviceKind.Set => $"{state.Weight.Amount}",
                WeightAdviceKind.Add => $"{state.Weight.Amount:+0;-0}",
                _ => null,
            },
            sharedBy,
            [.. records.Select(ResultView.Of)]);

    private static string Keyword(CheckKind kind) => kind switch
    {
        CheckKind.Http => "HTTP_GET",
        CheckKind.Ssl => "SSL_GET",
        _ => kind.ToString().ToUpperInvariant() + "_CHECK",
    };
}

/// <summary>One result as it is shown.</summary>
/// <param name="Time">When it was asked, UTC, ISO 8601.</param>
/// <param name="Milliseconds">How long the answer took.</param>
/// <param name="Result">"ok", or the kind of failure.</param>
/// <param name="Reason">Why it failed; empty if it did not.</param>
/// <param name="IsUp">The verdict in force afterwards.</param>
internal sealed record ResultView(string Time, double Milliseconds, string Result, string Reason, bool IsUp)
{
    internal static ResultView Of(CheckRecord record) => new(
        record.Began.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        System.Math.Round(record.Took.TotalMilliseconds, 3),
        record.Failure == ProbeFailure.None ? "ok" : record.Failure.ToString().ToLowerInvariant(),
        record.Reason,
        record.IsUp);
}

/// <summary>Both as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<CheckView>))]
internal sealed partial class CheckJson : JsonSerializerContext;
