using System;
using System.CommandLine;
using System.Threading.Tasks;
using XdpLvs.Lab.Demo;

namespace XdpLvs.Lab.Verbs;

/// <summary><c>demo</c>: its options, and what <c>--help</c> says about them.</summary>
internal static class DemoVerb
{
    /// <summary>The verb, ready to be added.</summary>
    public static Command Build()
    {
        var executable = new Option<string>("--xdplvs")
        {
            Description = "The daemon to show: path of the executable, or of its .dll.",
            DefaultValueFactory = _ => "",
        };
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave network and directors running at the end, and say how to enter them.",
        };
        var down = new Option<bool>("--down") { Description = "Take down a lab that was kept or left behind." };
        var io = new Option<string>("--io")
        {
            Description = "How the directors take frames, handed on to them: auto, xdp, xdp-generic or packet.",
            DefaultValueFactory = _ => "",
        };
        var prefix = new Option<string>("--prefix")
        {
            Description = "First part of the namespaces' names. Labs of different names live side by side.",
            DefaultValueFactory = _ => "xdplvs",
        };
        var verb = new Command(
            "demo",
            "Two directors, two real servers, a client: start, table, persistence, frames, checks, takeover, mutual\n"
            + "backup. Every claim is checked on real packets; the last line says how many held. About two minutes.")
        {
            executable, keep, down, io, prefix,
        };
        verb.SetAction(async parsed => parsed.GetValue(down)
            ? DemoRunner.TakeDown(parsed.GetValue(prefix)!)
            : await RunAsync(new DemoOptions(
                parsed.GetValue(executable)!,
                parsed.GetValue(io)!,
                parsed.GetValue(prefix)!,
                parsed.GetValue(keep))));
        return verb;
    }

    private static Task<int> RunAsync(DemoOptions options)
    {
        if (options.Executable.Length > 0)
        {
            return DemoRunner.RunAsync(options);
        }

        Console.Error.WriteLine("which daemon? xdplvs-lab demo --xdplvs PATH");
        return Task.FromResult(2);
    }
}
