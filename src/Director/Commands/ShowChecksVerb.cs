using System.CommandLine;

namespace XdpLvs.Director.Commands;

/// <summary>The command line of "show checks"; the daemon answers.</summary>
internal static class ShowChecksVerb
{
    internal static Command Make(Option<string> socket)
    {
        var server = new Argument<string?>("real-server")
        {
            Description = "Only this one's, and its last results: an address, or in full \"[192.168.5.103]:tcp:80\".",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o")
        {
            Description = "json: everything, for programs.",
            HelpName = "json",
        };
        output.AcceptOnlyFromAmong("json");
        var command = new Command("checks", "The health checks: what each asks, what it found, how long it took.")
        {
            server, output, socket,
        };
        command.SetAction(parsed => AskCommand.Run(
            parsed.GetRequiredValue(socket),
            [
                "show", "checks",
                .. parsed.GetValue(server) is { } only ? (string[])[only] : [],
                .. parsed.GetValue(output) is { } form ? (string[])["-o", form] : [],
            ]));
        return command;
    }
}
