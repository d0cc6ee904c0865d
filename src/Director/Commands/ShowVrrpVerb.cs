using System.CommandLine;

namespace XdpLvs.Director.Commands;

/// <summary>The command line of "show vrrp"; the daemon answers.</summary>
internal static class ShowVrrpVerb
{
    internal static Command Make(Option<string> socket)
    {
        var name = new Argument<string?>("instance")
        {
            Description = "Only this one, with its timers, counters and last transitions.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "json: everything, for programs.",
            HelpName = "json",
        };
        output.AcceptOnlyFromAmong("json");
        var command = new Command("vrrp", "The VRRP instances: state and since when, priorities, who is "
            + "master, what is wrong.")
        {
            name, output, socket,
        };
        command.SetAction(parsed => AskCommand.Run(
            parsed.GetRequiredValue(socket),
            [
                "show", "vrrp",
                .. parsed.GetValue(name) is { } only ? (string[])[only] : [],
                .. parsed.GetValue(output) is { } form ? (string[])["-o", form] : [],
            ]));
        return command;
    }
}
