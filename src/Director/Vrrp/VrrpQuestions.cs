using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Director.Control;

namespace XdpLvs.Director.Vrrp;

/// <summary>
/// Answers "show vrrp [NAME] [-o json]": two lines for each instance; with a name, timers, counters and history too.
/// </summary>
internal static class VrrpQuestions
{
    internal static async Task<ControlAnswer> AnswerAsync(
        VrrpSpeaker speaker, string[] words, CancellationToken stop) =>
        Answer(await speaker.ViewAsync().WaitAsync(stop).ConfigureAwait(false), words);

    internal static ControlAnswer Answer(IEnumerable<VrrpView> instances, ReadOnlySpan<string> words)
    {
        (string? name, bool asJson, bool isKnown) = words switch
        {
            [] => (null, false, true),
            ["-o", "json"] => (null, true, true),
            [var only] => (only, false, true),
            [var only, "-o", "json"] => (only, true, true),
            _ => ((string?)null, false, false),
        };
        if (!isKnown)
        {
            string line = string.Join(' ', words.ToArray());
            return new ControlAnswer(ExitCode.Usage, "", $"the daemon does not know 'show vrrp {line}'");
        }

        VrrpView[] found = [.. instances.Where(each => name is null || each.Name == name)];
        if (name is not null && found.Length == 0)
        {
            return new ControlAnswer(ExitCode.Fatal, "", $"there is no vrrp_instance {name}");
        }

        string text = asJson
            ? JsonSerializer.Serialize(found, VrrpJson.Default.IReadOnlyListVrrpView) + "\n"
            : Text(found, inFull: name is not null);
        return new ControlAnswer(ExitCode.Fine, text, "");
    }

    private static string Text(VrrpView[] instances, bool inFull)
    {
        var text = new StringBuilder();
        foreach (VrrpView each in instances)
        {
            string weighed = each.Priority == each.BasePriority ? "" : $" (base {each.BasePriority})";
            string group = each.SyncGroup is null ? "" : $", sync group {each.SyncGroup}";
            Line(text, $"{each.Name}: {each.State} since {each.Since}, priority {each.Priority}{weighed}");
            Line(text, $"  VRRPv{each.Version} VRID {each.Vrid} on {each.Interface}{group}; master {MasterOf(each)}");
            foreach (string fault in each.Faults)
            {
                Line(text, $"  fault: {fault}");
            }

            foreach (string finding in each.Findings)
            {
                Line(text, $"  {finding}");
            }

            if (inFull)
            {
                Details(text, each);
            }
        }

        return text.ToString();
    }

    private static string MasterOf(VrrpView view) => view.Master is null
        ? "unknown"
        : FormattableString.Invariant($"{view.Master}, priority {view.MasterPriority}");

    private static void Details(StringBuilder text, VrrpView view)
    {
        view.Addresses.ToList().ForEach(address => Line(text, $"  address {address}"));
        view.Peers.ToList().ForEach(peer => Line(text, $"  unicast peer {peer}"));
        TimersView timers = view.Timers;
        string next = timers.Next is { } left ? $", next {left:0} ms" : "";
        string delay = timers.PreemptDelay is { } wait ? $", preempt delay {wait:0} ms" : "";
        Line(text, $"  timers: advert {timers.AdvertInterval:0} ms, of the master {timers.MasterInterval:0} ms, "
            + $"skew {timers.Skew:0} ms, master down {timers.MasterDown:0} ms{next}{delay}");
        foreach ((string name, long count) in view.Counters)
        {
            Line(text, $"  {name,-44} {count,12}");
        }

        foreach (TransitionView change in view.Transitions)
        {
            string sender = change.Sender is null ? "" : $" (advert of {change.Sender})";
            Line(text, $"  {change.Time} {change.From} -> {change.To}, priority {change.Priority}: "
                + $"{change.Reason}{sender}");
        }
    }

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
