using System;
using System.CommandLine;
using System.Threading.Tasks;

namespace XdpLvs.Perf;

/// <summary>A verb for each question. Each prints a table; none is a test.</summary>
internal static class Program
{
    private static Task<int> Main(string[] words)
    {
        var daemon = new Option<string>("--xdplvs")
        {
            Description = "The director's executable.",
            Required = true,
            Recursive = true,
        };
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
        var root = new RootCommand("What the running daemon costs, measured in the tutorial's network on this machine.")
        {
            daemon, idle,
        };
        return root.Parse(words.Length == 2 ? ["--help"] : words).InvokeAsync();
    }
}
