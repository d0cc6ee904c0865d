using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;
using XdpLvs.Lab.Wire;

namespace XdpLvs.Lab.Demo.Steps;

/// <summary>A real server dies and comes back; the table follows the checks.</summary>
internal sealed class HealthStep : IDemoStep
{
    private const string Server = "youxi3", Service = "[192.168.5.103]:tcp:80";
    private const double RetriesMs = 3 * 3000, DelayLoopSeconds = 6;

    /// <inheritdoc/>
    public string Title => "5. A real server stops and comes back";

    /// <inheritdoc/>
    public async Task RunAsync(DemoContext context)
    {
        await context.EnsureAsync(DemoContext.RoundRobin);
        try
        {
            await LoseAsync(context);
        }
        catch (LabException)
        {
            context.StartServer(Server); // the steps to come need both servers
            throw;
        }

        await RegainAsync(context);
    }

    private static async Task LoseAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        LabHost server = context.Network[Server];
        var tap = TapProcess.Start(server, "ens33", "tcp");
        int place = context.Youxi1.LogPlace;
        long stopped = TimeProvider.System.Microseconds();
        await context.StopServerAsync(Server);
        report.Note($"the web server on {Server} is stopped; waiting for a check (delay_loop 6 s)…");
        CapturedFrame refusal = await tap.FindAsync(
            frame => IsRefusedCheck(frame, context.Youxi1.Host), TimeSpan.FromSeconds(DelayLoopSeconds + 2), stopped,
            context.Stop) ?? throw new LabException($"no check of youxi1 reached {Server} within delay_loop");
        report.Note($"first refusal after {Seconds(stopped, refusal.Us)}; three more tries, 3 s apart…");

        LabLine down = await context.RequireLogAsync(context.Youxi1, $"Removing service {Service}", place);
        report.Quote(context.Youxi1.LogLines(place, Service));
        report.Check(
            context.Youxi1.LogLines(place, $"TCP_CHECK on service {Service} failed after 3 retries.").Any(),
            "youxi1 logs the check's failure in keepalived's words");
        double ms = (down.Us - refusal.Us) / 1000.0;
        report.Check(
            Math.Abs(ms - RetriesMs) < 1000,
            "out of the table retry x delay_before_retry = 9 s after the first failure",
            $"{ms / 1000:0.00} s");
        await Task.Delay(200, context.Stop); // the log may be ahead of the tap
        int tries = tap.Frames.Count(frame => frame.Us >= stopped && IsRefusedCheck(frame, context.Youxi1.Host));
        report.Check(tries == 4, "one try and three retries on the wire", $"{tries} refusals");
        await tap.StopAsync();

        bool gone = await context.EventuallyAsync(() => !IsListed(context.Youxi1), TimeSpan.FromSeconds(2));
        report.Shown("youxi1", "xdplvs ipvsadm -Ln", context.Youxi1.List());
        report.Check(gone, $"{Server} is not in the table");
        IReadOnlyList<string> served = await context.RequestAsync(20);
        report.Check(served.Count == 20 && served.All(name => name == "youxi4"), "youxi4 serves alone");
    }

    private static async Task RegainAsync(DemoContext context)
    {
        DemoReport report = context.Report;
        int place = context.Youxi1.LogPlace;
        long started = TimeProvider.System.Microseconds();
        context.StartServer(Server);
        report.Note($"the web server on {Server} is started; waiting for a check (delay_loop 6 s)…");
        LabLine back = await context.RequireLogAsync(context.Youxi1, $"Adding service {Service}", place);
        report.Quote(context.Youxi1.LogLines(place, Service));
        report.Check(
            (back.Us - started) / 1e6 < DelayLoopSeconds + 1.5, "back in the table after the next check",
            Seconds(started, back.Us));
        bool listed = await context.EventuallyAsync(() => IsListed(context.Youxi1), TimeSpan.FromSeconds(2));
        report.Check(listed, $"{Server} is listed again");
        IReadOnlyList<string> served = await context.RequestAsync(20);
        int turns = served.Count(name => name == Server);
        report.Check(turns == 10, $"{Server} takes every other turn again", $"{turns} of 20");

        report.Note("waiting for youxi2's own checks to say the same…");
        bool both = await context.EventuallyAsync(() => IsListed(context.Youxi2), TimeSpan.FromSeconds(20));
        report.Check(both, "the standby keeps the same table by its own checks");
    }

    private static bool IsRefusedCheck(CapturedFrame frame, LabHost director) =>
        !frame.IsInbound && frame.IsTcpReset && frame.SourcePort == 80 && frame.Destination == director.Address;

    private static bool IsListed(Director director) =>
        director.List().Contains("192.168.5.103:80", StringComparison.Ordinal);

    private static string Seconds(long fromUs, long toUs) => $"{(toUs - fromUs) / 1e6:0.00} s";
}
