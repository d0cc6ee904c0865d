using System;
using System.CommandLine;
using XdpLvs.Director.Commands;

namespace XdpLvs.Director.Tools.Capture;

/// <summary>The command line of capture.</summary>
internal static class CaptureVerb
{
    /// <summary>The verb, with the option that all verbs share.</summary>
    internal static Command Make(Option<string> socket)
    {
        var nic = new Option<string>("--interface", "-i")
        {
            Description = "The interface on which the daemon takes frames; what it sends by another is shown too.",
            Required = true,
            HelpName = "NIC",
        };
        var output = new Option<string>("--write", "-w")
        {
            Description = "File to write (pcap). A frame that goes out has the director's MAC address as its source.",
            Required = true,
            HelpName = "FILE",
        };
        var count = new Option<long?>("--count", "-c")
        {
            Description = "End after so many frames.",
            HelpName = "COUNT",
        };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() is < 1)
            {
                result.AddError("--count takes a number from 1 on");
            }
        });
        var onlyIn = new Option<bool>("--in") { Description = "Only frames that come in." };
        var onlyOut = new Option<bool>("--out") { Description = "Only frames that go out." };
        var filter = new Argument<string[]>("FILTER")
        {
            Description = "Which frames, as tcpdump takes it: see pcap-filter(7). Default: all.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("capture", "Write what enters and leaves the running daemon's rings, which tcpdump "
            + "on the director does not see, to a file. Ends on Ctrl-C.")
        {
            filter, nic, output, count, onlyIn, onlyOut, socket,
        };
        command.SetAction(async parsed =>
        {
            bool all = parsed.GetValue(onlyIn) == parsed.GetValue(onlyOut);
            using var capture = new CaptureCommand(
                new CaptureOptions(
                    parsed.GetRequiredValue(socket),
                    parsed.GetRequiredValue(nic),
                    parsed.GetRequiredValue(output),
                    string.Join(' ', parsed.GetValue(filter) ?? []),
                    parsed.GetValue(count),
                    all || parsed.GetValue(onlyIn),
                    all || parsed.GetValue(onlyOut)),
                Console.Error);
            return await capture.RunAsync().ConfigureAwait(false);
        });
        return command;
    }
}
