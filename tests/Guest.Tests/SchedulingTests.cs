using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>Our schedulers beside the kernel's, connection by connection, in one run of both.</summary>
[Trait("Group", "Guest")]
public sealed class SchedulingTests(GuestRun guest, SchedulingRun run) : IClassFixture<SchedulingRun>
{
    public static TheoryData<string> Names => [.. SchedulingPlan.Cases.Select(one => one.Name)];

    public static TheoryData<string> NamesDrawn => [.. SchedulingPlan.Drawn.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_frame_goes_where_the_kernel_sends_it(string name)
    {
        SchedulingCase one = SchedulingPlan.Cases.Single(one => one.Name == name);
        string[] lines = Lines(one, await run.RecordAsync(guest));
        string path = await guest.PathOfAsync("scheduling", $"{name}.txt");
        await File.WriteAllLinesAsync(path, lines, TestContext.Current.CancellationToken);

        Assert.Equal([], lines.Where(line => line.Contains("kernel", StringComparison.Ordinal)).Take(20));
    }

    /// <summary>So that agreement means something: there was a choice, and every kind of event.</summary>
    [Theory]
    [MemberData(nameof(NamesDrawn))]
    public void A_drawn_case_has_a_thousand_connections_and_everything_that_may_happen(string name)
    {
        SchedulingCase one = SchedulingPlan.Drawn.Single(one => one.Name == name);
        int[] ours = [.. Choices(one, SchedulingReplay.Run(one))];
        ServerChange[] changes = [.. one.Steps.SelectMany(step => step.Changes)];

        Assert.InRange(one.Connections, 1000, 2000);
        Assert.InRange(ours.Count(server => server > 0), 500, 2000);
        Assert.InRange(ours.Where(server => server > 0).Distinct().Count(), 4, 8);
        Assert.Contains(changes, change => change.Verb == ServerVerb.Remove);
        Assert.Contains(changes, change => change is { Verb: ServerVerb.Edit, Weight: 0 });
        Assert.Contains(changes, change => change.Limit > 0);
    }

    /// <summary>artifacts/guest/run/out/scheduling/agreement.txt: a line for each scheduler.</summary>
    [Fact]
    public async Task The_table_of_agreement_is_written()
    {
        SchedulingRecord record = await run.RecordAsync(guest);
        var table = new StringBuilder();
        table.Append($"{"case",-22}{"connections",12}{"differ",8}{"frames",8}{"differ",8}\n");
        foreach (SchedulingCase one in SchedulingPlan.Cases)
        {
            int[] ours = SchedulingReplay.Run(one);
            int[] kernel = [.. Frames(one).Select(frame => record.ServerOf(one, frame))];
            int frames = ours.Zip(kernel).Count(pair => pair.First != pair.Second);
            int choices = Choices(one, ours).Zip(Choices(one, kernel)).Count(pair => pair.First != pair.Second);
            table.Append($"{one.Name,-22}{one.Connections,12}{choices,8}{ours.Length,8}{frames,8}\n");
        }

        await File.WriteAllTextAsync(
            await guest.PathOfAsync("scheduling", "agreement.txt"), $"{table}", TestContext.Current.CancellationToken);
        Assert.InRange(record.Count, 20_000, 200_000);
    }

    private static IEnumerable<ClientFrame> Frames(SchedulingCase one) => one.Steps.SelectMany(step => step.Frames);

    /// <summary>Of what happened to all frames, what was decided for those that begin a connection.</summary>
    private static IEnumerable<int> Choices(SchedulingCase one, IEnumerable<int> servers) =>
        Frames(one).Zip(servers).Where(pair => SchedulingCase.Begins(pair.First)).Select(pair => pair.Second);

    /// <summary>What was done and where each frame went; two servers where the two of us differ.</summary>
    private static string[] Lines(SchedulingCase one, SchedulingRecord record)
    {
        List<string> lines = [];
        var ours = new Queue<int>(SchedulingReplay.Run(one));
        foreach (SchedulingStep step in one.Steps)
        {
            lines.AddRange(step.Changes.Select(change => $"{change}"));
            foreach (ClientFrame frame in step.Frames)
            {
                int here = ours.Dequeue(), there = record.ServerOf(one, frame);
                lines.Add($"{frame}: {here}" + (here == there ? "" : $", the kernel {there}"));
            }
        }

        return [.. lines];
    }
}

/// <summary>Reads the guest's record once for all tests.</summary>
public sealed class SchedulingRun
{
    private SchedulingRecord? _record;

    internal async Task<SchedulingRecord> RecordAsync(GuestRun guest) =>
        _record ??= new SchedulingRecord(await guest.PathOfAsync("scheduling", "forwarded.pcap"));
}
