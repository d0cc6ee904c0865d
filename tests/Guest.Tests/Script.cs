using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading.Tasks;

namespace XdpLvs.Guest.Tests;

/// <summary>One of tests/Guest's scripts, running on the host.</summary>
internal sealed class Script : IDisposable
{
    private readonly StringBuilder _errors = new();
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="name">In tests/Guest.</param>
    /// <param name="line">Gets each line that it prints.</param>
    /// <param name="arguments">As they are.</param>
    internal Script(string name, Action<string> line, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Repository.Scripts, name), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, got) => Pass(got.Data, line);
        _process.ErrorDataReceived += (_, got) => Pass(got.Data, text => _errors.AppendLine(text));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its exit status, and what it printed on standard error.</summary>
    internal async Task<(int Status, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync().ConfigureAwait(false);
        return (_process.ExitCode, _errors.ToString().Trim());
    }

    /// <summary>Ends it, and all that it started, unless it has ended.</summary>
    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static void Pass(string? text, Action<string> line)
    {
        if (text is not null)
        {
            line(text);
        }
    }
}
