using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace XdpLvs.Guest.Tests;

/// <summary>
/// One boot of a kernel with IPVS for the whole assembly, at the first question: it runs all scenarios and leaves their
/// results in artifacts/guest/run/out, where they stay until the next run.
/// </summary>
public sealed class GuestRun : IDisposable
{
    private const int SecondsMax = 600, CannotRun = 3;

    private static readonly string Cache = Path.Combine(Repository.Root, "artifacts", "guest");
    private static readonly string Exchange = Path.Combine(Cache, "run");

    private readonly Lazy<Task<string?>> _run;
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private FileStream? _lock;
    private Script? _script;
    private string _failure = "";

    /// <summary>Starts nothing yet.</summary>
    public GuestRun() => _run = new(RunAsync, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>The daemon that the guest runs; null when it is not built.</summary>
    internal static string? Daemon
    {
        get
        {
            string path = Environment.GetEnvironmentVariable("XDPLVS_GUEST_DAEMON")
                ?? Path.Combine(Repository.Root, "src/Director/bin/Release/net10.0/xdplvs.dll");
            return File.Exists(path) ? Path.GetFullPath(path) : null;
        }
    }

    /// <summary>A result as text. Skips the test when this machine cannot run the guest.</summary>
    /// <param name="scenario">Name of a script; it must have ended well.</param>
    /// <param name="file">What it wrote.</param>
    internal async Task<string> ReadAsync(string scenario, string file) =>
        await File.ReadAllTextAsync(await PathOfAsync(scenario, file), TestContext.Current.CancellationToken);

    /// <summary>The path of a result. Skips the test when this machine cannot run the guest.</summary>
    internal async Task<string> PathOfAsync(string scenario, string file)
    {
        if (await _run.Value.WaitAsync(TestContext.Current.CancellationToken) is { } reason)
        {
            Assert.Skip(reason);
        }

        string folder = Path.Combine(Exchange, "out", scenario);
        string status = Content(Path.Combine(folder, "status")).Trim();
        string log = Content(Path.Combine(folder, "log"));
        Assert.True(status == "0", $"{scenario}.sh ended with '{status}'. {_failure}\n{log}");
        return Path.Combine(folder, file);
    }

    /// <summary>Ends the guest if it still runs.</summary>
    public void Dispose()
    {
        _script?.Dispose();
        _lock?.Dispose();
    }

    private static string Content(string path) => File.Exists(path) ? File.ReadAllText(path) : "(nothing)";

    /// <summary>Null when the guest has run, else why it cannot.</summary>
    private async Task<string?> RunAsync()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "needs root: the guest reads the whole host file system";
        }

        Directory.CreateDirectory(Cache);
        try
        {
            string path = Path.Combine(Cache, "lock");
            _lock = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException)
        {
            return "another test run has the guest";
        }

        (int status, string errors) = await RunAsync("prepare.sh", Cache);
        if (status == CannotRun)
        {
            return errors;
        }

        Assert.True(status == 0, $"prepare.sh ended with {status}: {errors}");
        WriteInput();
        string? only = Environment.GetEnvironmentVariable("XDPLVS_GUEST_ONLY");
        string command = $"GUEST_ONLY={only} $GUEST_SCRIPTS/all.sh /xfer/out /xfer/in {Daemon}";
        (status, errors) = await RunAsync("boot.sh", "-t", $"{SecondsMax}", Cache, Exchange, command);
        _failure = status == 0 ? "" : $"boot.sh ended with {status}: {errors}"; // scenarios that have ended count
        Say("guest: powered off");
        return null;
    }

    private static void WriteInput()
    {
        if (Directory.Exists(Exchange))
        {
            Directory.Delete(Exchange, recursive: true);
        }

        string input = Directory.CreateDirectory(Path.Combine(Exchange, "in")).FullName;
        Directory.CreateDirectory(Path.Combine(Exchange, "out"));
        string cases = Directory.CreateDirectory(Path.Combine(input, "ipvs")).FullName;
        foreach (string file in Directory.EnumerateFiles(Repository.IpvsCases))
        {
            File.Copy(file, Path.Combine(cases, Path.GetFileName(file)));
        }

        SchedulingPlan.Write(Directory.CreateDirectory(Path.Combine(input, "scheduling")).FullName);
    }

    private async Task<(int Status, string Errors)> RunAsync(string name, params string[] arguments)
    {
        _script = new Script(name, Say, arguments);
        (int, string) end = await _script.EndAsync();
        _script.Dispose();
        _script = null;
        return end;
    }

    private void Say(string line) =>
        Console.WriteLine($"{TimeProvider.System.GetElapsedTime(_began):mm\\:ss} {line}");
}
