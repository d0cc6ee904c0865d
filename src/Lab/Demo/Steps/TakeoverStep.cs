using System;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>The master leaves in good order, and comes back.</summary>
internal sealed class TakeoverStep : IDemoStep
{
    private const double NoticeableMs = 500;

    /// <inheritdoc/>
    public string Title => "6a. youxi1 is stopped (SIGTERM) and started again, under a request every 10 ms";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.RoundRobin);
        await LeaveAsync(context);
        await ReturnAsync(context);
    }

    private static async Task LeaveAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        Director youxi1 = context.Youxi1, youxi2 = context.Youxi2;
        var tap = TapProcess.Start(context.Network.Switch, youxi1.Host.Port, "vrrp");
        int place1 = youxi1.LogPlace, place2 = youxi2.LogPlace;
        ProbeReport probe = await ProbedEvent.RunAsync(context, async () =>
        {
            report.Note("kill -TERM on youxi1…");
            Task leaving = youxi1.StopAsync();
            await context.RequireLogAsync(youxi2, "(VI_1) Entering MASTER STATE", place2);
            await leaving;
        });
        report.Quote(youxi1.LogLines(place1, "(VI_1)"));
        CapturedFrame? farewell = await tap.FindAsync(
            frame => frame.IsInbound && frame.VrrpId == 51 && frame.VrrpPriority == 0, TimeSpan.FromSeconds(1),
            stop: context.Stop);
        report.Check(farewell is not null, "youxi1's last advert has priority 0");
        report.Check(youxi2.Host.Holds(TutorialNetwork.Vip), $"{TutorialNetwork.Vip} is on youxi2");
        report.Check(!youxi1.Host.Holds(TutorialNetwork.Vip), "and no longer on youxi1");
        report.Check(
            probe.EndsAnswered && probe.Lost == 0,
            "the client loses no probe: youxi1 answers until it hears youxi2's first advert",
            $"{probe.Lost} of {probe.Sent} lost, longest gap {probe.LongestGapMs:0} ms");
        await context.RequestAsync(20);
        await tap.StopAsync();
    }

    private static async Task ReturnAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        Director youxi1 = context.Youxi1, youxi2 = context.Youxi2;
        int place2 = youxi2.LogPlace;
        ProbeReport probe = await ProbedEvent.RunAsync(context, async () =>
        {
            context.Start(youxi1, DemoContext.RoundRobin);
            report.Note($"waiting for it to preempt ({DemoTimes.MasterDown100Ms / 1000:0.0} s by VRRP)…");
            await context.RequireLogAsync(youxi1, "(VI_1) Entering MASTER STATE", 0);
        });
        report.Quote(youxi2.LogLines(place2, "(VI_1)"));
        report.Check(youxi1.Host.Holds(TutorialNetwork.Vip), $"{TutorialNetwork.Vip} is on youxi1 again");
        report.Check(
            await context.EventuallyAsync(() => !youxi2.Host.Holds(TutorialNetwork.Vip), TimeSpan.FromSeconds(2)),
            "and no longer on youxi2");
        report.Check(
            probe.EndsAnswered && probe.LongestGapMs < NoticeableMs, "the client hardly notices the way back",
            $"gap {probe.LongestGapMs:0} ms, limit {NoticeableMs:0} ms");
        await context.RequestAsync(20);
    }
}
