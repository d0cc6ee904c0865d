using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;
using XdpLvs.Director.Scripts;
using XdpLvs.Director.Tests.Scripts;
using XdpLvs.Director.Tracking;
using XdpLvs.Linux.Process;
using XdpLvs.Vrrp;

namespace XdpLvs.Director.Tests.Tracking;

/// <summary>Real scripts, files and processes on the tracking thread.</summary>
public sealed class TrackBoardTests : IDisposable
{
    private static readonly TrackPlan Nothing = new([], [], []);

    private readonly ScriptFolder _folder = new();
    private readonly ScriptRunner _runner = new("track-test", runningMax: 4, waitingMax: 8);
    private readonly ConcurrentQueue<(TrackerId Id, Reading Reading)> _reports = new();
    private readonly ConcurrentQueue<string> _log = new();

    public void Dispose()
    {
        _runner.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_script_is_run_again_and_again_and_its_changes_are_told()
    {
        string flag = _folder.Path + "/flag";
        Script script = _folder.Shell($"echo run >> {_folder.Output}; test -e {flag} || exit 4");
        using TrackBoard board = Start(Nothing with
        {
            Scripts =
            [
                new ScriptTrackerSettings("chk", script)
                {
                    IntervalMicroseconds = 50_000,
                    TimeoutMicroseconds = 5_000_000,
                },
            ],
        });
        TrackerId id = new(TrackerKind.Script, "chk");
        await ToldAsync((id, Reading.Of(isUp: false)));

        File.WriteAllText(flag, "");
        await ToldAsync((id, Reading.Of(isUp: false)), (id, Reading.Of(isUp: true)));

        Assert.Equal(["VRRP_Script(chk) failed (exited with status 4)", "VRRP_Script(chk) succeeded"], _log);
        Assert.True(_folder.Written.Split('\n').Length > 2);
    }

    [Fact]
    public async Task A_script_that_hangs_is_killed_and_counts_as_failed()
    {
        using TrackBoard board = Start(Nothing with
        {
            Scripts = [new ScriptTrackerSettings("chk", _folder.Shell("sleep 60")) { IntervalMicroseconds = 300_000 }],
        });

        await ToldAsync((new TrackerId(TrackerKind.Script, "chk"), Reading.Of(isUp: false)));

        Assert.Contains("VRRP_Script(chk) timed_out", _log);
    }

    [Fact]
    public async Task A_file_is_followed_through_writing_replacing_and_removing()
    {
        string path = _folder.Path + "/tracked";
        TrackerId id = new(TrackerKind.File, "disk");
        using TrackBoard board = Start(
            Nothing with { Files = [new FileTrackerSettings("disk", path) { InitialValue = 3 }] });
        await ToldAsync((id, Reading.Of(3)));

        long began = Clock.NowMicroseconds;
        File.WriteAllText(path, "-20\n");
        await Eventually.Async(() => Last() == Reading.Of(-20), "a write went unnoticed");
        File.WriteAllText(path + ".new", "40\n");
        File.Move(path + ".new", path, overwrite: true);
        await Eventually.Async(() => Last() == Reading.Of(40), "a replacement went unnoticed");
        File.Delete(path);
        await Eventually.Async(() => Last() == Reading.Of(0), "a removal went unnoticed");
        TestContext.Current.SendDiagnosticMessage("three changes in {0} us", Clock.NowMicroseconds - began);
    }

    [Fact]
    public async Task A_file_behind_a_link_to_another_folder_is_followed_too()
    {
        string other = Directory.CreateDirectory(_folder.Path + "/other").FullName;
        File.WriteAllText(other + "/file", "1");
        File.CreateSymbolicLink(_folder.Path + "/link", other + "/file");
        using TrackBoard board = Start(
            Nothing with { Files = [new FileTrackerSettings("link", _folder.Path + "/link")] });
        await Eventually.Async(() => Last() == Reading.Of(1), "it was not read");

        File.WriteAllText(other + "/file", "2");

        await Eventually.Async(() => Last() == Reading.Of(2), "a write behind the link went unnoticed");
    }

    [Fact]
    public async Task Processes_that_come_and_go_are_counted_by_whatever_means_there_is()
    {
        string name = $"xlt{Environment.ProcessId}";
        TrackerId id = new(TrackerKind.Process, "web");
        using TrackBoard board = Start(Nothing with
        {
            Processes = [new ProcessTrackerSettings("web", new ProcessMatch(name)) { Quorum = 2 }],
        });
        await ToldAsync((id, Reading.Of(isUp: false)));

        using Process first = Sleep(name), second = Sleep(name);
        await ToldAsync((id, Reading.Of(isUp: false)), (id, Reading.Of(isUp: true)));
        second.Kill();
        await Eventually.Async(() => Last() == Reading.Of(isUp: false), "a death went unnoticed");

        Assert.Equal(
            ["Quorum lost", "Quorum gained", "Quorum lost"],
            _log.Select(line => line[..line.IndexOf(" for", StringComparison.Ordinal)]));
        first.Kill();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Counting_finds_the_same_with_the_kernels_connector_and_without(bool useConnector)
    {
        string name = $"xlc{Environment.ProcessId}{(useConnector ? 1 : 0)}";
        using var trackers = new ProcessTrackers(
            [new ProcessTrackerSettings("web", new ProcessMatch(name))],
            _log.Enqueue,
            (id, reading) => _reports.Enqueue((id, reading)),
            useConnector);
        Assert.SkipUnless(!useConnector || trackers.Descriptor >= 0, "no process connector here");
        if (useConnector)
        {
            await Eventually.Async(() => Turn() && trackers.IsTold, "the connector never answered");
        }

        using Process process = Sleep(name);
        await Eventually.Async(() => Turn() && Last() == Reading.Of(isUp: true), "its start went unnoticed");
        process.Kill();
        await Eventually.Async(() => Turn() && Last() == Reading.Of(isUp: false), "its end went unnoticed");

        bool Turn()
        {
            trackers.Turn(new Instant(Clock.NowMicroseconds));
            return true;
        }
    }

    private static Process Start(string path)
    {
        var start = new ProcessStartInfo(path, ["60"]) { RedirectStandardOutput = true };
        return Process.Start(start)!;
    }

    private TrackBoard Start(TrackPlan plan)
    {
        var board = new TrackBoard(plan, _runner, _log.Enqueue, (id, reading) => _reports.Enqueue((id, reading)));
        board.Start();
        return board;
    }

    /// <summary>A process of that name that does nothing.</summary>
    private Process Sleep(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        if (!File.Exists(path))
        {
            File.Copy("/bin/sleep", path);
        }

        return Start(path);
    }

    private Reading Last() => _reports.IsEmpty ? Reading.Unknown : _reports.Last().Reading;

    private async Task ToldAsync(params (TrackerId Id, Reading Reading)[] reports)
    {
        await Eventually.Async(() => _reports.Count >= reports.Length, "not all was told");
        Assert.Equal(reports, _reports);
    }
}
