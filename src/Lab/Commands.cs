using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace XdpLvs.Lab;

/// <summary>Runs the short commands a lab is made of: ip, sh, kill.</summary>
internal static class Commands
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Runs to the end and captures both outputs. Never waits longer than half a minute.</summary>
    public static CommandResult Run(IReadOnlyList<string> command)
    {
        using Process process = Launch(command);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        string words = string.Join(' ', command);
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new LabException($"{words}: still running after {Limit.TotalSeconds} s");
        }

        return new CommandResult(words, process.ExitCode, output.GetAwaiter().GetResult(),
            error.GetAwaiter().GetResult());
    }

    /// <summary>Runs <c>ip</c> and throws with its complaint when it refuses.</summary>
    public static CommandResult Ip(params string[] words) => Run(["ip", .. words]).OrThrow();

    /// <summary>Runs <c>ip</c> where a refusal is as good: removing what may not be there.</summary>
    public static void TryIp(params string[] words) => _ = Run(["ip", .. words]);

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    /// <param name="signal">Name without SIG, such as TERM.</param>
    /// <param name="pids">Processes the caller started.</param>
    public static void Signal(string signal, IReadOnlyCollection<int> pids)
    {
        if (pids.Count > 0)
        {
            _ = Run(["sh", "-c", $"for p in {string.Join(' ', pids)}; do kill -{signal} $p; done"]);
        }
    }

    /// <summary>Starts with all three streams piped.</summary>
    public static Process Launch(IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        for (int i = 1; i < command.Count; i++)
        {
            start.ArgumentList.Add(command[i]);
        }

        try
        {
            return Process.Start(start) ?? throw new LabException($"{command[0]}: not started");
        }
        catch (System.ComponentModel.Win32Exception refusal)
        {
            throw new LabException($"{command[0]}: {refusal.Message}");
        }
        catch (FileNotFoundException refusal)
        {
            throw new LabException($"{command[0]}: {refusal.Message}");
        }
    }
}
