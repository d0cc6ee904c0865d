using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>Two directors start; the one with the higher priority takes the address and tells the network.</summary>
internal sealed class StartStep : IDemoStep
{
    private const int ArpsPerBurst = 5;
    private const double SecondBurstMs = 5000;

    /// <inheritdoc/>
    public string Title => "1. Two directors start, youxi1 becomes MASTER";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        LabHost youxi1 = context.Youxi1.Host, youxi2 = context.Youxi2.Host;
        var tap = TapProcess.Start(context.Network.Switch, youxi1.Port, "arp,vrrp");
        await context.StartPairAsync(DemoContext.Tutorial);
        LabLine started = await context.RequireLogAsync(context.Youxi1, "Entering BACKUP STATE", 0);
        report.Note($"waiting for MASTER ({DemoTimes.MasterDown100Ms / 1000:0.0} s by VRRP)…");
        LabLine master = await context.RequireLogAsync(context.Youxi1, "(VI_1) Entering MASTER STATE", 0);
        report.Quote(context.Youxi1.LogLines(0, "(VI_1) Entering"));
        double ms = (master.Us - started.Us) / 1000.0;
        report.Check(
            Math.Abs(ms - DemoTimes.MasterDown100Ms) < 400, "youxi1 logs (VI_1) Entering MASTER STATE",
            $"{ms:0} ms after it began to listen; master-down is {DemoTimes.MasterDown100Ms:0} ms");

        await context.EventuallyAsync(() => youxi1.Holds(TutorialNetwork.Vip), TimeSpan.FromSeconds(2));
        report.Shown("youxi1", "ip -4 addr show dev ens33", youxi1.ShowAddresses());
        report.Check(
            youxi1.ShowAddresses().Contains($"inet {TutorialNetwork.Vip}/32", StringComparison.Ordinal),
            $"youxi1 holds {TutorialNetwork.Vip}/32 on ens33");
        report.Check(!youxi2.Holds(TutorialNetwork.Vip), "youxi2 does not hold it");
        await CheckArpsAsync(context, tap);
        CheckAdverts(report, tap);
        await tap.StopAsync();
    }

    private static async Task CheckArpsAsync(DemoContext context, TapProcess tap)
    {
        DemoReport report = context.Report;
        CapturedFrame first = await tap.FindAsync(IsAnnouncement, TimeSpan.FromSeconds(2), stop: context.Stop)
            ?? throw new LabException($"no gratuitous ARP for {TutorialNetwork.Vip} crossed youxi1's cable");
        report.Note("counting gratuitous ARPs on youxi1's cable for 7 s: five now, five more after 5 s…");
        await Task.Delay(TimeSpan.FromSeconds(7), context.Stop);

        List<double> at = [.. tap.Frames.Where(IsAnnouncement).Select(frame => (frame.Us - first.Us) / 1000.0)];
        string moments = string.Join(", ", at.Select(ms => $"{ms:0}"));
        report.Quote([$"gratuitous ARP for {TutorialNetwork.Vip} at {moments} ms"]);
        int early = at.Count(ms => ms < SecondBurstMs / 2);
        report.Check(early == ArpsPerBurst, "exactly five gratuitous ARPs at the takeover", $"{early} seen");
        int late = at.Count - early;
        report.Check(
            late == ArpsPerBurst && Math.Abs(at[early] - SecondBurstMs) < 500, "five more after 5 s", $"{late} seen");
        report.Quote(context.Youxi1.LogLines(0, "gratuitous ARP").Take(2));
    }

    private static void CheckAdverts(DemoReport report, TapProcess tap)
    {
        List<CapturedFrame> adverts = [.. tap.Frames.Where(frame => frame.IsInbound && frame.VrrpId == 51)];
        IEnumerable<double> gaps = adverts.Zip(adverts.Skip(1), (one, next) => (next.Us - one.Us) / 1000.0);
        double worst = gaps.Select(gap => Math.Abs(gap - DemoTimes.AdvertMs)).DefaultIfEmpty(double.MaxValue).Max();
        report.Check(
            adverts.Count >= 5 && worst < 200 && adverts.All(advert => advert.VrrpPriority == 100),
            "youxi1 sends an advert with priority 100 each second",
            $"{adverts.Count} adverts, at most {worst:0} ms off the beat");
    }

    private static bool IsAnnouncement(CapturedFrame frame) =>
        frame.IsInbound && frame.IsGratuitousArp && frame.ArpSender == TutorialNetwork.Vip;
}
