using System;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>The master's host dies without a word: daemon and cable at the same instant.</summary>
internal sealed class HostDeathStep : IDemoStep
{
    // The timer runs from the last advert heard, so the outage is never longer than master-down, and up to one
    // advert shorter. One advert more is granted for announcing, for probes under way and for a busy machine.
    private const double LimitMs = DemoTimes.MasterDown90Ms + DemoTimes.AdvertMs;
    private const double NoticeableMs = 500;

    /// <inheritdoc/>
    public string Title => "6b. youxi1's host dies (SIGKILL and cable pulled), and comes back";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.RoundRobin);
        try
        {
            await DieAsync(context);
        }
        finally
        {
            context.Youxi1.Host.SetCable(plugged: true);
        }

        await ReturnAsync(context);
    }

    private static async Task DieAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        Director youxi1 = context.Youxi1, youxi2 = context.Youxi2;
        int place2 = youxi2.LogPlace;
        ProbeReport probe = await ProbedEvent.RunAsync(context, async () =>
        {
            report.Note(
                $"kill -KILL on youxi1, cable pulled; master-down is {DemoTimes.MasterDown90Ms / 1000:0.00} s…");
            youxi1.Kill();
            youxi1.Host.SetCable(plugged: false);
            await context.RequireLogAsync(youxi2, "(VI_1) Entering MASTER STATE", place2);
        });
        report.Quote(youxi2.LogLines(place2, "(VI_1)"));
        report.Check(youxi2.Host.Holds(TutorialNetwork.Vip), $"{TutorialNetwork.Vip} is on youxi2");
        report.Check(
            probe.EndsAnswered && probe.LongestGapMs < LimitMs, "youxi2 takes over within master-down",
            $"gap {probe.LongestGapMs:0} ms; theory {DemoTimes.MasterDown90Ms - DemoTimes.AdvertMs:0} to "
            + $"{DemoTimes.MasterDown90Ms:0} ms, limit {LimitMs:0} ms");
        await context.RequestAsync(20);
        report.Check(
            youxi1.Host.Holds(TutorialNetwork.Vip), "the dead host still carries the address: nobody could remove it");
    }

    private static async Task ReturnAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        Director youxi1 = context.Youxi1, youxi2 = context.Youxi2;
        ProbeReport probe = await ProbedEvent.RunAsync(context, async () =>
        {
            context.Start(youxi1, DemoContext.RoundRobin);
            await context.RequireLogAsync(youxi1, "(VI_1) Entering BACKUP STATE", 0);
            bool cleaned = await context.EventuallyAsync(
                () => !youxi1.Host.Holds(TutorialNetwork.Vip), TimeSpan.FromSeconds(1));
            report.Check(cleaned, "the restarted daemon removes the address that the dead one left");
            report.Note($"waiting for it to preempt ({DemoTimes.MasterDown100Ms / 1000:0.0} s by VRRP)…");
            await context.RequireLogAsync(youxi1, "(VI_1) Entering MASTER STATE", 0);
        });
        report.Check(
            await context.EventuallyAsync(
                () => youxi1.Host.Holds(TutorialNetwork.Vip) && !youxi2.Host.Holds(TutorialNetwork.Vip),
                TimeSpan.FromSeconds(2)),
            $"{TutorialNetwork.Vip} is on youxi1 again, and there only");
        report.Check(
            probe.EndsAnswered && probe.LongestGapMs < NoticeableMs, "the client hardly notices the way back",
            $"gap {probe.LongestGapMs:0} ms, limit {NoticeableMs:0} ms");
    }
}
