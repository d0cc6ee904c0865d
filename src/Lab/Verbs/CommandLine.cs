using System;
using System.CommandLine;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Verbs;

/// <summary>The verbs, their arguments and what <c>--help</c> says about them.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs. Returns the exit code.</summary>
    public static Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand(
            "A network in network namespaces on this machine: a switch, two directors, two real servers, a client.\n"
            + "It shows and proves what xdplvs does on real packets. Needs root, changes nothing outside its "
            + "namespaces.\n\nStart with: xdplvs-lab demo --xdplvs PATH")
        {
            DemoVerb.Build(),
            Serve(),
            Echo(),
            Client(),
            Get(),
            Tap(),
        };

        // The verbs handle signals themselves: the demo takes its network down before it ends.
        return root.Parse(arguments).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static Command Serve()
    {
        var name = new Argument<string>("NAME") { Description = "The answer to every request." };
        var port = new Argument<int>("PORT") { Description = "TCP port to listen on." };
        var address = new Argument<string>("ADDR")
        {
            Description = "Address to listen on.",
            DefaultValueFactory = _ => "0.0.0.0",
        };
        var requests = new Option<bool>("--requests") { Description = "Print each request as a JSON line." };
        var tied = new Option<bool>("--tied") { Description = "End when standard input ends." };
        var verb = new Command("serve", "A web server that answers its own name: tells which real server it was.")
        {
            name, port, address, requests, tied,
        };
        verb.SetAction(async parsed =>
        {
            using var stop = new StopSignal();
            return await ServeVerb.RunAsync(
                parsed.GetRequiredValue(name), parsed.GetRequiredValue(port),
                IPAddress.Parse(parsed.GetRequiredValue(address)), parsed.GetValue(requests),
                parsed.GetValue(tied), stop.Token);
        });
        return verb;
    }

    private static Command Echo()
    {
        var port = new Argument<int>("PORT") { Description = "UDP port." };
        var addresses = new Argument<string[]>("ADDR")
        {
            Description = "Addresses to listen on, and to answer from.",
            Arity = ArgumentArity.OneOrMore,
        };
        var tied = new Option<bool>("--tied") { Description = "End when standard input ends." };
        var verb = new Command("echo", "A UDP server that sends every datagram back.") { port, addresses, tied };
        verb.SetAction(async parsed =>
        {
            using var stop = new StopSignal();
            return await EchoVerb.RunAsync(
                parsed.GetRequiredValue(port), [.. parsed.GetRequiredValue(addresses).Select(IPAddress.Parse)],
                parsed.GetValue(tied), stop.Token);
        });
        return verb;
    }

    private static Command Client()
    {
        var verb = new Command(
            "client",
            "A web client driven by JSON lines on standard input, answers on standard output:\n"
            + "  {\"verb\":\"get\",\"url\":\"http://192.168.5.100/\",\"timeoutMs\":1000}\n"
            + "  {\"verb\":\"probe-start\",\"url\":\"http://192.168.5.100/\",\"intervalMs\":10,\"timeoutMs\":200}\n"
            + "  {\"verb\":\"probe-stop\"}");
        verb.SetAction(_ => ClientVerb.RunAsync());
        return verb;
    }

    private static Command Get()
    {
        var url = new Argument<string>("URL") { Description = "http://ADDRESS[:PORT]/PATH; no names, no https." };
        var timeout = new Option<int>("--timeout")
        {
            Description = "Milliseconds to wait for the whole answer.",
            DefaultValueFactory = _ => 2000,
        };
        var verb = new Command("get", "One HTTP GET on a new connection; prints the answer. For hosts without curl.")
        {
            url, timeout,
        };
        verb.SetAction(parsed =>
            GetVerb.RunAsync(new Uri(parsed.GetRequiredValue(url)), parsed.GetRequiredValue(timeout)));
        return verb;
    }

    private static Command Tap()
    {
        var link = new Argument<string>("IFACE") { Description = "Interface in the current network namespace." };
        var only = new Option<string>("--only")
        {
            Description = "arp, vrrp, tcp, or several with commas. Everything if left out.",
            DefaultValueFactory = _ => "",
        };
        var inbound = new Option<bool>("--inbound")
        {
            Description = "Only what arrives here; at a port of the switch, what the host at its cable sends.",
        };
        var verb = new Command(
            "tap",
            "Print every frame an interface sends and receives, one JSON line each, until standard input ends.\n"
            + "On a port of the switch (p-youxi1 ...) it sees all that crosses the cable, also what XDP sends.")
        {
            link, only, inbound,
        };
        verb.SetAction(parsed => TapVerb.RunAsync(
            parsed.GetRequiredValue(link),
            parsed.GetRequiredValue(only).Split(',', StringSplitOptions.RemoveEmptyEntries),
            parsed.GetValue(inbound)));
        return verb;
    }
}
