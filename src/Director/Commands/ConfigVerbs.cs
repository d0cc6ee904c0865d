using System;
using System.CommandLine;
using System.Linq;
using XdpLvs.Director.Commands.Convert;

namespace XdpLvs.Director.Commands;

/// <summary>The command lines of the verbs that only read, and write, configurations.</summary>
internal static class ConfigVerbs
{
    private const string Test = "--config-test";

    /// <summary>The id for <c>@id</c> lines, as keepalived has it.</summary>
    internal static Option<string?> ConfigId { get; } = new("--config-id", "-i")
    {
        Description = "What lines that start with @ are for. Default: the host's name up to its first dot.",
        HelpName = "ID",
    };

    /// <summary>keepalived's way to ask for a check: -t among the options, and no verb.</summary>
    /// <param name="words">The command line.</param>
    /// <returns>The same as words of the verb check; the words themselves if they do not ask for it.</returns>
    internal static string[] TakeTest(string[] words)
    {
        bool isTest = words.Length > 0 && words[0].StartsWith('-') && words.Any(word => word is "-t" or Test);
        return isTest ? ["check", .. words.Where(word => word is not ("-t" or Test))] : words;
    }

    /// <summary>check.</summary>
    internal static Command Check(Option<string> config)
    {
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors." };
        var form = new Option<string>("--output", "-o")
        {
            Description = "How to print findings: text, or json for programs.",
            DefaultValueFactory = _ => "text",
        };
        form.AcceptOnlyFromAmong("text", "json");
        var command = new Command("check", "Read a configuration and print every error in it, with its place; "
            + "xdplvs -t is the same. Nothing of this machine but the files is looked at. "
            + "Exit code 0: fine; 5: errors found; 4: the file cannot be read.")
        {
            config, ConfigId, strict, form,
        };
        command.SetAction(parsed => CheckCommand.Run(
            new CheckOptions(
                parsed.GetRequiredValue(config),
                parsed.GetValue(ConfigId),
                parsed.GetValue(strict),
                parsed.GetValue(form) == "json"),
            Console.Out));
        return command;
    }

    /// <summary>fmt.</summary>
    internal static Command Fmt(Option<string> config)
    {
        var write = new Option<bool>("--write", "-w") { Description = "Replace the file instead of printing." };
        var command = new Command("fmt", "Print a configuration in one tidy form: a statement a line, four blanks for "
            + "each block. Comments stay, and so does what it means. Included files are left alone.")
        {
            config, write,
        };
        command.SetAction(parsed => FmtCommand.Run(
            parsed.GetRequiredValue(config), parsed.GetValue(write), Console.Out, Console.Error));
        return command;
    }

    /// <summary>convert.</summary>
    internal static Command Convert()
    {
        var file = new Argument<string>("FILE")
        {
            Description = "What to convert; - for standard input.",
            DefaultValueFactory = _ => "-",
        };
        var command = new Command("convert", "Turn what 'ipvsadm -Sn' wrote into virtual_server blocks, or the "
            + "virtual_server blocks of a configuration into rules for 'ipvsadm -R'. Example: "
            + "ipvsadm -Sn | xdplvs convert")
        {
            file,
        };
        command.SetAction(parsed => ConvertCommand.Run(
            parsed.GetRequiredValue(file), Console.In, Console.Out, Console.Error));
        return command;
    }
}
