using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using XdpLvs.Director.Control;

namespace XdpLvs.Director.Checking;

/// <summary>
/// Answers "show checks [REAL SERVER] [-o json]": a line for each check; with a real server, its last results too.
/// </summary>
internal static class CheckQuestions
{
    internal static ControlAnswer Answer(IEnumerable<CheckView> checks, ReadOnlySpan<string> words)
    {
        (string? server, bool asJson) = words switch
        {
            [] => (null, false),
            ["-o", "json"] => (null, true),
            [var name] => (name, false),
            [var name, "-o", "json"] => (name, true),
            _ => ("", false),
        };
        if (server is "")
        {
            return new ControlAnswer(ExitCode.Usage, "", $"the daemon does not know 'show checks {Join(words)}'");
        }

        CheckView[] found =
        [
            .. checks.Where(check => server is null || IsOf(check, server))
                .OrderBy(check => check.VirtualServer, StringComparer.Ordinal)
                .ThenBy(check => check.RealServer, StringComparer.Ordinal),
        ];
        if (server is not null && found.Length == 0)
        {
            return new ControlAnswer(ExitCode.Fatal, "", $"no check is of a real server {server}");
        }

        string text = asJson
            ? JsonSerializer.Serialize(found, CheckJson.Default.IReadOnlyListCheckView) + "\n"
            : Text(found, withResults: server is not null);
        return new ControlAnswer(ExitCode.Fine, text, "");
    }

    private static string Join(ReadOnlySpan<string> words) => string.Join(' ', words.ToArray());

    /// <summary>Named in full, or by its address.</summary>
    private static bool IsOf(CheckView check, string server) =>
        check.RealServer == server || check.RealServer.StartsWith($"[{server}]:", StringComparison.Ordinal);

    private static string Text(CheckView[] checks, bool withResults)
    {
        var text = new StringBuilder();
        foreach (CheckView check in checks)
        {
            string weight = check.Weight is null ? "" : $", weight {check.Weight}";
            string shared = check.SharedBy > 1 ? $", one check for {check.SharedBy} virtual servers" : "";
            text.Append(CultureInfo.InvariantCulture, $"{check.RealServer} of VS {check.VirtualServer}: ");
            text.Append(CultureInfo.InvariantCulture, $"{check.Check} {check.Target} {check.State}{weight}{shared}\n");
            foreach (ResultView result in withResults ? check.Results : check.Results.TakeLast(1))
            {
                string reason = result.Reason.Length > 0 ? $": {result.Reason}" : "";
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {result.Time} {result.Milliseconds,10:0.000} ms  {result.Result}{reason}\n");
            }
        }

        return text.ToString();
    }
}
