using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Checks;
using XdpLvs.Director.Checking;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tests.Scripts;

namespace XdpLvs.Director.Tests.Checking;

/// <summary>Real scripts of MISC_CHECKs, and what their ends mean for weight and health.</summary>
public sealed class CheckScriptsTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 1", 1)]
    [InlineData("exit 42", 42)]
    public async Task A_script_says_its_exit_status(string text, int status) =>
        Assert.Equal(new ScriptEnd(status, null, TimedOut: false), await RunAsync(text, Long));

    [Fact]
    public async Task A_script_that_a_signal_ended_says_so() =>
        Assert.Equal(new ScriptEnd(null, 9, TimedOut: false), await RunAsync("kill -9 $$", Long));

    [Fact]
    public async Task A_script_that_takes_too_long_is_ended() =>
        Assert.Equal(
            new ScriptEnd(null, null, TimedOut: true), await RunAsync("sleep 60", TimeSpan.FromMilliseconds(100)));

    [Fact]
    public async Task A_script_that_was_not_admitted_never_runs()
    {
        using var scripts = new CheckScripts(new Dictionary<ScriptCall, Script>());

        Assert.Equal(default, await scripts.RunAsync(Call(_folder.Shell("exit 0"), Long), Stop));
    }

    [Fact]
    public async Task The_end_of_the_daemon_waits_for_no_script()
    {
        Script script = _folder.Shell("sleep 60");
        using var gone = new CancellationTokenSource();
        long began = TimeProvider.System.GetTimestamp();
        using (var scripts = new CheckScripts(new Dictionary<ScriptCall, Script> { [Call(script, Long)] = script }))
        {
            Task<ScriptEnd> end = scripts.RunAsync(Call(script, Long), gone.Token).AsTask();
            await gone.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
        }

        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(30));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static ScriptCall Call(Script script, TimeSpan timeout) =>
        new(new ValueList<string>(script.Arguments), timeout, null, null);

    private async Task<ScriptEnd> RunAsync(string text, TimeSpan timeout)
    {
        Script script = _folder.Shell(text);
        using var scripts = new CheckScripts(new Dictionary<ScriptCall, Script> { [Call(script, timeout)] = script });
        return await scripts.RunAsync(Call(script, timeout), Stop);
    }
}
