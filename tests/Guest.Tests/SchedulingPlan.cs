using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using XdpLvs.Forwarder.Scheduling;
using XdpLvs.Forwarder.Wire;
using XdpLvs.Linux;
using XdpLvs.TestKit;

namespace XdpLvs.Guest.Tests;

/// <summary>
/// All cases. They run side by side, each on addresses of its own: step by step, all of them are changed at once and
/// all of their clients send.
/// </summary>
internal static class SchedulingPlan
{
    private const SchedulerKind Rr = SchedulerKind.RoundRobin, Wrr = SchedulerKind.WeightedRoundRobin;
    private const SchedulerKind Sh = SchedulerKind.SourceHashing, Dh = SchedulerKind.DestinationHashing;
    private const SchedulerKind Mh = SchedulerKind.Maglev, Ovf = SchedulerKind.WeightedOverflow;
    private const SchedulerKind Lblc = SchedulerKind.LocalityLeastConnections;
    private const SchedulerKind Lblcr = SchedulerKind.LocalityLeastConnectionsReplicated;
    private const SchedulerSwitches Port = SchedulerSwitches.UsePort, Fallback = SchedulerSwitches.Fallback;

    /// <summary>What the script waits for in the capture: it stands in the plan's last frame.</summary>
    private const string End = "the end of the plan";

    /// <summary>Written by hand: what a reader can follow.</summary>
    internal static ImmutableArray<SchedulingCase> ByHand { get; } = Numbered(1,
    [
        ByHandCase("rr-two", Rr, "add 103 1", "add 104 1", "connect 6"),
        ByHandCase("rr-three", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 7"),
        ByHandCase("rr-server-added", Rr, "add 103 1", "add 104 1", "connect 1", "add 105 1", "connect 5"),
        ByHandCase("rr-server-back", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 4", "remove 104", "connect 4",
            "add 104 1", "connect 6"),
        ByHandCase("rr-last-choice-left", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 2", "remove 104",
            "connect 4"),
        ByHandCase("rr-newest-left", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 1", "remove 105", "connect 4"),
        ByHandCase("rr-weight-0", Rr, "add 103 1", "add 104 0", "add 105 1", "connect 5"),
        ByHandCase("rr-drained", Rr, "add 103 1", "add 104 1", "add 105 1", "connect 4", "edit 104 0", "connect 4",
            "edit 104 1", "connect 4"),
        ByHandCase("wrr-1-1", Wrr, "add 103 1", "add 104 1", "connect 5"),
        ByHandCase("wrr-2-1", Wrr, "add 103 2", "add 104 1", "connect 7"),
        ByHandCase("wrr-3-1-2", Wrr, "add 103 3", "add 104 1", "add 105 2", "connect 13"),
        ByHandCase("wrr-1-2-3", Wrr, "add 103 1", "add 104 2", "add 105 3", "connect 13"),
        ByHandCase("wrr-5-0-1", Wrr, "add 103 5", "add 104 0", "add 105 1", "connect 13"),
        ByHandCase("wrr-4-2", Wrr, "add 103 4", "add 104 2", "connect 7"),
        ByHandCase("wrr-4-2-1", Wrr, "add 103 4", "add 104 2", "add 105 1", "connect 8"),
        ByHandCase("wrr-6-4-8-4", Wrr, "add 103 6", "add 104 4", "add 105 8", "add 106 4", "connect 14"),
        ByHandCase("wrr-weights-changed", Wrr, "add 103 3", "add 104 1", "connect 2", "edit 103 1", "connect 5",
            "edit 104 4", "connect 6"),
        ByHandCase("wrr-server-back", Wrr, "add 103 3", "add 104 2", "add 105 1", "connect 4", "remove 103",
            "connect 5", "add 103 3", "connect 7"),
    ]);

    /// <summary>Drawn from a seed, each with more than a thousand connections.</summary>
    internal static ImmutableArray<SchedulingCase> Drawn { get; } = Numbered(65,
    [
        DrawnCase("rr", Rr),
        DrawnCase("wrr", Wrr),
        DrawnCase("wrr-great-weights", Wrr, weightMax: 1000),
        DrawnCase("lc", SchedulerKind.LeastConnections),
        DrawnCase("wlc", SchedulerKind.WeightedLeastConnections),
        DrawnCase("wlc-udp", SchedulerKind.WeightedLeastConnections, isUdp: true),
        DrawnCase("sed", SchedulerKind.ShortestExpectedDelay),
        DrawnCase("nq", SchedulerKind.NeverQueue, finished: 95),
        DrawnCase("fo", SchedulerKind.WeightedFailover),
        DrawnCase("ovf", Ovf, weightMax: 60, finished: 95),
        DrawnCase("lblc", Lblc, weightMax: 60, finished: 90),
        DrawnCase("lblcr", Lblcr, weightMax: 60, finished: 90),
        DrawnCase("dh", Dh, services: 12),
        DrawnCase("sh", Sh),
        DrawnCase("sh-port", Sh, Port),
        DrawnCase("sh-fallback", Sh, Fallback),
        DrawnCase("sh-port-fallback", Sh, Port | Fallback),
        DrawnCase("mh", Mh),
        DrawnCase("mh-port", Mh, Port),
        DrawnCase("mh-fallback", Mh, Fallback),
        DrawnCase("mh-port-fallback", Mh, Port | Fallback),
        DrawnCase("mh-great-weights", Mh, weightMax: 1000),
        DrawnCase("wlc-ipv6", SchedulerKind.WeightedLeastConnections, isV6: true),
        DrawnCase("dh-ipv6", Dh, isV6: true, services: 12),
        DrawnCase("sh-ipv6", Sh, Port | Fallback, isV6: true),
        DrawnCase("mh-ipv6", Mh, Port | Fallback, isV6: true),
    ]);

    /// <summary>Both, in the order of their addresses.</summary>
    internal static ImmutableArray<SchedulingCase> Cases { get; } = [.. ByHand, .. Drawn];

    /// <summary>Writes what tests/Guest/scheduling.sh reads: NNN.rules and NNN.pcap for each step.</summary>
    internal static void Write(string folder)
    {
        int count = Cases.Max(one => one.Steps.Length);
        for (int step = 0; step < count; step++)
        {
            var rules = new StringBuilder();
            List<byte[]> frames = [];
            foreach (SchedulingCase one in Cases.Where(one => step < one.Steps.Length))
            {
                rules.Append(step == 0 ? one.ServiceRules() : "");
                rules.AppendJoin("", one.Steps[step].Changes.Select(one.Rules));
                frames.AddRange(one.Steps[step].Frames.Select(one.Build));
            }

            WriteStep(folder, step, rules.ToString(), frames);
        }

        SchedulingCase last = ByHandCase("end", Rr, "add 103 1", "connect 1");
        FrameBuilder end = last.Builder(last.Steps[0].Frames[0]) with { Payload = Encoding.ASCII.GetBytes(End) };
        string rule = last.ServiceRules() + last.Rules(last.Steps[0].Changes[0]);
        WriteStep(folder, count, rule, [end.Tcp(TcpControl.Syn)]);
    }

    private static void WriteStep(string folder, int step, string rules, List<byte[]> frames)
    {
        File.WriteAllText(Path.Combine(folder, $"{step:D3}.rules"), rules);
        Capture.Write(Path.Combine(folder, $"{step:D3}.pcap"), frames);
    }

    private static ImmutableArray<SchedulingCase> Numbered(int first, SchedulingCase[] cases) =>
        [.. cases.Select((one, at) => one with { Index = first + at })];

    /// <summary>Steps as a sentence has them; a connection is asked for and acknowledged.</summary>
    private static SchedulingCase ByHandCase(string name, SchedulerKind scheduler, params string[] words)
    {
        var steps = ImmutableArray.CreateBuilder<SchedulingStep>();
        List<ServerChange> changes = [];
        ushort port = 20_000;
        foreach (string[] step in words.Select(step => step.Split(' ')))
        {
            if (step[0] != "connect")
            {
                var verb = Enum.Parse<ServerVerb>(step[0], ignoreCase: true);
                changes.Add(new ServerChange(verb, int.Parse(step[1]), step.Length > 2 ? int.Parse(step[2]) : 0));
                continue;
            }

            IpAddress client = 0x0A00_0001;
            ClientFrame[] begun = [.. Enumerable.Range(port, int.Parse(step[1]))
                .Select(from => new ClientFrame(0, client, (ushort)from, TcpControl.Syn))];
            port += (ushort)begun.Length;
            steps.Add(new SchedulingStep(
                [.. changes],
                [.. begun.SelectMany(frame => new[] { frame, frame with { Control = TcpControl.Ack } })]));
            changes.Clear();
        }

        return new SchedulingCase(name, scheduler, steps.ToImmutable());
    }

    private static SchedulingCase DrawnCase(
        string name, SchedulerKind scheduler, SchedulerSwitches switches = 0, int weightMax = 8, int finished = 50,
        int services = 1, bool isV6 = false, bool isUdp = false)
    {
        int seed = name.Aggregate(17, (sum, letter) => ((sum * 31) + letter) % 1_000_003);
        var draw = new SchedulingDraw(seed, isV6)
        {
            WeightMax = weightMax, FinishedOfHundred = finished, Services = services, IsUdp = isUdp,
        };
        return new SchedulingCase(name, scheduler, draw.Draw())
        {
            Switches = switches, Services = services, IsV6 = isV6, Protocol = (byte)(isUdp ? 17 : 6),
        };
    }
}
