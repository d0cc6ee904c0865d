using System;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>Two addresses, each director master of one and standby for the other.</summary>
internal sealed class MutualStep : IDemoStep
{
    private const string Vip1 = TutorialNetwork.Vip, Vip2 = TutorialNetwork.SecondVip;

    /// <inheritdoc/>
    public string Title => "7. Mutual backup: each director has its own address, and both when the other is down";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.Mutual);
        await context.RequireLogAsync(context.Youxi2, "(VI_2) Entering MASTER STATE", 0);
        await CheckOwnersAsync(context, context.Youxi1, context.Youxi2);
        context.Report.Shown("youxi1", "xdplvs ipvsadm -Ln", context.Youxi1.List());
        await RequestBothAsync(context);
        await GoAndReturnAsync(context, context.Youxi2, context.Youxi1, "VI_2");
        await GoAndReturnAsync(context, context.Youxi1, context.Youxi2, "VI_1");
        await RequestBothAsync(context);
    }

    private static async Task GoAndReturnAsync(DemoContext context, Director leaver, Director stayer, string instance)
    {
        int place = stayer.LogPlace;
        context.Report.Note($"kill -TERM on {leaver.Name}…");
        await leaver.StopAsync();
        await context.RequireLogAsync(stayer, $"({instance}) Entering MASTER STATE", place);
        await CheckOwnersAsync(context, stayer, stayer);
        await RequestBothAsync(context);

        context.Start(leaver, DemoContext.Mutual);
        context.Report.Note($"waiting for it to preempt ({DemoTimes.MasterDown100Ms / 1000:0.0} s by VRRP)…");
        await context.RequireLogAsync(leaver, $"({instance}) Entering MASTER STATE", 0);
        await CheckOwnersAsync(context, context.Youxi1, context.Youxi2);
    }

    private static async Task CheckOwnersAsync(DemoContext context, Director first, Director second)
    {
        bool settled = await context.EventuallyAsync(() => Owner(context, Vip1) == first.Name
            && Owner(context, Vip2) == second.Name, TimeSpan.FromSeconds(2));
        context.Report.Check(
            settled, $"{first.Name} holds {Vip1}, {second.Name} holds {Vip2}",
            settled ? "" : $"{Vip1} is on {Owner(context, Vip1)}, {Vip2} on {Owner(context, Vip2)}");
    }

    private static string Owner(DemoContext context, string vip) =>
        (context.Youxi1.Host.Holds(vip), context.Youxi2.Host.Holds(vip)) switch
        {
            (true, false) => context.Youxi1.Name,
            (false, true) => context.Youxi2.Name,
            (true, true) => "both",
            _ => "neither",
        };

    private static async Task RequestBothAsync(DemoContext context)
    {
        await context.RequestAsync(10, Vip1);
        await context.RequestAsync(10, Vip2);
    }
}
