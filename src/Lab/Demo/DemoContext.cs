using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Lab.Processes;

namespace XdpLvs.Lab.Demo;

/// <summary>What the steps share: the network, who runs on it, and the report.</summary>
internal sealed class DemoContext(LabNetwork network, DemoOptions options, DemoReport report, CancellationToken stop)
{
    /// <summary>The tutorial's files: persistence on.</summary>
    public const string Tutorial = "";

    /// <summary>Persistence commented out.</summary>
    public const string RoundRobin = "-rr";

    /// <summary>Two instances, each director master of one.</summary>
    public const string Mutual = "-mutual";

    private readonly Dictionary<string, HttpServerProcess> _servers = [];
    private string? _variant;

    /// <summary>Switch, directors, real servers, client.</summary>
    public LabNetwork Network => network;

    /// <summary>Where claims and verdicts go.</summary>
    public DemoReport Report => report;

    /// <summary>Cancelled when the operator wants to end.</summary>
    public CancellationToken Stop => stop;

    /// <summary>The director that masters 192.168.5.100 while it lives.</summary>
    public Director Youxi1 { get; } = new(network["youxi1"], options);

    /// <summary>The director that stands by for it.</summary>
    public Director Youxi2 { get; } = new(network["youxi2"], options);

    /// <summary>Both, in order.</summary>
    public IReadOnlyList<Director> Directors => [Youxi1, Youxi2];

    /// <summary>The client.</summary>
    public ClientProcess Client { get; } = ClientProcess.Start(network[TutorialNetwork.Client]);

    /// <summary>http://VIP/.</summary>
    public static string Url(string vip = TutorialNetwork.Vip) => $"http://{vip}/";

    /// <summary>Name of a director's file in a variant.</summary>
    public static string FileOf(Director director, string variant) => $"{director.Name}{variant}.conf";

    /// <summary>Starts the web server of a real server.</summary>
    public void StartServer(string name) => _servers[name] = HttpServerProcess.Start(network[name]);

    /// <summary>Ends it: the host then refuses connections.</summary>
    public Task StopServerAsync(string name) => _servers[name].StopAsync();

    /// <summary>Starts one director with a variant's file and says so.</summary>
    public void Start(Director director, string variant)
    {
        report.Note($"{director.Name} $ xdplvs run -f demo/{FileOf(director, variant)}");
        director.Start(FileOf(director, variant));
        _variant = variant;
    }

    /// <summary>Both directors running a variant, youxi1 master. Does nothing when that is so already.</summary>
    public async Task EnsureAsync(string variant)
    {
        if (_variant == variant && Directors.All(director => director.IsRunning)
            && Youxi1.Host.Holds(TutorialNetwork.Vip))
        {
            return;
        }

        await StopDirectorsAsync();
        await StartPairAsync(variant);
        report.Note($"waiting for MASTER ({DemoTimes.MasterDown100Ms / 1000:0.0} s by VRRP)…");
        await RequireLogAsync(Youxi1, "(VI_1) Entering MASTER STATE", 0);
    }

    /// <summary>Starts youxi1 and, as soon as that one is in the election, youxi2.</summary>
    public async Task StartPairAsync(string variant)
    {
        Start(Youxi1, variant);
        await RequireLogAsync(Youxi1, "Entering BACKUP STATE", 0);
        Start(Youxi2, variant);
        await RequireLogAsync(Youxi2, "Entering BACKUP STATE", 0);
    }

    /// <summary>Stops both, the standby first so that nothing changes hands on the way.</summary>
    public async Task StopDirectorsAsync()
    {
        await Youxi2.StopAsync();
        await Youxi1.StopAsync();
    }

    /// <summary>A line without which the step makes no sense; its absence ends the step.</summary>
    public async Task<LabLine> RequireLogAsync(Director director, string phrase, int place) =>
        await director.LogAsync(phrase, DemoTimes.Election, place, stop)
        ?? throw new LabException(
            $"{director.Name} did not log \"{phrase}\". The end of its log:\n{director.LogTail()}");

    /// <summary>Asks again and again, until the answer is yes or the limit passes.</summary>
    public async Task<bool> EventuallyAsync(Func<bool> holds, TimeSpan limit)
    {
        long deadline = TimeProvider.System.Microseconds() + (long)limit.TotalMicroseconds;
        while (!holds())
        {
            if (TimeProvider.System.Microseconds() > deadline)
            {
                return false;
            }

            await Task.Delay(100, stop);
        }

        return true;
    }

    /// <summary>Requests one after the other, with a claim that all were answered.</summary>
    public async Task<IReadOnlyList<string>> RequestAsync(int count, string vip = TutorialNetwork.Vip)
    {
        IReadOnlyList<RequestResult> results = await Client.GetManyAsync(Url(vip), count, stop: stop);
        string[] served = [.. results.Where(result => result.Ok).Select(result => result.Body)];
        string counts = string.Join(", ", served.GroupBy(name => name).OrderBy(group => group.Key)
            .Select(group => $"{group.Key} {group.Count()}"));
        RequestResult? lost = results.FirstOrDefault(result => !result.Ok);
        report.Check(
            lost is null,
            $"{count} requests to {vip}, each on a new connection, all answered",
            lost is null ? counts : $"{served.Length} answered ({counts}); first refusal: {lost.Body}");
        return served;
    }
}
