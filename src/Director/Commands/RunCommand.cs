using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using XdpLvs.Config;
using XdpLvs.Director.Forwarding;
using XdpLvs.Director.Logging;
using XdpLvs.Linux;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Commands;

/// <summary>How the daemon was asked to run.</summary>
/// <param name="ConfigPath">keepalived.conf.</param>
/// <param name="ControlPath">Unix socket for the other verbs.</param>
/// <param name="Io">How frames come in and go out.</param>
/// <param name="Strict">Whether errors in the configuration end the start.</param>
/// <param name="Flows">IPv4 connections to remember; null: as configured.</param>
/// <param name="Offload">Whether the XDP program forwards by itself; null: as configured.</param>
/// <param name="PinPath">Folder on a BPF file system for what outlives this process.</param>
internal sealed record RunOptions(
    string ConfigPath, string ControlPath, IoChoice Io, bool Strict, int? Flows, OffloadMode? Offload, string PinPath)
{
    /// <summary>What <c>@id</c> lines are compared with; null for the host's name.</summary>
    public string? ConfigId { get; init; }
}

/// <summary>xdplvs run: from the command line to a running daemon, and to its exit code.</summary>
internal static class RunCommand
{
    internal static async Task<int> RunAsync(RunOptions options)
    {
        using var log = new EventLog(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop));
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop));
        int refused = Prepare(options, log, out DirectorConfig config);
        if (refused != ExitCode.Fine)
        {
            return refused;
        }

        try
        {
            await using (Daemon daemon = await Daemon.StartAsync(options, config, log).ConfigureAwait(false))
            {
                await daemon.RunAsync(stop.Token).ConfigureAwait(false);
                log.Event("Stopping");
            }

            log.Event("Stopped");
            return ExitCode.Fine;
        }
        catch (Exception error) when (error is LinuxException or IOException or UnauthorizedAccessException)
        {
            log.Fatal(error.Message);
            return ExitCode.Fatal;
        }
    }

    private static void Stop(PosixSignalContext context, CancellationTokenSource stop)
    {
        context.Cancel = true; // we end in order, not by the signal
        stop.Cancel();
    }

    /// <summary>One line each; 'xdplvs check' shows the lines of the file as well.</summary>
    private static void SayFindings(ParseResult read, EventLog log)
    {
        foreach (Diagnostic diagnostic in read.Diagnostics)
        {
            string line = DiagnosticFormatter.Format(diagnostic, sourceLine: null).TrimEnd('\n');
            log.Event(line);
        }
    }

    private static int Prepare(RunOptions options, EventLog log, out DirectorConfig config)
    {
        ParseResult read = ConfigReader.Load(options.ConfigPath, ReadOptions.OfHost(options.ConfigId));
        config = read.Config;
        SayFindings(read, log);

        if (read.FileProblem)
        {
            return ExitCode.NoConfig;
        }

        if (read.HasErrors && options.Strict)
        {
            log.Fatal("the configuration has errors, and --strict was given: not started");
            return ExitCode.Usage;
        }

        CapabilitySet missing = Capabilities.Missing();
        if (missing != CapabilitySet.None)
        {
            string names = string.Join(", ", Capabilities.Names(missing));
            log.Fatal($"missing privileges: {names}; run as root or give the process these capabilities");
            return ExitCode.Permission;
        }

        return ExitCode.Fine;
    }
}
