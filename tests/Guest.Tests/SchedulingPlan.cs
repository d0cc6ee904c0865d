using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Tables;

namespace XdpLvs.Guest.Tests;

/// <summary>What is done to a service, and when it is connected to: once in the guest's kernel, once by us.</summary>
internal static class SchedulingPlan
{
    private const SchedulerKind Rr = SchedulerKind.RoundRobin, Wrr = SchedulerKind.WeightedRoundRobin;

    /// <summary>All cases. A step is a line of tests/Guest/scheduling.sh's plan.</summary>
    internal static ImmutableArray<SchedulingCase> Cases { get; } =
    [
        new("rr-two", Rr, "add 103 1", "add 104 1", "connect 6"),
        new("rr-three", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 7"),
        new("rr-server-added", Rr, "add 103 1", "add 104 1", "connect 1", "add 105 1", "connect 5"),
        new("rr-server-back", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 4", "remove 104", "connect 4",
            "add 104 1", "connect 6"),
        new("rr-last-choice-left", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 2", "remove 104", "connect 4"),
        new("rr-newest-left", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 1", "remove 105", "connect 4"),
        new("rr-weight-0", Rr, "add 103 1", "add 104 0", "add 105 1", "connect 5"),
        new("rr-drained", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 4", "edit 104 0", "connect 4",
            "edit 104 1", "connect 4"),
        new("wrr-1-1", Wrr, "add 103 1", "add 104 1", "connect 5"),
        new("wrr-2-1", Wrr, "add 103 2", "add 104 1", "connect 7"),
        new("wrr-3-1-2", Wrr, "add 103 3", "add 104 1", "add 105 2", "connect 13"),
        new("wrr-1-2-3", Wrr, "add 103 1", "add 104 2", "add 105 3", "connect 13"),
        new("wrr-5-0-1", Wrr, "add 103 5", "add 104 0", "add 105 1", "connect 13"),
        new("wrr-4-2", Wrr, "add 103 4", "add 104 2", "connect 7"),
        new("wrr-4-2-1", Wrr, "add 103 4", "add 104 2", "add 105 1", "connect 8"),
        new("wrr-6-4-8-4", Wrr, "add 103 6", "add 104 4", "add 105 8", "add 106 4", "connect 14"),
        new("wrr-weights-changed", Wrr, "add 103 3", "add 104 1", "connect 2", "edit 103 1", "connect 5", "edit 104 4",
            "connect 6"),
        new("wrr-server-back", Wrr, "add 103 3", "add 104 2", "add 105 1", "connect 4", "remove 103", "connect 5",
            "add 103 3", "connect 7"),
    ];

    /// <summary>As scheduling.sh reads it.</summary>
    internal static string Text => Cases.Aggregate(new StringBuilder(), (text, one) => text
        .Append("case ").Append(one.Name).Append(' ').Append(Schedulers.Name(one.Scheduler)).Append('\n')
        .AppendJoin('\n', one.Steps).Append('\n')).ToString();
}

/// <summary>One service from its creation on.</summary>
internal sealed record SchedulingCase(string Name, SchedulerKind Scheduler, params string[] Steps)
{
    /// <summary>Our scheduler's choices, in the form in which the guest's client writes down who answered.</summary>
    internal string OurChoices()
    {
        var answers = new StringBuilder();
        List<RealServer> reals = [];
        var memory = new SchedulerMemory();
        foreach (string[] step in Steps.Select(step => step.Split(' ')))
        {
            ushort number = ushort.Parse(step[1]);
            int at = reals.FindIndex(real => real.Number == number);
            switch (step[0])
            {
                case "add":
                    reals.Add(new RealServer(number, number, default, int.Parse(step[2])));
                    break;
                case "edit":
                    reals[at] = reals[at] with { Weight = int.Parse(step[2]) };
                    break;
                case "remove":
                    reals.RemoveAt(at);
                    break;
                default:
                    Connect(number);
                    break;
            }
        }

        return answers.ToString();

        void Connect(int count)
        {
            for (; count > 0; count--)
            {
                int chosen = Schedulers.Choose(Scheduler, CollectionsMarshal.AsSpan(reals), memory);
                answers.Append(chosen < 0 ? "none" : $"{reals[chosen].Number}").Append('\n');
            }
        }
    }
}
