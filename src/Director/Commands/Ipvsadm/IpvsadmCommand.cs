using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using XdpLvs.Director.Control;
using XdpLvs.Director.Tables;
using XdpLvs.Forwarder;

namespace XdpLvs.Director.Commands.Ipvsadm;

/// <summary>
/// xdplvs ipvsadm: asks the daemon for values and prints them, as ipvsadm asks the kernel. Columns, order and names are
/// made here, in the command's process.
/// </summary>
/// <param name="ask">Puts words to the daemon.</param>
/// <param name="names">Hosts and ports by name.</param>
/// <param name="output">Standard output.</param>
/// <param name="errors">Standard error.</param>
internal sealed class IpvsadmCommand(
    Func<string[], ControlAnswer> ask, IpvsNames names, TextWriter output, TextWriter errors)
{
    private const string Verb = "ipvsadm", SocketOption = "--control";
    private const int NotThere = 1, Refused = 255;

    /// <summary>Runs the words after "ipvsadm" against the daemon behind the control socket.</summary>
    internal static int Run(string[] words)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput(), bufferSize: 1 << 16);
        string socket = TakeSocket(ref words) ?? ControlSocket.PathFromEnvironment();
        var command = new IpvsadmCommand(
            question => ControlClient.Ask(socket, question), new SystemNames(), output, Console.Error);
        return command.RunWords(words);
    }

    /// <summary>The same, for a daemon that was given.</summary>
    /// <returns>ipvsadm's exit code.</returns>
    internal int RunWords(string[] words)
    {
        IpvsadmRequest request = IpvsadmParser.Parse(words, names);
        switch (request.Verb)
        {
            case IpvsadmVerb.Help:
                output.Write(IpvsadmHelp.Text);
                return ExitCode.Fine;
            case IpvsadmVerb.Version:
                output.Write(IpvsadmHelp.Version);
                return ExitCode.Fine;
            case IpvsadmVerb.List when request.Has("connection"):
                return ListConnections(request);
            case IpvsadmVerb.List or IpvsadmVerb.Save:
                int missing = ExitCode.Fine;
                int exit = Ask(["state"], state => missing = Print(request, IpvsQuestions.ReadState(state)));
                return exit != ExitCode.Fine ? exit : missing;
            case IpvsadmVerb.Zero:
                return Zero(request);
            case IpvsadmVerb.Set:
                IpvsTimeouts set = request.Timeouts;
                return Ask(["set", Text(set.Tcp), Text(set.TcpFin), Text(set.Udp)]);
            default:
                errors.WriteLine(request.Complaint);
                return request.Exit;
        }
    }

    /// <summary>--control PATH, or --control=PATH, anywhere: the only word that ipvsadm does not know.</summary>
    private static string? TakeSocket(ref string[] words)
    {
        int place = Array.FindIndex(
            words, word => word == SocketOption || word.StartsWith(SocketOption + "=", StringComparison.Ordinal));
        if (place < 0)
        {
            return null;
        }

        bool isJoined = words[place].Length > SocketOption.Length;
        string? path = isJoined ? words[place][(SocketOption.Length + 1)..] : words.ElementAtOrDefault(place + 1);
        words = [.. words[..place], .. words.Skip(place + (isJoined ? 1 : 2))];
        return path;
    }

    private static string Text(uint seconds) => seconds.ToString(CultureInfo.InvariantCulture);

    private IpvsNames Shown(IpvsadmRequest request) => request.Has("numeric") ? IpvsNames.Numeric : names;

    private int Print(IpvsadmRequest request, IpvsState state)
    {
        if (request.Verb == IpvsadmVerb.Save)
        {
            output.Write(IpvsListing.Rules(state, Shown(request)));
        }
        else if (request.Has("timeout"))
        {
            output.Write(IpvsListing.Timeouts(state.Timeouts));
        }
        else if (request.Has("service-address"))
        {
            return PrintOne(request, state);
        }
        else if (!request.Has("daemon"))
        {
            output.Write(IpvsListing.Services(state, request.Format, Shown(request)));
        }

        return ExitCode.Fine;
    }

    /// <summary>Page after page, so that neither the daemon nor this process holds a million lines.</summary>
    private int ListConnections(IpvsadmRequest request)
    {
        IpvsNames shown = Shown(request);
        int next = 0, exit;
        do
        {
            exit = Ask(["connections", Text((uint)next)], page =>
            {
                if (next == 0)
                {
                    IpvsConnections.WriteTitle(output, request.Format);
                }

                next = IpvsConnections.WritePage(output, page, shown);
            });
        }
        while (exit == ExitCode.Fine && next > 0);

        return exit;
    }

    private int PrintOne(IpvsadmRequest request, IpvsState state)
    {
        IpvsService? found = state.Services.FirstOrDefault(service => service.Key == request.Service);
        if (found is null)
        {
            errors.WriteLine(IpvsQuestions.NoSuchService);
            return NotThere;
        }

        output.Write(IpvsListing.Service(found, request.Format, Shown(request)));
        return ExitCode.Fine;
    }

    private int Zero(IpvsadmRequest request)
    {
        ServiceKey service = request.Service.GetValueOrDefault();
        if (request.Has("service-address") && request.Service is null)
        {
            errors.WriteLine(IpvsQuestions.NoSuchService); // of a firewall mark: there are none
            return Refused;
        }

        bool isAll = service.Port == 0 && (service.Address.IsNone || service.Address == 0u);
        return Ask(isAll
            ? ["zero"]
            : ["zero", Text(service.Protocol), service.Address.ToString(), Text(service.Port)]);
    }

    /// <summary>Asks, and uses the answer; the exit code is the daemon's.</summary>
    private int Ask(string[] question, Action<string>? use = null)
    {
        ControlAnswer answer = ask([Verb, .. question]);
        if (answer.Complaint.Length > 0)
        {
            bool isKernels = answer.Complaint == IpvsQuestions.NoSuchService;
            errors.WriteLine(isKernels ? answer.Complaint : $"xdplvs: {answer.Complaint}");
        }

        if (answer.Exit != ExitCode.Fine)
        {
            return answer.Exit;
        }

        try
        {
            use?.Invoke(answer.Output);
            return ExitCode.Fine;
        }
        catch (Exception error) when (error is JsonException or FormatException)
        {
            errors.WriteLine("xdplvs: the daemon is of another version than this command");
            return NotThere;
        }
    }
}
