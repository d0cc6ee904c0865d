using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab.Demo.Steps;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Demo;

/// <summary>Builds the network, runs the steps, takes everything down again.</summary>
internal static class DemoRunner
{
    private const int Interrupted = 130;

    private static IReadOnlyList<IDemoStep> Steps { get; } =
    [
        new StartStep(),
        new TableStep(),
        new PersistenceStep(),
        new FrameStep(),
        new HealthStep(),
        new TakeoverStep(),
        new HostDeathStep(),
        new MutualStep(),
    ];

    /// <summary>The whole demo. Returns 0 when every claim held.</summary>
    public static async Task<int> RunAsync(DemoOptions options)
    {
        if (!File.Exists(options.Executable))
        {
            Console.Error.WriteLine($"there is no executable {options.Executable}; build src/Director first");
            return 2;
        }

        using var stop = new StopSignal();
        var report = new DemoReport(Console.Out);
        try
        {
            options = options with { Executable = Path.GetFullPath(options.Executable) };
            await RunInNetworkAsync(options, report, stop.Token);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("\ninterrupted; everything is taken down");
            return Interrupted;
        }
        catch (LabException refusal)
        {
            report.Check(false, "the network was built", refusal.Message);
        }

        report.Summary();
        return report.Failed == 0 && report.Passed > 0 ? 0 : 1;
    }

    /// <summary>Removes a lab that was kept.</summary>
    /// <param name="prefix">Its name.</param>
    public static int TakeDown(string prefix)
    {
        int removed = LabRecord.RemoveLeftovers(prefix);
        Console.WriteLine(
            removed == 0 ? "there is no lab to take down" : $"removed {removed} processes and namespaces");
        return 0;
    }

    private static async Task RunInNetworkAsync(DemoOptions options, DemoReport report, CancellationToken stop)
    {
        report.Heading("The network");
        using LabNetwork network = TutorialNetwork.Build(options.Prefix, endsOnSignal: false);
        if (network.Leftovers > 0)
        {
            report.Note($"an earlier lab was still there: {network.Leftovers} processes and namespaces removed");
        }

        foreach (LabHost host in network.Hosts)
        {
            report.Note($"{host.Namespace,-15} {host.Link} {host.Cidr} {host.Mac}");
        }

        var context = new DemoContext(network, options, report, stop);
        foreach (string server in TutorialNetwork.RealServers)
        {
            context.StartServer(server);
        }

        foreach (IDemoStep step in Steps)
        {
            await RunStepAsync(step, context);
        }

        if (options.Keep)
        {
            await KeepAsync(context);
        }
    }

    private static async Task RunStepAsync(IDemoStep step, DemoContext context)
    {
        context.Stop.ThrowIfCancellationRequested();
        context.Report.Heading(step.Title);
        try
        {
            await step.RunAsync(context);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            context.Report.Check(false, "the step could be finished", failure.Message);
        }
    }

    /// <summary>Starts everything anew without ties to this process: its pipes end with it.</summary>
    private static async Task KeepAsync(DemoContext context)
    {
        context.Report.Heading("The lab stays up");
        await context.StopDirectorsAsync();
        foreach (string server in TutorialNetwork.RealServers)
        {
            await context.StopServerAsync(server);
            LabHost host = context.Network[server];
            string log = Path.Combine(LabRecord.Folder, host.Namespace + ".log");
            host.StartDetached(
                $"server {server}", log, LabTools.Executable, "serve", server, "80", "--requests");
        }

        foreach (Director director in context.Directors)
        {
            director.StartDetached(DemoContext.FileOf(director, DemoContext.Mutual));
        }

        context.Report.Note($"waiting for MASTER ({DemoTimes.MasterDown100Ms / 1000:0.0} s by VRRP)…");
        bool up = await context.EventuallyAsync(
            () => context.Youxi1.Host.Holds(TutorialNetwork.Vip)
                && context.Youxi2.Host.Holds(TutorialNetwork.SecondVip),
            DemoTimes.Election);
        context.Report.Check(up, "both directors run on, each master of its own address");
        Director first = context.Youxi1;
        string client = context.Network[TutorialNetwork.Client].Namespace;
        context.Report.Note($"ip netns exec {client} {LabTools.Executable} get {DemoContext.Url()}");
        context.Report.Note($"ip netns exec {client} {LabTools.Executable} get "
            + DemoContext.Url(TutorialNetwork.SecondVip));
        context.Report.Note($"ip netns exec {first.Host.Namespace} {string.Join(' ', first.ListCommand())}");
        context.Report.Note($"ip -n {first.Host.Namespace} -4 addr show dev {first.Host.Link}");
        context.Report.Note($"tail -f {first.KeptLog}");
        context.Report.Note($"{LabTools.Executable} demo --down --prefix {context.Network.Prefix}     takes it down");
        context.Network.Keep();
    }
}
