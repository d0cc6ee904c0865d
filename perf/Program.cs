using System;
using System.CommandLine;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace XdpLvs.Perf;

/// <summary>A verb for each question. Each prints a table; none is a test.</summary>
internal static class Program
{
    private const int HostRounds = 7;

    private static Task<int> Main(string[] words)
    {
        var daemon = new Option<string>("--xdplvs")
        {
            Description = "The director's executable.",
            Required = true,
            Recursive = true,
        };
        Option<string?> json = File("--json", "Write the figures there."), svg = File("--svg", "Draw them there.");
        var seconds = new Option<int>("--seconds")
        {
            Description = "Length of one round.",
            DefaultValueFactory = _ => 10,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds; the table shows their median and range.",
            DefaultValueFactory = _ => 5,
        };
        var idle = new Command("idle", "How much processor a director uses that has nothing to forward: as master, "
            + "with its checks and adverts going on.")
        {
            seconds, rounds,
        };
        idle.SetAction((parsed, stop) => IdleRun.RunAsync(
            parsed.GetRequiredValue(daemon),
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            stop));
        var root = new RootCommand("What the running daemon costs, and what others cost in the same run. A goal that "
            + "is missed makes exit code 1.")
        {
            daemon, json, svg, idle, Ipvs(daemon, parsed => ReportOf(parsed, json, svg)),
            Host(daemon, parsed => ReportOf(parsed, json, svg)),
            Latency(daemon, rounds, parsed => ReportOf(parsed, json, svg)),
            Control(daemon, rounds, parsed => ReportOf(parsed, json, svg)),
            Config(daemon, rounds, parsed => ReportOf(parsed, json, svg)),
        };
        return root.Parse(words.Length == 2 ? ["--help"] : words).InvokeAsync();
    }

    private static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "FILE", Recursive = true };

    private static Report ReportOf(ParseResult parsed, Option<string?> json, Option<string?> svg) =>
        new(parsed.GetValue(json), parsed.GetValue(svg), Path.Combine(Here(), "history.jsonl"));

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

    private static Command Latency(Option<string> daemon, Option<int> rounds, Func<ParseResult, Report> report)
    {
        var seconds = new Option<double>("--seconds")
        {
            Description = "Length of one measurement.",
            DefaultValueFactory = _ => 2,
        };
        var latency = new Command("latency", "How long a frame takes from client to real server at 10 % and 70 % of "
            + "each way's capacity, beside a bare cable and plain kernel routing, and while the collector works.")
        {
            seconds, rounds,
        };
        latency.SetAction((parsed, stop) => LatencyRun.RunAsync(
            parsed.GetRequiredValue(daemon),
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            report(parsed),
            stop));
        return latency;
    }

    private static Command Control(Option<string> daemon, Option<int> rounds, Func<ParseResult, Report> report)
    {
        var control = new Command("control", "How long a dead real server gets new connections, what a large table "
            + "takes, how long a start takes, and memory with a million flows.")
        {
            rounds,
        };
        control.SetAction((parsed, stop) => ControlRun.RunAsync(
            parsed.GetRequiredValue(daemon), parsed.GetValue(rounds), report(parsed), stop));
        return control;
    }

    private static Command Config(Option<string> daemon, Option<int> rounds, Func<ParseResult, Report> report)
    {
        var patience = new Option<int>("--patience")
        {
            Description = "Seconds after which a program that checks is ended; it counts as having taken that long.",
            DefaultValueFactory = _ => 60,
        };
        var config = new Command("config", "Time and memory of a check of a big configuration, beside keepalived -t on "
            + "the same file, in turns.")
        {
            rounds, patience,
        };
        config.SetAction((parsed, stop) => ConfigRun.RunAsync(
            parsed.GetRequiredValue(daemon),
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(patience)),
            report(parsed),
            stop));
        return config;
    }

    private static Command Ipvs(Option<string> daemon, Func<ParseResult, Report> report)
    {
        var boots = new Option<int>("--boots")
        {
            Description = "Boots of the guest; the table shows their median.",
            DefaultValueFactory = _ => 3,
        };
        var windows = new Option<int>("--windows")
        {
            Description = "Windows of 20 bursts of 64 frames for each measurement.",
            DefaultValueFactory = _ => 24,
        };
        var guest = new Option<bool>("--guest")
        {
            Description = "In the guest also where this host's own kernel has IPVS.",
        };
        var ipvs = new Command("ipvs", "Instructions for each forwarded frame against kernel IPVS, in a guest kernel "
            + "that has it, on virtio NICs, all ways in one boot. Where this host's kernel has IPVS: as host does.")
        {
            boots, windows, guest,
        };
        ipvs.SetAction(async (parsed, stop) =>
        {
            if (!parsed.GetValue(guest) && await HostPrograms.HasIpvsAsync(stop))
            {
                Console.WriteLine("this host's kernel has IPVS: measured here, by the clock (--guest: instructions)");
                return await HostRun.RunAsync(
                    parsed.GetRequiredValue(daemon), HostRounds, TimeSpan.FromSeconds(1), report(parsed), stop);
            }

            return await IpvsRun.RunAsync(
                parsed.GetRequiredValue(daemon),
                parsed.GetValue(boots),
                parsed.GetValue(windows),
                report(parsed),
                stop);
        });
        return ipvs;
    }

    private static Command Host(Option<string> daemon, Func<ParseResult, Report> report)
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds of every way once; ratios are of one round, the table shows their median.",
            DefaultValueFactory = _ => HostRounds,
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Length of one measurement; it has a million frames at least.",
            DefaultValueFactory = _ => 1,
        };
        var host = new Command("host", "Processor time for each forwarded frame on this host, by real frames on veth: "
            + "our ways beside bare XDP_TX and a plain C forwarder, in turns.")
        {
            rounds, seconds,
        };
        host.SetAction((parsed, stop) => HostRun.RunAsync(
            parsed.GetRequiredValue(daemon),
            parsed.GetValue(rounds),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            report(parsed),
            stop));
        return host;
    }
}
