using System;
using System.CommandLine;
using System.Threading.Tasks;
using XdpLvs.Director.Commands;
using XdpLvs.Director.Commands.Ipvsadm;
using XdpLvs.Director.Control;
using XdpLvs.Director.Forwarding;
using XdpLvs.Director.Tools.Capture;
using XdpLvs.Director.Tools.Replay;
using OffloadMode = XdpLvs.Config.OffloadMode;

namespace XdpLvs.Director;

/// <summary>The command line. Each verb is one method under Commands.</summary>
internal static class Program
{
    private const string DefaultConfig = "/etc/keepalived/keepalived.conf";

    private static readonly Option<string> Config = new("--use-file", "-f")
    {
        Description = $"The configuration, in keepalived's language. Default: {DefaultConfig}",
        DefaultValueFactory = _ => DefaultConfig,
        HelpName = "FILE",
    };

    private static readonly Option<string> Socket = new("--control")
    {
        Description = "Unix socket between the daemon and the other verbs. "
            + $"Default: $XDPLVS_CONTROL, or {ControlSocket.DefaultPath}",
        DefaultValueFactory = _ => ControlSocket.PathFromEnvironment(),
        HelpName = "PATH",
    };

    private static Task<int> Main(string[] words)
    {
        if (words is ["ipvsadm", .. var rest])
        {
            return Task.FromResult(IpvsadmCommand.Run(rest)); // its options are read as ipvsadm reads them: in order
        }

        var root = new RootCommand(
            "xdplvs: an LVS-DR director in one process. It reads keepalived.conf, owns virtual addresses by VRRP, "
            + "checks real servers, and forwards frames to them without kernel IPVS.")
        {
            Run(), ConfigVerbs.Check(Config), ConfigVerbs.Fmt(Config), ConfigVerbs.Convert(), Ipvsadm(), Counters(),
            Show(), GenhashVerb.Make(), ReplayVerb.Make(Config), CaptureVerb.Make(Socket),
        };
        ParseResult parsed = root.Parse(ConfigVerbs.TakeTest(words));
        var config = new InvocationConfiguration { ProcessTerminationTimeout = null }; // run ends in order, by itself
        return parsed.Errors.Count == 0 ? parsed.InvokeAsync(config) : Complain(parsed);
    }

    private static async Task<int> Complain(ParseResult parsed)
    {
        await parsed.InvokeAsync().ConfigureAwait(false); // prints what is wrong, and the help
        return ExitCode.Usage;
    }

    private static Command Run()
    {
        var io = new Option<string>("--io")
        {
            Description = "How frames come in and go out: auto takes the first of the others that works. xdp: AF_XDP "
                + "with the program in the driver; xdp-generic: above the driver; packet: AF_PACKET rings, any NIC.",
            DefaultValueFactory = _ => "auto",
        };
        io.AcceptOnlyFromAmong("auto", "xdp", "xdp-generic", "packet");
        var strict = new Option<bool>("--strict")
        {
            Description = "Do not start when the configuration has errors. Otherwise it starts with what it "
                + "understood, as keepalived does; a real server whose check was not understood stays out of service.",
        };
        var flows = new Option<int?>("--flows")
        {
            Description = "IPv4 connections to remember at once, 64 to 134217728, in place of the configuration's "
                + "flow_table_size. Memory is committed as it is used.",
        };
        flows.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 64 or > 1 << 27)
            {
                result.AddError("--flows takes a number from 64 to 134217728");
            }
        });
        var offload = new Option<string?>("--offload")
        {
            Description = "Whether the XDP program forwards established connections by itself: auto, where it can; on, "
                + "or do not start; off. In place of the configuration's offload, which is auto by default.",
        };
        offload.AcceptOnlyFromAmong("auto", "on", "off");
        var pin = new Option<string>("--pin")
        {
            Description = "Folder on a BPF file system where the program and its flows stay for offload_persist "
                + "seconds if this process is killed; the next one takes them over. "
                + $"Default: {OffloadPins.BaseDefault}",
            DefaultValueFactory = _ => OffloadPins.BaseDefault,
            HelpName = "FOLDER",
        };
        var command = new Command("run", "Run the director in the foreground, one line for every event. Ends on "
            + "SIGTERM or SIGINT, and takes down all that it set up.")
        {
            Config, ConfigVerbs.ConfigId, Socket, io, offload, pin, strict, flows,
        };
        command.SetAction(parsed => RunCommand.RunAsync(
            new RunOptions(
                parsed.GetRequiredValue(Config),
                parsed.GetRequiredValue(Socket),
                parsed.GetRequiredValue(io) switch
                {
                    "xdp" => IoChoice.Xdp,
                    "xdp-generic" => IoChoice.XdpGeneric,
                    "packet" => IoChoice.Packet,
                    _ => IoChoice.Auto,
                },
                parsed.GetValue(strict),
                parsed.GetValue(flows),
                parsed.GetValue(offload) is { } mode ? Enum.Parse<OffloadMode>(mode, ignoreCase: true) : null,
                parsed.GetRequiredValue(pin)) { ConfigId = parsed.GetValue(ConfigVerbs.ConfigId) }));
        return command;
    }

    private static Command Ipvsadm() => new(
        "ipvsadm",
        "Ask the running daemon for its services, connections and statistics, printed as ipvsadm prints the kernel's. "
            + "Examples: xdplvs ipvsadm -Ln; xdplvs ipvsadm -Lnc; xdplvs ipvsadm --help");

    private static Command Counters()
    {
        var command = new Command("counters", "Ask the running daemon through which door every frame left: forwarded, "
            + "or dropped for one named reason; and what VRRP heard and refused.")
        {
            Socket,
        };
        command.SetAction(parsed => AskCommand.Run(parsed.GetRequiredValue(Socket), ["counters"]));
        return command;
    }

    private static Command ShowConfig()
    {
        var output = new Option<string>("--output", "-o")
        {
            Description = "text, in keepalived's shape, or json.",
            DefaultValueFactory = _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("config", "What a configuration means: every value, defaults filled in, and where it "
            + "comes from. Secrets are covered. Exit code 0: fine; 5: errors found; 4: the file cannot be read.")
        {
            Config, output,
        };
        command.SetAction(parsed => ShowConfigCommand.Run(
            parsed.GetRequiredValue(Config), parsed.GetRequiredValue(output) == "json", Console.Out, Console.Error));
        return command;
    }

    private static Command Show()
    {
        var name = new Argument<string[]>("interface")
        {
            Description = "Only of these interfaces.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var program = new Command("program", "The XDP program as the kernel runs it, an instruction a line: what goes "
            + "to the kernel, what to the forwarder, and what it forwards by itself.")
        {
            name, Socket,
        };
        program.SetAction(parsed => AskCommand.Run(
            parsed.GetRequiredValue(Socket), ["show", "program", .. parsed.GetRequiredValue(name)]));
        return new Command("show", "Show what is inside the running daemon, or what a configuration means.")
        {
            program, ShowChecksVerb.Make(Socket), ShowVrrpVerb.Make(Socket), ShowConfig(),
        };
    }
}
