using System;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>Something happens while a client asks every 10 ms; what did the client notice?</summary>
internal static class ProbedEvent
{
    private const int SettleMs = 500;

    /// <summary>Probes, lets the event happen, lets the dust settle, and reports.</summary>
    public static async Task<ProbeReport> RunAsync(DemoContext context, Func<Task> happen)
    {
        await context.Client.StartProbeAsync(DemoContext.Url());
        try
        {
            await Task.Delay(SettleMs, context.Stop);
            await happen();
            await Task.Delay(SettleMs, context.Stop);
        }
        catch (LabException)
        {
            // The client must not be left probing into the next step.
            await context.Client.StopProbeAsync(context.Stop);
            throw;
        }

        ProbeReport report = await context.Client.StopProbeAsync(context.Stop);
        context.Report.Quote([report.ToString()]);
        return report;
    }
}
