using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Director.Scripts;
using XdpLvs.Linux;
using XdpLvs.Linux.Process;

namespace XdpLvs.Director.Tests.Scripts;

/// <summary>Real scripts, really started, waited for and killed.</summary>
public sealed class ScriptRunnerTests : IDisposable
{
    private const long Second = 1_000_000;

    private readonly ScriptFolder _folder = new();
    private readonly ScriptRunner _runner = new("scripts-test", runningMax: 4, waitingMax: 8);

    public void Dispose()
    {
        _runner.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_exit_status_comes_back()
    {
        Assert.Equal("succeeded", (await RunAsync(_folder.Shell("exit 0"))).ToString());
        Assert.Equal("failed (exited with status 3)", (await RunAsync(_folder.Shell("exit 3"))).ToString());
        Assert.Equal("failed (due to signal 9)", (await RunAsync(_folder.Shell("kill -9 $$"))).ToString());
    }

    [Fact]
    public async Task What_cannot_be_started_is_a_failure_with_its_reason()
    {
        var script = new Script([_folder.Path + "/none"], ScriptUser.Own);

        Assert.Equal(new ScriptResult(ScriptOutcome.NotStarted, Errno.ENOENT), await RunAsync(script));
    }

    [Fact]
    public async Task Arguments_arrive_word_by_word_and_no_shell_looks_at_them()
    {
        string[] words = ["two words", "$HOME", "`id`", "; exit 7", "*", ""];

        await RunAsync(_folder.Shell($"printf '%s\\n' \"$@\" > {_folder.Output}", words));

        Assert.Equal(string.Join('\n', words) + "\n", _folder.Written);
    }

    [Fact]
    public async Task A_script_inherits_no_descriptor_but_dev_null_no_blocked_signal_and_no_folder()
    {
        await RunAsync(_folder.Shell(
            $"""
            exec 7>{_folder.Output}
            ls -l /proc/$$/fd >&7
            grep -E 'SigBlk|SigIgn' /proc/self/status >&7
            pwd >&7
            """));

        string[] lines = _folder.Written.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] files = [.. lines.Where(line => line.Contains(" -> ", StringComparison.Ordinal))];
        Assert.All((string[])["0", "2"], number => Assert.Contains( // the shell has put 1 aside to redirect it
            files, file => file.EndsWith($" {number} -> /dev/null", StringComparison.Ordinal)));
        Assert.All( // what else there is, is the shell's own: its text, and what this text opened
            files,
            file => Assert.True(
                file.EndsWith("/dev/null", StringComparison.Ordinal) || file.Contains(_folder.Path), file));
        Assert.Contains("SigBlk:\t0000000000000000", lines);
        Assert.Contains("SigIgn:\t0000000000000000", lines);
        Assert.Equal("/", lines[^1]);
    }

    [Fact]
    public async Task The_environment_is_the_documented_one_and_nothing_else()
    {
        Environment.SetEnvironmentVariable("XDPLVS_SECRET", "do not tell");

        await RunAsync(new Script(["/bin/sh", "-c", $"env > {_folder.Output}"], ScriptUser.Own));

        HashSet<string> names = [.. _folder.Written.Split('\n').Select(line => line.Split('=')[0])];
        string[] ours = ["HOME", "SHELL", "USER", "LOGNAME", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];
        Assert.Empty(names.Except([.. ours, "", "PWD", "_", "SHLVL", "OLDPWD"])); // the shell adds some itself
        Assert.Contains("PATH", names);
        Assert.Contains("HOME", names);
    }

    [Fact]
    public async Task A_script_runs_as_the_user_and_group_it_was_given()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: runs a script as another user");
        Assert.True(ScriptUser.TryFind("nobody", "daemon", out ScriptUser? nobody, out _));

        ScriptResult result = await RunAsync(
            _folder.Shell($"echo $(id -un):$(id -gn) $HOME > {_folder.Output}") with { User = nobody });

        Assert.Equal("succeeded", result.ToString());
        Assert.Equal($"nobody:daemon {nobody.Home}\n", _folder.Written);
    }

    [Fact]
    public async Task A_script_as_another_user_keeps_no_group_and_no_capability_of_ours()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: runs a script as another user");
        Assert.True(ScriptUser.TryFind("nobody", null, out ScriptUser? nobody, out _));

        await RunAsync(
            _folder.Shell($"grep -E '^(Uid|Groups|CapEff|CapPrm)' /proc/self/status > {_folder.Output}")
                with { User = nobody });

        string groups = string.Create(CultureInfo.InvariantCulture, $"Groups:\t{nobody.GroupId} \n");
        Assert.Contains(groups, _folder.Written, StringComparison.Ordinal);
        Assert.Contains("CapEff:\t0000000000000000", _folder.Written, StringComparison.Ordinal);
        Assert.Contains("CapPrm:\t0000000000000000", _folder.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_takes_too_long_is_told_to_end()
    {
        ScriptResult result = await RunAsync(
            _folder.Shell($"trap 'echo asked > {_folder.Output}; exit 0' TERM; while :; do sleep 0.05; done"),
            timeoutMicroseconds: Second / 2);

        Assert.Equal("timed_out", result.ToString());
        Assert.Equal("asked\n", _folder.Written);
    }

    [Fact]
    public async Task One_that_does_not_listen_is_killed_with_all_it_started()
    {
        long began = Clock.NowMicroseconds;
        ScriptResult result = await RunAsync(
            _folder.Shell($"trap '' TERM; sleep 60 & echo $! > {_folder.Output}; wait; wait; sleep 60"),
            timeoutMicroseconds: Second / 5);

        Assert.Equal("timed_out", result.ToString());
        Assert.True(Clock.NowMicroseconds - began >= ScriptTimer.GraceMicroseconds);
        await IsGoneAsync(_folder.Written);
    }

    [Fact]
    public async Task A_check_that_forks_away_and_ends_leaves_nothing_behind()
    {
        ScriptResult result = await RunAsync(_folder.Shell($"sleep 60 & echo $! > {_folder.Output}; exit 0"));

        Assert.True(result.IsSuccess);
        await IsGoneAsync(_folder.Written);
    }

    [Fact]
    public async Task A_notification_may_start_something_that_stays()
    {
        await RunAsync(_folder.Shell($"sleep 60 & echo $! > {_folder.Output}; exit 0"), killLeftovers: false);

        int id = int.Parse(_folder.Written, CultureInfo.InvariantCulture);
        using var left = System.Diagnostics.Process.GetProcessById(id);
        Assert.False(left.HasExited);
        left.Kill();
    }

    [Fact]
    public async Task Scripts_start_in_the_order_in_which_they_were_asked_for()
    {
        using var one = new ScriptRunner("scripts-one", runningMax: 1, waitingMax: 16);
        List<Task<ScriptResult>> runs = [];
        for (int i = 0; i < 10; i++)
        {
            runs.Add(RunAsync(_folder.Shell($"echo {i} >> {_folder.Output}"), runner: one));
        }

        await Task.WhenAll(runs);

        Assert.Equal("0123456789", _folder.Written.Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void What_finds_no_room_is_refused_and_counted()
    {
        using var small = new ScriptRunner("scripts-small", runningMax: 1, waitingMax: 2);
        var request = new ScriptRequest(_folder.Shell("sleep 60"), null, KillLeftovers: true);

        int taken = Enumerable.Range(0, 10).Count(_ => small.TryRun(request));

        Assert.InRange(taken, 2, 3); // the first may have begun already
        Assert.Equal(10 - taken, small.Refused);
    }

    [Fact]
    public async Task Ending_waits_for_what_was_asked_before_and_takes_nothing_more()
    {
        Task<ScriptResult> last = RunAsync(
            _folder.Shell($"sleep 0.2; echo stopped > {_folder.Output}"), killLeftovers: false);

        _runner.Stop(10 * Second);

        Assert.Equal("stopped\n", _folder.Written);
        Assert.True((await last).IsSuccess);
        Assert.False(_runner.TryRun(new ScriptRequest(_folder.Shell("exit 0"), null, KillLeftovers: true)));
    }

    [Fact]
    public async Task Ending_without_patience_kills_the_checks_that_run()
    {
        Assert.True(_runner.TryRun(
            new ScriptRequest(_folder.Shell($"echo $$ > {_folder.Output}; sleep 60"), null, KillLeftovers: true)));
        await Eventually.Async(() => _folder.Written.EndsWith('\n'), "the script never began");

        _runner.Dispose();

        await IsGoneAsync(_folder.Written);
    }

    private static Task IsGoneAsync(string processId) => Eventually.Async(
        () => !Directory.Exists("/proc/" + processId.Trim()) || IsZombie(processId.Trim()), "it is still there");

    private static bool IsZombie(string processId)
    {
        try
        {
            return File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true; // gone between the two looks
        }
    }

    private Task<ScriptResult> RunAsync(
        Script script, long? timeoutMicroseconds = 20 * Second, bool killLeftovers = true, ScriptRunner? runner = null)
    {
        var result = new TaskCompletionSource<ScriptResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.True((runner ?? _runner).TryRun(
            new ScriptRequest(script, timeoutMicroseconds, killLeftovers, result.SetResult)));
        return result.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }
}
