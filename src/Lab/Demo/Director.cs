using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace XdpLvs.Lab.Demo;

/// <summary>One xdplvs daemon on its host: started, stopped, killed, asked and listened to.</summary>
internal sealed class Director(LabHost host, DemoOptions options)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);

    /// <summary>The host it runs on.</summary>
    public LabHost Host => host;

    /// <summary>The host's name.</summary>
    public string Name => host.Name;

    /// <summary>Lines of the log so far; a place to search from. Each start begins at zero.</summary>
    public int LogPlace => Process?.Count ?? 0;

    /// <summary>True while the daemon runs.</summary>
    public bool IsRunning => Process is { HasExited: false };

    /// <summary>Where the daemon listens for commands.</summary>
    public string ControlPath => Path.Combine(LabRecord.Folder, host.Namespace + ".sock");

    /// <summary>Log of a daemon that was kept.</summary>
    public string KeptLog => Path.Combine(LabRecord.Folder, host.Namespace + ".log");

    private LabProcess? Process { get; set; }

    private string[] Program =>
        options.Executable.EndsWith(".dll", StringComparison.Ordinal)
            ? ["dotnet", options.Executable]
            : [options.Executable];

    /// <summary>Starts the daemon with a file of the demo folder.</summary>
    public void Start(string configuration)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "demo", configuration);
        host.Network.Record.AddFile(ControlPath); // a killed daemon leaves its socket behind
        Process = host.Start($"xdplvs {Name}", [.. Program, .. RunWords(file)]);
    }

    /// <summary>Starts the daemon so that it outlives the demo.</summary>
    public void StartDetached(string configuration)
    {
        string file = Path.Combine(AppContext.BaseDirectory, "demo", configuration);
        host.StartDetached($"xdplvs {Name}", KeptLog, [.. Program, .. RunWords(file)]);
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync() => Process?.StopAsync(Grace) ?? Task.CompletedTask;

    /// <summary>SIGKILL: what a daemon cannot prepare for.</summary>
    public void Kill() => Process?.Kill();

    /// <summary>Waits for a line of the log.</summary>
    /// <param name="phrase">Part of the line.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="place">A value of <see cref="LogPlace"/>.</param>
    /// <param name="stop">Gives up at once.</param>
    public Task<LabLine?> LogAsync(string phrase, TimeSpan limit, int place, CancellationToken stop) =>
        Process?.FindAsync(line => line.Contains(phrase, StringComparison.Ordinal), limit, place, stop)
        ?? Task.FromResult<LabLine?>(null);

    /// <summary>Lines of the log from a place on that contain one of the phrases.</summary>
    public IEnumerable<string> LogLines(int place, params string[] phrases) =>
        (Process?.LinesFrom(place) ?? [])
            .Select(line => line.Text)
            .Where(text => phrases.Any(phrase => text.Contains(phrase, StringComparison.Ordinal)));

    /// <summary>The end of the log, for a failure's reason.</summary>
    public string LogTail() => Process is null ? "not started" : Process.LastLines(12);

    /// <summary>The command that lists the table, as an operator would type it on this host.</summary>
    public string[] ListCommand() => [.. Program, "ipvsadm", "-Ln", "--control", ControlPath];

    /// <summary>What <c>xdplvs ipvsadm -Ln</c> prints, or its complaint.</summary>
    public string List()
    {
        CommandResult result = host.Exec(ListCommand());
        return result.Succeeded ? result.Output : result.Output + result.Error;
    }

    private string[] RunWords(string file) =>
        ["run", "-f", file, "--control", ControlPath, .. options.Io.Length > 0 ? ["--io", options.Io] : (string[])[]];
}
